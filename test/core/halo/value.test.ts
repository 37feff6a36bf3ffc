import { describe, expect, test } from 'vitest';
import {
  dayOf,
  flagOf,
  instantOf,
  intOf,
  isOpenEnd,
  numberOf,
  readDay,
  readDecimal,
  readInstant,
  readInt,
  readNumber,
  readRef,
  refOf,
  textOf,
  UNREADABLE,
} from '../../../core/halo/value.js';

describe('nothing there, as opposed to something unreadable', () => {
  test.each([undefined, null, '', '   '])(
    'a field that holds %j is read as nothing, and not as unreadable',
    (value) => {
      for (const read of [readDay, readInstant, readNumber, readDecimal, readInt, readRef])
        expect(read(value)).toBeUndefined();
    },
  );
  test.each([{}, [], [1], true, 'abc', '1.200,00', '10,5', '£10', '1e999', Number.NaN, Number.POSITIVE_INFINITY])(
    '%j can not be read',
    (value) => {
      for (const read of [readDay, readInstant, readNumber, readDecimal, readInt, readRef])
        expect(read(value)).toBe(UNREADABLE);
    },
  );
  test.each(['1899-12-30T00:00:00', '0001-01-01T00:00:00', '2099-12-31', '9999-12-31T23:59:59'])(
    '%s is not a day, in words of Halo',
    (value) => expect([readDay(value), readInstant(value)]).toEqual([undefined, undefined]),
  );
  test.each(['soon', '01/05/2026', '2026-02-30', '2026-13-01T00:00:00', 20260501, '2026-05-01T25:61:00'])(
    '%j can not be read as a moment',
    (value) => expect(readInstant(value)).toBe(UNREADABLE),
  );
  test('a decimal keeps every digit of a text', () => {
    expect(readDecimal(' +12345678901234567890.12 ')).toBe('12345678901234567890.12');
    expect(readDecimal(1.005)).toBe('1.005');
  });
});

describe('dates', () => {
  test.each<[unknown, string | undefined, string | undefined]>([
    ['2026-05-01T10:20:30.1234567', '2026-05-01', '2026-05-01T10:20:30Z'],
    ['2026-05-01T10:20:30', '2026-05-01', '2026-05-01T10:20:30Z'],
    ['2026-05-01T10:20:30Z', '2026-05-01', '2026-05-01T10:20:30Z'],
    ['2026-05-01T10:20:30+02:00', '2026-05-01', '2026-05-01T08:20:30Z'],
    ['2026-05-01T10:20', '2026-05-01', '2026-05-01T10:20:00Z'],
    ['2026-05-01 10:20:30', '2026-05-01', '2026-05-01T10:20:30Z'],
    ['2026-05-01', '2026-05-01', '2026-05-01T00:00:00Z'],
    [' 2026-05-01 ', '2026-05-01', '2026-05-01T00:00:00Z'],
    ['1899-12-30T00:00:00', undefined, undefined],
    ['1900-01-01T00:00:00', undefined, undefined],
    ['0001-01-01T00:00:00', undefined, undefined],
    ['1901-01-01T00:00:00', '1901-01-01', '1901-01-01T00:00:00Z'],
    ['2098-12-31T00:00:00', '2098-12-31', '2098-12-31T00:00:00Z'],
    ['2099-01-01T00:00:00', undefined, undefined],
    ['9999-12-31T23:59:59', undefined, undefined],
    ['2026-13-45T00:00:00', undefined, undefined],
    ['2026-05-01T99:99:99+02:00', '2026-05-01', undefined],
    ['2026-05-01Z', '2026-05-01', '2026-05-01T00:00:00Z'],
    ['2026-05-01?', undefined, undefined],
    ['2026-05-01 or later', undefined, undefined],
    ['2026-05-01 2 weeks later', undefined, undefined],
    ['2026-05-01 2026-05-31', undefined, undefined],
    ['2026-05-01/2026-06-01', undefined, undefined],
    ['2026-05-01x', undefined, undefined],
    ['01/05/2026', undefined, undefined],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
    [20260501, undefined, undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j: the day %s, the moment %s', (value, day, moment) => {
    expect([dayOf(value), instantOf(value)]).toEqual([day, moment]);
  });

  test.each<[unknown, boolean]>([
    ['2099-01-01T00:00:00', true],
    ['9999-12-31', true],
    ['2098-12-31', false],
    ['1900-01-01', false],
    [undefined, false],
  ])('%j is an open end: %s', (value, open) => {
    expect(isOpenEnd(value)).toBe(open);
  });
});

describe('ids and numbers', () => {
  test.each<[unknown, number | undefined, number | undefined, number | undefined]>([
    [12, 12, 12, 12],
    ['12', 12, 12, 12],
    [12.0, 12, 12, 12],
    ['12.0', 12, 12, 12],
    [12.5, 12.5, undefined, undefined],
    [0, 0, 0, undefined],
    [-1, -1, -1, undefined],
    [-99, -99, -99, undefined],
    ['-7', -7, -7, undefined],
    ['1e5', 100_000, undefined, undefined],
    [' 12.50 ', 12.5, undefined, undefined],
    ['.5', 0.5, undefined, undefined],
    ['1e5000', undefined, undefined, undefined],
    ['0x1f', undefined, undefined, undefined],
    ['', undefined, undefined, undefined],
    ['１２', undefined, undefined, undefined],
    [true, undefined, undefined, undefined],
    [Number.NaN, undefined, undefined, undefined],
    [Number.POSITIVE_INFINITY, undefined, undefined, undefined],
    [null, undefined, undefined, undefined],
    [[1], undefined, undefined, undefined],
  ])('%j: the number %s, the id %s, the reference %s', (value, number, id, ref) => {
    expect([numberOf(value), intOf(value), refOf(value)]).toEqual([number, id, ref]);
  });

  test.each([2 ** 53, '9007199254740993', -(2 ** 60)])('an id that is not exact can not be read: %s', (value) => {
    expect([readInt(value), readRef(value), intOf(value)]).toEqual([UNREADABLE, UNREADABLE, undefined]);
  });
});

test.each<[unknown, boolean]>([
  [true, true],
  ['True', true],
  [1, true],
  ['1', true],
  [false, false],
  ['false', false],
  [0, false],
  ['yes', true],
  [' TRUE ', true],
  ['no', false],
  ['not', false],
  [2, false],
  ['Y', false],
  [undefined, false],
])('%j is a flag that is set: %s', (value, set) => {
  expect(flagOf(value)).toBe(set);
});

test.each<[unknown, string | undefined]>([
  ['a', 'a'],
  ['  a b ', 'a b'],
  ['  ', undefined],
  ['', undefined],
  [0, '0'],
  [null, undefined],
  [{}, undefined],
])('%j as text: %j', (value, text) => {
  expect(textOf(value)).toBe(text);
});
