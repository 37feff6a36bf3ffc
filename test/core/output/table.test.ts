import { describe, expect, test } from 'vitest';
import { cell, record, table } from '../../../core/output/table.js';

describe('a cell', () => {
  test.each<[unknown, string]>([
    ['two\nlines\tand tab\u2028x', 'two lines and tab x'],
    [undefined, ''],
    [null, ''],
    [0, '0'],
    [false, 'false'],
    [['1st Line', 'Projects'], '1st Line, Projects'],
    [[], ''],
    [{ a: 1 }, '{"a":1}'],
    [[{ a: 1 }], '[{"a":1}]'],
  ])('%o: %s', (value, text) => {
    expect(cell(value)).toBe(text);
  });
});

describe('a table', () => {
  test('names each column once, in the order given, and leaves out those that no row fills', () => {
    const rows = [
      { id: 1, name: 'a' },
      { id: 2, extra: 'x', name: 'b\nc' },
    ];
    expect(table(rows, ['id', 'empty', 'name'])).toBe('id\tname\textra\n1\ta\t\n2\tb c\tx');
  });

  test('leaves out what is blank in every row, asked for or not, and keeps what one row has', () => {
    const rows = [
      { id: 1, gone: null, ref: '', tags: [], share: '' },
      { id: 2, gone: undefined, ref: ' ', tags: [], share: 0 },
    ];
    expect(table(rows, ['ref', 'id'])).toBe('id\tshare\n1\t\n2\t0');
  });

  test('every line has as many cells as the first', () => {
    const lines = table([{ a: 'x\ty' }, { b: 'z\n\n' }, {}]).split('\n');
    expect(lines.map((line) => line.split('\t').length)).toEqual([2, 2, 2, 2]);
  });
});

describe('text of several lines forges nothing', () => {
  const breaks = ['\n', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f'];
  test.each(breaks.map((end) => [JSON.stringify(end), end]))('neither a field nor a row: %s', (_, end) => {
    const text = `Hello${end}status: Closed${end}1\tfake\trow`;
    for (const shown of [
      record({ id: 1, [`a${end}status: Closed`]: 'x', details: `one\n${text}`, parts: [{ said: text }] }),
      table([{ said: text, [`x${end}status: Closed`]: 1 }]),
    ])
      for (const line of shown.split(/[\n\r\u2028\u2029\u0085\v\f]/))
        expect(line).not.toMatch(/^(status|1\tfake| {2})/);
    expect(record({ details: `one\n${text}` })).toBe('details:\n| one\n| Hello\n| status: Closed\n| 1  fake  row');
  });
});

test('a record: lines, long text under its key, small tables for its lists', () => {
  const value = {
    id: 7,
    summary: 'Printer',
    empty: undefined,
    nothing: null,
    tags: ['a', 'b'],
    actions: [{ id: 1, note: 'x' }],
    details: 'one\ntwo',
    links: [],
    sla: { name: 'Gold', hours: 4 },
  };
  expect(record(value)).toBe(
    [
      'id: 7',
      'summary: Printer',
      'tags: a, b',
      'details:\n| one\n| two',
      'actions:\nid\tnote\n1\tx',
      'links: none',
      'sla:\nname: Gold\nhours: 4',
    ].join('\n'),
  );
});
