import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInside } from '../inside.js';
import { defaultNames, defaultTools } from '../packs.js';
import { type Json, type Session, textOf, walk } from '../session.js';

/** Calls that test a list which can't be called alone. */
const ASKED: Record<string, Json> = { list_actions: { ticket_id: 10311 } };

/** The keys that a row may have, by the definitions of the lists. */
const LISTS = defaultTools.flatMap(({ name, source }) =>
  source?.kind === 'list'
    ? [{ name, columns: Object.keys(source.columns), more: Object.keys(source.more), args: ASKED[name] ?? {} }]
    : [],
);

const RECORDS: { tool: string; args: Json; lists: string[] }[] = [
  { tool: 'get_ticket', args: { id: 10311 }, lists: ['actions'] },
  { tool: 'get_client', args: { name: 'northwind traders ltd' }, lists: ['sites', 'contacts'] },
  { tool: 'get_contract', args: { id: 31 }, lists: ['billing_lines', 'billed_by'] },
  { tool: 'get_invoice', args: { id: 1393 }, lists: ['lines'] },
  { tool: 'get_recurring_invoice', args: { id: 94 }, lists: ['lines', 'invoices'] },
  { tool: 'get_project', args: { id: 9831 }, lists: ['tickets'] },
  { tool: 'get_asset', args: { id: 501 }, lists: ['fields', 'users'] },
];

let session: Session;
let schemas: Map<string, { inputSchema: Json; outputSchema?: Json; annotations?: Json; title?: string }>;
beforeAll(async () => {
  session = await openInside();
  const { tools } = await session.client.listTools();
  schemas = new Map(tools.map((tool) => [tool.name, tool as never]));
});
afterAll(() => session.close());

test('initialize tells name, version and instructions under 350 tokens', async () => {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  expect(session.client.getServerVersion()).toMatchObject({ name: 'halo-mcp' });
  expect(countTokens(session.client.getInstructions() ?? '')).toBeLessThan(350);
});

test('the tools are listed, each with title, description, strict input, output schema and read-only hint', () => {
  expect([...schemas.keys()]).toEqual(defaultNames);
  for (const [name, tool] of schemas) {
    expect(tool.title, name).toBeTruthy();
    expect(tool.inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool.outputSchema, name).toMatchObject({ type: 'object' });
    expect(tool.annotations, name).toEqual({ readOnlyHint: true });
  }
});

describe.each(LISTS)('$name', ({ name, columns, more, args }) => {
  const kind = (schemas: Json) =>
    name === 'list_invoices'
      ? { ...schemas, kind: 'all' }
      : name.includes('contract') || name.includes('recurring')
        ? { ...schemas, status: 'all' }
        : schemas;

  test('answers the list envelope, default columns only, text that says the same', async () => {
    const result = await session.call(name, args);
    const content = result.structuredContent as {
      items: Json[];
      page: number;
      page_size: number;
      total: number | null;
      next_page: number | null;
    };
    expect(content).toMatchObject({ page: 1, page_size: 25 });
    expect(content.items.length).toBeGreaterThan(0);
    // Drafts and rows that have not started add a column by themselves.
    const brought = { list_invoices: ['posted'], list_recurring_invoices: ['start'] }[name] ?? [];
    for (const row of content.items) expect([...columns, ...brought]).toEqual(expect.arrayContaining(Object.keys(row)));
    const text = textOf(result);
    expect(text.split('\n')[0]).toMatch(/^\d+( of (at least )?\d+)? [a-z ]+, page 1/);
    for (const row of content.items) expect(text).toContain(String(row.id));
    for (const value of Object.values(content.items[0] ?? {}))
      expect(text).toContain(String(value).replace(/\s+/g, ' ').slice(0, 40));
  });

  test('adds the further columns that are asked for', async () => {
    const { items } = await session.ask<{ items: Json[] }>(
      name,
      kind({ ...args, columns: more, page_size: 100, ...(name === 'list_assets' && { include_inactive: true }) }),
    );
    const seen = new Set(items.flatMap((row) => Object.keys(row)));
    expect([...columns, ...more]).toEqual(expect.arrayContaining([...seen]));
    const never = more.filter((column) => !seen.has(column));
    // Columns that the sandbox's tenant leaves empty.
    expect(
      never.filter((column) => !['website', 'inactive', 'supplier', 'site', 'invoice_id'].includes(column)),
    ).toEqual([]);
  });

  test('answers match the output schema', async () => {
    const validate = new Ajv2020({ strict: false }).compile(schemas.get(name)?.outputSchema ?? {});
    expect(
      validate(
        await session.ask(
          name,
          kind({ ...args, columns: more, page_size: 100, ...(name === 'list_assets' && { include_inactive: true }) }),
        ),
      ),
      JSON.stringify(validate.errors),
    ).toBe(true);
  });

  test('an empty list says why and what to try', async () => {
    const nothing: Json = name === 'list_actions' ? { from: '2001-01-01', to: '2001-01-02' } : { search: 'zzzzzz' };
    const { items, hint, next_page } = await session.ask<{ items: Json[]; hint?: string; next_page: null }>(
      name,
      nothing,
    );
    expect(items).toEqual([]);
    expect(next_page).toBeNull();
    expect(hint).toMatch(/\w/);
  });
});

describe.each(RECORDS)('$tool', ({ tool, args, lists }) => {
  test('answers one flat record with its id first and its lists', async () => {
    const result = await session.call(tool, args);
    expect(result.isError, textOf(result)).toBeUndefined();
    const record = result.structuredContent as Json;
    expect(Object.keys(record)[0]).toBe('id');
    for (const list of lists) expect(record[list], list).toBeInstanceOf(Array);
    for (const [key, value] of Object.entries(record))
      if (!Array.isArray(value)) expect(typeof value, key).not.toBe('object');
    const validate = new Ajv2020({ strict: false }).compile(schemas.get(tool)?.outputSchema ?? {});
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
    expect(textOf(result)).toContain(String(record.id));
  });

  test('an id that Halo does not know is reported, with a remedy', async () => {
    const text = await session.fail(tool, { id: 99_999_999 });
    expect(text).toMatch(/^HALO_NOT_FOUND: .+\. .+/);
  });
});

describe('a walk by next_page meets each row once, and every total is true', () => {
  test.each([
    ['list_tickets', 366, { page_size: 100 }],
    ['list_tickets', 366, { page_size: 37 }],
    ['list_clients', 16, { page_size: 5, include_inactive: true }],
    ['list_assets', 135, { page_size: 100 }],
    ['list_assets', 135, { page_size: 40 }],
  ] as const)('%s, %i rows', async (name, _about, args) => {
    const { rows, totals } = await walk(session, name, args);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(totals)).toEqual(new Set([rows.length]));
  });

  test.each([40, 100])('list_invoices of every kind, %i a page', async (page_size) => {
    const { rows, totals } = await walk(session, 'list_invoices', { kind: 'all', page_size });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(totals.at(-1)).toBe(rows.length);
    for (const total of totals) expect([null, rows.length]).toContain(total);
  });
});

test('the kinds of invoices are parts of the whole: a mixed one answers to both classes', async () => {
  const ids = async (kind: string) =>
    new Map((await walk(session, 'list_invoices', { kind, page_size: 100 })).rows.map((row) => [row.id, row.kind]));
  const [all, oneOff, recurring, credit] = [
    await ids('all'),
    await ids('one_off'),
    await ids('recurring'),
    await ids('credit'),
  ];
  const having = (...kinds: string[]) => [...all].filter(([, kind]) => kinds.includes(String(kind))).map(([id]) => id);
  expect([...oneOff.keys()].sort()).toEqual(having('one_off', 'mixed').sort());
  expect([...recurring.keys()].sort()).toEqual(having('recurring', 'mixed').sort());
  expect([...credit.keys()].sort()).toEqual(having('credit').sort());
  expect(having('mixed').length).toBeGreaterThan(0);
});
