/** Single values as Halo sends them: numbers, numeric strings, null, absent fields and sentinels. */
import { describe, expect, it } from 'vitest';
import { asRow, day, decimal, flag, integer, isDay, link, saidNo, templateId, text } from '../../revenue/rows/row.js';

describe('decimal', () => {
  it.each([
    [1.005, '1.005'],
    [-0.5, '-0.5'],
    [1e-7, '1e-7'],
    ['1e21', '1e+21'],
    ['1000000000000000.04', '1000000000000000.04'],
    [90_071_992_547_409.9, '90071992547409.9'],
    ['12', '12'],
    [' 12.50 ', '12.5'],
    ['.5', '0.5'],
    ['.25', '0.25'],
    ['5.', '5'],
    ['+7', '7'],
    ['-7', '-7'],
    ['1E3', '1000'],
    ['1.5e+02', '150'],
    ['2e-1', '0.2'],
  ])('%j is %s', (value, exact) => expect(decimal(value)?.toString()).toBe(exact));
  it.each([
    '',
    ' ',
    '.',
    '+',
    '1,000',
    '5x',
    'x5',
    '1e',
    '1 2',
    '1+2',
    '++1',
    Number.NaN,
    Infinity,
    // JavaScript keeps no cents of these.
    90_071_992_547_410,
    -1e21,
    true,
    null,
    {},
    [5],
  ])('the value %j is no decimal', (value) => expect(decimal(value)).toBeUndefined());
});

describe('integer', () => {
  it.each([
    [5, 5],
    ['-5001', -5001],
    ['5.0', 5],
    [5.5, undefined],
    [2 ** 53, undefined],
    [true, undefined],
    ['x', undefined],
  ])('%j is %s', (value, whole) => expect(integer(value)).toBe(whole));
});

it.each([
  [5, 5],
  ['5', 5],
  [0, 0],
  [-1, 0],
  [null, 0],
  [undefined, 0],
])('a link of %j points at %d', (value, id) => expect(link(value)).toBe(id));

it.each([
  [-2, -2],
  [-5001, -5001],
  ['-5001', -5001],
  [1, -1],
  [94, -94],
  [0, 0],
  [-1, 0],
  [null, 0],
  [undefined, 0],
])('a template link of %j is %d', (value, id) => expect(templateId(value)).toBe(id));

describe('a bit', () => {
  it.each([true, 1, '1', 'true', ' TRUE ', 'Yes'])('a flag of %j is read as on', (value) => {
    expect([flag(value), saidNo(value)]).toEqual([true, false]);
  });
  it.each([false, 0, '0', 'false', ' FALSE ', 'No'])('%j is said to be off', (value) => {
    expect([flag(value), saidNo(value)]).toEqual([false, true]);
  });
  it.each([null, undefined, '', 2, -1, 'not', 'unknown', 'falsey', '10', {}])(
    'a flag of %j is read neither as on nor as off',
    (value) => {
      expect([flag(value), saidNo(value)]).toEqual([false, false]);
    },
  );
});

it.each([
  ['  Acme ', 'Acme'],
  [7, '7'],
  ['', undefined],
  ['   ', undefined],
  [null, undefined],
  [true, undefined],
])('the text of %j is %j', (value, trimmed) => expect(text(value)).toBe(trimmed));

it.each([null, undefined, 'row', 7, [], [{ id: 1 }]])('%j is not a row', (value) =>
  expect(asRow(value)).toBeUndefined(),
);

describe('a day', () => {
  it.each([
    ['2026-06-01', '2026-06-01'],
    [' 2026-06-01T23:59:59.999Z ', '2026-06-01'],
    ['2026-06-01 10:00', '2026-06-01'],
    ['1901-01-01', '1901-01-01'],
    ['2098-12-31', '2098-12-31'],
    ['2026-12-28', '2026-12-28'],
    ['2026-01-31', '2026-01-31'],
    ['2024-02-29', '2024-02-29'],
  ])('%j is %s', (value, date) => expect(day(value)).toBe(date));
  it.each([
    '1900-12-31',
    '2099-01-01',
    '2026-02-29',
    '2026-04-31',
    '2026-06-00',
    '2026-00-10',
    '2026-13-01',
    '2026-13-30',
    '2026-06-011',
    '2026-06-01-02',
    '26-06-01',
    '2026-6-1',
    'on 2026-06-01',
    '',
    20260601,
    null,
  ])('the value %j is no day', (value) => expect(day(value)).toBeUndefined());
});

it.each([
  ['2026-06-01', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-06-01T00:00:00', false],
  ['+002026-06-01', false],
  ['20260601', false],
  [' 2026-06-01', false],
])('%j is a day of the calendar: %s', (value, is) => expect(isDay(value)).toBe(is));
