import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../core/call/arguments.js';
import { type AnyTool, type Effect, filter, z } from '../../../core/index.js';

const input = z.object({
  id: z.int().min(1).optional(),
  site_ids: z.array(z.int().positive()).optional(),
  team: z.union([z.int().min(1), z.string().min(1)]).optional(),
  page: z.int().min(1).default(1),
  hours: z.number().optional(),
  open: z.boolean().default(false),
  text: z.string().optional(),
  named: z.string().min(1).optional(),
  kind: z.enum(['paid', 'Unpaid', 'all']).default('all'),
  from: filter.Day.optional(),
  columns: z.array(z.enum(['type', 'site'])).optional(),
  tags: z.array(z.string()).optional(),
  grid: z.array(z.array(z.int())).optional(),
  part: z.object({ name: z.string().optional(), size: z.int().optional() }).optional(),
  parts: z.array(z.object({ name: z.string(), size: z.int().optional() })).optional(),
  labels: z.record(z.string(), z.int()).optional(),
  known: z.partialRecord(z.enum(['a', 'b']), z.int()).optional(),
  level: z.literal([1, 2]).optional(),
  nothing: z.string().nullish(),
  any: z.unknown().optional(),
  group: z.union([z.enum(['day', 'week']), z.array(z.enum(['day', 'week']))]).optional(),
  shape: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('round'), radius: z.number() }),
      z.object({ is: z.literal('square'), side: z.number() }),
    ])
    .optional(),
  code: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe('Three capitals'),
});

const toolOf = (effect: Effect, shape: z.ZodObject = input): AnyTool => ({
  ...{ name: 'try_it', title: 'Try', description: 'Tries.', effect, scopes: [], input: shape },
  ...{ output: z.object({}), run: async () => ({}) },
});

const reading = toolOf('read');
const presets = readArguments(reading, {});

const read = (args: unknown, tool = reading) => {
  const { page, open, kind, ...rest } = readArguments(tool, args);
  const set = { page, open, kind };
  const changed = Object.entries(set).filter(([name, value]) => value !== presets[name]);
  return { ...Object.fromEntries(changed), ...rest };
};

const refusal = (args: unknown, tool = reading): string => {
  try {
    readArguments(tool, args);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

describe('what a client fills in for nothing is left out', () => {
  test.each<[string, unknown]>([
    ['no arguments at all', null],
    ['null for each', Object.fromEntries(Object.keys(input.shape).map((name) => [name, null]))],
    ['blanks', { text: '', named: ' ', from: '\t', kind: '', page: '', open: ' ', columns: '', part: '', labels: '' }],
    ['a list of blanks', { columns: [''], tags: ['', null, '  '], site_ids: [null] }],
    ['an object of nothing', { part: { name: '', size: null }, parts: [{ name: '', size: null }] }],
    ['null as text, where no text is asked for', { page: 'null', open: 'null', columns: 'null', part: 'null' }],
    ['a list of null as text', { tags: '[null, ""]' }],
  ])('%s', (_what, args) => {
    const { nothing, ...rest } = read(args) as { nothing?: null };
    expect(nothing ?? null).toBeNull();
    expect(rest).toEqual({});
  });

  test('only what is blank: the rest of a list stays, and so does a text with blanks around it', () => {
    expect(read({ tags: ['a', '', ' b '], text: ' c ' })).toEqual({ tags: ['a', ' b '], text: ' c ' });
    expect(read({ tags: [] })).toEqual({ tags: [] });
  });

  test('null stays where it is a value of its own', () => {
    expect(read({ nothing: null })).toEqual({ nothing: null });
  });
});

describe('an id of 0 is left out where ids start at 1, and named', () => {
  test.each<[object, object, string | undefined]>([
    [{ id: 0 }, {}, 'id 0 left out'],
    [{ id: '0' }, {}, 'id 0 left out'],
    [{ team: 0, id: 0 }, {}, 'team 0, id 0 left out'],
    [{ site_ids: [0] }, {}, 'site_ids 0 left out'],
    [{ site_ids: [0, 4] }, { site_ids: [4] }, 'site_ids 0 left out'],
    [{ id: 7 }, { id: 7 }, undefined],
    [{ hours: 0 }, { hours: 0 }, undefined],
    [{ part: { size: 0 } }, { part: { size: 0 } }, undefined],
  ])('an id of 0 that nothing can have is left out and named: %j', (args, taken, note) => {
    let said: string | undefined;
    const {
      page: _,
      open: __,
      kind: ___,
      ...rest
    } = readArguments(reading, args, [], (words) => {
      said = words;
    });
    expect(rest).toEqual(taken);
    expect(said).toBe(note);
  });

  test.each<[object, string]>([
    [{ page: 0 }, '"page" must be at least 1, not 0.'],
    [{ team: -5 }, '"team" must be at least 1, not -5.'],
    [{ id: '-5' }, '"id" must be at least 1, not -5.'],
  ])('%j is not such an id', (args, sentence) => {
    expect(refusal(args)).toBe(sentence);
  });
});

describe('values written as text are taken for what they are', () => {
  test.each<[object, object]>([
    [{ id: '10311' }, { id: 10311 }],
    [{ hours: '-1.25' }, { hours: -1.25 }],
    [{ open: 'true' }, { open: true }],
    [{ columns: '["type"]' }, { columns: ['type'] }],
    [{ columns: '[ "type",\n "site" ]' }, { columns: ['type', 'site'] }],
    [{ tags: '["\\u00e9"]' }, { tags: ['é'] }],
    [{ grid: '[[1, 2], ["3"]]' }, { grid: [[1, 2], [3]] }],
    [{ part: '{"name": "x", "size": "2"}' }, { part: { name: 'x', size: 2 } }],
    [{ parts: ['{"name": "x"}', { name: 'y', size: null }] }, { parts: [{ name: 'x' }, { name: 'y' }] }],
    [{ labels: '{"a": "1"}' }, { labels: { a: 1 } }],
    [{ known: { a: '1' } }, { known: { a: 1 } }],
    [{ level: '2' }, { level: 2 }],
    [{ shape: '{"is": "Round", "radius": "2"}' }, { shape: { is: 'round', radius: 2 } }],
    [{ text: 42 }, { text: '42' }],
    [{ kind: 'PAID' }, { kind: 'paid' }],
    [{ kind: ' unpaid ' }, { kind: 'Unpaid' }],
    [{ columns: ['TYPE'] }, { columns: ['type'] }],
  ])('a value in another form is taken for what it is: %j', (args, taken) => {
    expect(read(args)).toEqual(taken);
  });

  test.each<[string, object, object]>([
    ['one word', { columns: 'type' }, { columns: ['type'] }],
    ['one id as text', { site_ids: '7' }, { site_ids: [7] }],
    ['one object', { parts: { name: 'x' } }, { parts: [{ name: 'x' }] }],
    ['one list in a list', { grid: [1, 2] }, { grid: [[1], [2]] }],
    ['a word that may stand alone', { group: 'Week' }, { group: 'week' }],
    ['the same as a list in text', { group: '["WEEK"]' }, { group: ['week'] }],
  ])('alone where a list is asked for: %s', (_what, args, taken) => {
    expect(read(args)).toEqual(taken);
  });

  test.each<[string, object]>([
    ['a text that could be a number', { text: '10311', named: '0' }],
    ['a name of digits, where a name may be given', { team: '3' }],
    ['words that are values elsewhere', { text: 'true', tags: ['null', '[1]', '{}'] }],
    ['a value of unknown kind', { any: '[1]' }],
  ])('%s stays as it is', (_what, args) => {
    expect(read(args)).toEqual(args);
  });

  test('the pairs that an open map is listed as are the map', () => {
    const pairs = [
      { key: 'a', value: '1' },
      { key: 'b', value: 2 },
    ];
    expect(read({ labels: pairs })).toEqual({ labels: { a: 1, b: 2 } });
    expect(refusal({ labels: [...pairs, { key: 'a', value: 3 }] })).toMatch(/^"labels" must be an object, not a list/);
  });
});

describe('what could mean something else is refused, in words', () => {
  test.each(['1e4', '0x10', '10,5', '10311 ', '1.0', '+5', '010', '1_000', 'ten', '9007199254740993', '-0', '1e+21'])(
    '%j is not a whole number',
    (id) => {
      expect(refusal({ id })).toBe(`"id" must be a whole number, not "${id}".`);
    },
  );

  test.each<[object, string]>([
    [{ open: 'TRUE' }, '"open" must be true or false, not "TRUE".'],
    [{ open: 1 }, '"open" must be true or false, not 1.'],
    [{ page: '1.5' }, '"page" must be a whole number, not "1.5".'],
    [{ page: 1.5 }, '"page" must be a whole number, not 1.5.'],
    [{ page: [1] }, '"page" must be a whole number, not a list.'],
    [{ hours: 'NaN' }, '"hours" must be a number, not "NaN".'],
    [{ text: ['a'] }, '"text" must be a text, not a list.'],
    [{ text: true }, '"text" must be a text, not true.'],
    [{ from: '2026-02-30' }, '"from" must be a day such as 2026-11-28, not "2026-02-30".'],
    [{ from: 2026 }, '"from" must be a day such as 2026-11-28, not "2026".'],
    [{ from: '28/11/2026' }, '"from" must be a day such as 2026-11-28, not "28/11/2026".'],
    [{ kind: 'open' }, '"kind" must be one of paid, Unpaid, all, not "open".'],
    [{ columns: 'type,site' }, '"columns" must be one of type, site, not "type,site".'],
    [{ columns: ['x', 'type', 'y'] }, '"columns" must be one of type, site, not "x" or "y".'],
    [{ columns: '["type"' }, '"columns" must be one of type, site, not "["type"".'],
    [{ columns: { type: true } }, '"columns" must be a list, not an object.'],
    [{ labels: '{"a": 1, "a": 2}' }, '"labels" must be an object, not "{"a": 1, "a": 2}".'],
    [{ grid: '[1e4]' }, '"grid" must be a list, not "[1e4]".'],
    [{ labels: 'a=1' }, '"labels" must be an object, not "a=1".'],
    [{ labels: { a: 'x' } }, '"labels.a" must be a whole number, not "x".'],
    [{ known: { third: 1 } }, 'There is no "third" in "known".'],
    [{ level: 3 }, '"level" must be one of 1, 2, not 3.'],
    [{ part: 'x' }, '"part" must be an object with name, size, not "x".'],
    [{ part: { nme: 'x' } }, 'There is no "nme" in "part". Did you mean "name"?'],
    [
      { parts: [{ name: 'x' }, { size: 'y' }] },
      '"name" in entry 2 of "parts" is missing; it must be a text. "size" in entry 2 of "parts" must be a whole number, not "y".',
    ],
    [{ group: 'month' }, '"group" must be one of day, week, not "month".'],
    [{ group: ['month'] }, '"group" must be one of day, week, not "month".'],
    [{ shape: { is: 'flat' } }, '"shape.is" must be one of round, square, not "flat".'],
    [{ shape: { is: 'round' } }, '"shape.radius" is missing; it must be a number.'],
    [{ code: 'abc' }, '"code" does not have the form that it needs (Three capitals), not "abc".'],
    [{ nme: null }, 'There is no argument "nme". Did you mean "named"?'],
  ])('an argument that could mean something else is refused in words: %j', (args, sentence) => {
    expect(refusal(args)).toBe(sentence);
  });

  test.each<[unknown]>([[[]], [['id']], ['id=1'], ['[1]'], [5], [true]])('arguments that are %j', (args) => {
    expect(refusal(args)).toBe('The arguments must be an object.');
  });

  test('arguments that came as text are read', () => {
    expect(read('{"id": "5"}')).toEqual({ id: 5 });
  });

  test.each(['{"__proto__": {"a": 1}}', '{"name": "x", "constructor": 1}'])('no text brings %s in', (part) => {
    expect(refusal({ part })).toMatch(/No argument may have the key|There is no/);
    expect(refusal({ any: JSON.parse(part) })).toMatch(/No argument may have the key/);
  });

  test('an endlessly nested text is not a value', () => {
    expect(refusal({ grid: '['.repeat(100_000) + ']'.repeat(100_000) })).toMatch(/^"grid" must be a list, not "\[\[/);
  });

  test('too many faults are only counted', () => {
    const names = Array.from({ length: 5000 }, (_, at) => [`x${at}`, 1]);
    expect(refusal(Object.fromEntries(names))).toMatch(/And 4980 more\.$/);
  });

  test('nothing speaks of patterns or of kinds that programmers know', () => {
    for (const name of Object.keys(input.shape))
      for (const wrong of [5, -1.5, 'x', true, [{}], { a: {} }, ['x'], 'Y'.repeat(500)]) {
        let said = '';
        try {
          readArguments(reading, { [name]: wrong });
        } catch (error) {
          said = (error as Error).message;
        }
        expect(said).not.toMatch(/record|pattern|Invalid|expected|\^|undefined|NaN|regex|union|array|string|boolean/);
      }
  });
});

describe('a tool that writes guesses nothing', () => {
  const shape = z.object({
    ticket_id: z.int().min(1),
    agent_id: z.int().positive().optional(),
    note: z.string(),
    tags: z.array(z.string()).optional(),
    maybe: z.string().nullish(),
  });
  const fine = { ticket_id: 1, note: 'x' };
  test.each<Effect>(['write', 'destroy'])('%s', (effect) => {
    const tool = toolOf(effect, shape);
    const said = (args: object) => refusal({ ...fine, ...args }, tool);
    expect(said({ agent_id: 0 })).toBe('"agent_id" must be at least 1, not 0.');
    expect(said({ agent_id: null })).toBe('"agent_id" must not be null; leave it out.');
    expect(said({ agent_id: '' })).toBe('"agent_id" must not be blank; leave it out.');
    expect(said({ tags: null })).toBe('"tags" must not be null; leave it out.');
    expect(said({ tags: ['a', ' '] })).toBe('"tags" must not be blank; leave it out.');
    expect(said({ maybe: ' ' })).toBe('"maybe" must not be blank; leave it out.');
    expect(said({ note: ' ' })).toBe('"note" must not be blank.');
    expect(said({ note: null, ticket_id: 0 })).toBe('"note" must not be null. "ticket_id" must be at least 1, not 0.');
    expect(readArguments(tool, { ...fine, ticket_id: '1', tags: 'a', maybe: null })).toEqual({
      ...{ ticket_id: 1, note: 'x', tags: ['a'], maybe: null },
    });
  });
});

describe('what has to be given', () => {
  const tool = toolOf('read', z.object({ id: z.int().min(1), name: z.string().min(1), free: z.string() }));
  test('null, blanks and 0 are not values, except where blanks are allowed', () => {
    expect(refusal({ id: null, name: ' ', free: '' }, tool)).toBe(
      '"name" must not be blank. "id" must be a whole number, not null.',
    );
    expect(refusal({ id: 0, name: 'a', free: ' ' }, tool)).toBe('"id" must be at least 1, not 0.');
    expect(refusal({}, tool)).toBe(
      '"id" is missing; it must be a whole number. "name" is missing; it must be a text. "free" is missing; it must be a text.',
    );
    expect(readArguments(tool, { id: '1', name: 'a', free: '' })).toEqual({ id: 1, name: 'a', free: '' });
  });
});
