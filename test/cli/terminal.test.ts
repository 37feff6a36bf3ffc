import { describe, expect, test } from 'vitest';
import { readArgs } from '../../cli/arguments.js';
import { draw } from '../../cli/draw.js';
import { bundled } from '../../cli/packs.js';
import { flowing } from '../../cli/print.js';
import { progressLine } from '../../cli/progress.js';
import { table } from '../../cli/table.js';
import { publicTool } from '../../core/output/schema.js';

/** The arguments of a bundled tool, as `call` knows them. */
async function schemaOf(pack: string, name: string) {
  const tool = (await bundled[pack]?.load())?.tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return publicTool(tool).inputSchema;
}

const [tickets, revenue] = await Promise.all([
  schemaOf('tickets', 'list_tickets'),
  schemaOf('finance', 'revenue_breakdown'),
]);

describe('arguments as a person types them', () => {
  test.each([
    ['a number', ['page_size=5'], { page_size: 5 }],
    ['a flag', ['open_only=true', 'descending=false'], { open_only: true, descending: false }],
    ['a text', ['search=printer on floor 2'], { search: 'printer on floor 2' }],
    ['a text that looks like a number', ['search=42'], { search: '42' }],
    ['a text with = in it', ['search=a=b'], { search: 'a=b' }],
    ['an id or a name', ['team=3', 'agent=Alice Archer'], { team: 3, agent: 'Alice Archer' }],
    ['a list', ['columns=type, hours'], { columns: ['type', 'hours'] }],
    ['a list of one', ['columns=type'], { columns: ['type'] }],
    ['a list as JSON', ['columns=["type"]'], { columns: ['type'] }],
    ['a JSON object', ['{"page": 2}'], { page: 2 }],
    ['both', ['{"page": 2}', 'page_size=5'], { page: 2, page_size: 5 }],
    ['nothing', [], {}],
    [
      'what the tool has to judge',
      ['page_size=many', 'open_only=yes', 'teem=1'],
      { page_size: 'many', open_only: 'yes', teem: '1' },
    ],
  ])('words of the command line are read as arguments: %s', (_what, words, args) => {
    expect(readArgs(words, undefined, tickets)).toEqual(args);
  });

  test('lists, objects and days of a larger tool', () => {
    const words = ['group_by=client,service', 'rates={"EUR": "0.86"}', 'from=2026-01-01', 'include_unposted=true'];
    expect(readArgs(words, undefined, revenue)).toEqual({
      group_by: ['client', 'service'],
      rates: { EUR: '0.86' },
      from: '2026-01-01',
      include_unposted: true,
    });
  });

  test.each([
    ['entries of a map by themselves', ['rates.EUR=0.86', 'rates.USD=0.79'], { rates: { EUR: '0.86', USD: '0.79' } }],
    ['one beside the map', ['rates={"EUR": "0.86"}', 'rates.USD=0.79'], { rates: { EUR: '0.86', USD: '0.79' } }],
    ['one of what takes none', ['from.day=1'], { 'from.day': '1' }],
  ])('a word with a dot is read by what the argument takes: %s', (_what, words, args) => {
    expect(readArgs(words, undefined, revenue)).toEqual(args);
  });

  test('entries beside a list of pairs are refused: one of them would be lost', () => {
    expect(() => readArgs(['rates.USD=1.2'], '{"rates": [{"currency": "EUR", "rate": "0.85"}]}', revenue)).toThrow(
      'Give all of rates in one way: as rates.KEY=… or as JSON.',
    );
  });

  test('--args is JSON; a word next to it wins', () => {
    expect(readArgs(['page=3'], '{"page": 2, "page_size": 1}', tickets)).toEqual({ page: 3, page_size: 1 });
    expect(() => readArgs([], '[1]', tickets)).toThrow(/--args is not a JSON object/);
  });

  test.each([[['open_only']], [['{page: 1}']], [['=5']]])('%j is reported with a remedy', (words) => {
    expect(() => readArgs(words, undefined, tickets)).toThrow(/key=value|page_size=5/);
  });
});

const LIST = [
  '2 of 9 tickets, page 1; next: page 2',
  '<halo-data-abc_DEF-123>',
  'id\tsummary\tclient\tfix_by\thours',
  '10320\tWi-Fi drops on the first floor\tFourth Coffee\t2026-11-25T18:30:06Z\t1.5',
  '10319\tCracked screen\tLucerne Publishing\t\t12',
  '</halo-data-abc_DEF-123>',
  'Closed tickets are listed unless open_only is true.',
].join('\n');

describe("a tool's text on a terminal", () => {
  test('tables are drawn, figures to the right, times without seconds, tags left out', () => {
    expect(draw(LIST, 120).split('\n')).toEqual([
      '2 of 9 tickets, page 1; next: page 2',
      '┌───────┬────────────────────────────────┬────────────────────┬──────────────────┬───────┐',
      '│    id │ summary                        │ client             │ fix_by           │ hours │',
      '├───────┼────────────────────────────────┼────────────────────┼──────────────────┼───────┤',
      '│ 10320 │ Wi-Fi drops on the first floor │ Fourth Coffee      │ 2026-11-25 18:30 │   1.5 │',
      '│ 10319 │ Cracked screen                 │ Lucerne Publishing │                  │    12 │',
      '└───────┴────────────────────────────────┴────────────────────┴──────────────────┴───────┘',
      'Closed tickets are listed unless open_only is true.',
    ]);
  });

  test.each([120, 80, 66, 40, 20])('no line is wider than %i columns, and nothing is lost', (width) => {
    const drawn = draw(LIST, width);
    const lines = drawn.split('\n').slice(1, -1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, 28));
    const words = drawn.replace(/[^\w.-]+/g, '');
    for (const word of ['10320', 'Wi-Fi', 'Lucerne', 'Publishing', '18']) expect(words).toContain(word);
  });

  test('where columns can not stand side by side, each row is a block of lines', () => {
    expect(draw(LIST, 40).split('\n').slice(1, 7)).toEqual([
      '─'.repeat(40),
      'id       10320',
      'summary  Wi-Fi drops on the first floor',
      'client   Fourth Coffee',
      'fix_by   2026-11-25 18:30',
      'hours    1.5',
    ]);
  });

  test('rows without names of columns get none', () => {
    const flags = 'Flags:\nhigh\tno_invoice\tcontract:41\tNothing bills it.\nhigh\tother\tcontract:42\tAlso.';
    expect(draw(flags, 80)).not.toContain('├');
    expect(draw(flags, 80).split('\n')[0]).toBe('Flags:');
  });

  test('text without tables stays as it is', () => {
    expect(draw('id: 12\nsummary: one\n\nnote:\nline', 80)).toBe('id: 12\nsummary: one\n\nnote:\nline');
  });

  test('a word that is longer than its column is broken, not cut', () => {
    const drawn = table(['a', 'b'], [['x'.repeat(30), 'y'.repeat(30)]], { width: 40 });
    expect(drawn.replace(/[^xy]/g, '')).toHaveLength(60);
  });
});

describe('sentences on a terminal', () => {
  const text =
    'Tick these scopes on the API application in Halo.\n  sudo cp a-long-name /etc/systemd/system/\n{ "one": "line" }';

  test('are broken between words; commands and JSON stay whole', () => {
    const lines = flowing(text, { isTTY: true, columns: 30 }).split('\n');
    expect(lines.slice(0, 2)).toEqual(['Tick these scopes on the API', 'application in Halo.']);
    expect(lines.slice(2)).toEqual(text.split('\n').slice(1));
  });

  test('are left as they are in a pipe or a file', () => expect(flowing(text, { columns: 30 })).toBe(text));
});

describe('a long walk', () => {
  const fake = (isTTY: boolean) => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    return { written, stream: { isTTY, columns: 60, write } as unknown as NodeJS.WriteStream };
  };

  test('is a bar on a terminal, on one line that is cleared in the end', () => {
    const { written, stream } = fake(true);
    const line = progressLine(stream);
    line.report(1, 4, 'page 1');
    line.report(3, undefined, 'page 3');
    line.clear();
    expect(written).toEqual(['\r\u001B[K██████░░░░░░░░░░░░░░░░░░ 1/4 page 1', '\r\u001B[K3 … page 3', '\r\u001B[K']);
  });

  test('says nothing if stderr is not a terminal', () => {
    const { written, stream } = fake(false);
    const line = progressLine(stream);
    line.report(1, 4, 'page 1');
    line.clear();
    expect(written).toEqual([]);
  });
});
