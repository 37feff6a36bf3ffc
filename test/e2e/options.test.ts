import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { session } from '../../kit/index.js';
import { command } from '../docs/command.js';
import { folderWith, type Json } from '../session.js';

type Listed = { items: Json[]; total: number };

describe('options of the bundled packs', () => {
  let mine: Awaited<ReturnType<typeof session>>;
  beforeAll(async () => {
    const columns = ['hours', 'impact', 'CFdeviceTag', 'lastincomingemail', 'summary'];
    mine = await session([
      { use: 'tickets', options: { open_only: true, columns } },
      { use: 'clients', options: { columns: ['currency', 'ref', 'toplevel_id'] } },
      { use: 'assets', options: { columns: ['key_field3'] } },
      'people',
    ]);
  });
  afterAll(() => mine.close());

  /** A tool's arguments, and the columns of its rows. */
  const schemas = async (name: string) => {
    const tool = (await mine.list()).find((one) => one.name === name);
    if (tool === undefined) throw new Error(`${name} is not on`);
    const { properties: args } = tool.inputSchema as {
      properties: Record<string, { default?: unknown; items?: Json }>;
    };
    const { items } = tool.outputSchema.properties as { items: { items: { properties: Json } } };
    return { args, columns: Object.keys(items.items.properties) };
  };

  test("columns are shown without being asked for: the list's own further ones, and Halo's fields by their names", async () => {
    const { items } = await mine.ask<Listed>('list_tickets', { page_size: 5 });
    for (const row of items) expect(row).toMatchObject({ hours: expect.any(Number), impact: 3 });
    const { args, columns } = await schemas('list_tickets');
    expect(columns).toEqual(expect.arrayContaining(['hours', 'impact', 'CFdeviceTag']));
    expect(columns.filter((name) => name === 'summary')).toHaveLength(1);
    expect(args.columns?.items?.enum).toEqual(expect.arrayContaining(['type', 'hours']));
    expect(await mine.ask<Listed>('list_tickets', { page_size: 5, columns: ['hours'] })).toMatchObject({ items });
  });

  test('an invalid date is left out, as everywhere', async () => {
    const { items } = await mine.ask<Listed>('list_tickets', { page_size: 5 });
    for (const row of items) expect(row).not.toHaveProperty('lastincomingemail');
  });

  test('the record shows them, too, custom fields by their name', async () => {
    const ticket = await mine.ask('get_ticket', { id: 10311, include_actions: false });
    expect(ticket).toMatchObject({ impact: 3, CFdeviceTag: 'PRO-MFP-6' });
    expect(await mine.ask('get_client', { id: 12 })).toMatchObject({ ref: expect.any(String), currency: 'GBP' });
    const { items } = await mine.ask<Listed>('list_clients', { page_size: 3 });
    for (const row of items) expect(row).toMatchObject({ currency: expect.any(String), ref: expect.any(String) });
    expect(await mine.ask('get_asset', { id: 501 })).toMatchObject({ key_field3: expect.any(String) });
  });

  test('open_only changes what list_tickets does unless asked, and says so in its schema', async () => {
    const [preset, all, open] = await Promise.all([
      mine.ask<Listed>('list_tickets', { page_size: 1 }),
      mine.ask<Listed>('list_tickets', { page_size: 1, open_only: false }),
      mine.ask<Listed>('list_tickets', { page_size: 1, open_only: true }),
    ]);
    expect(preset.total).toBe(open.total);
    expect(all.total).toBeGreaterThan(open.total);
    expect((await schemas('list_tickets')).args.open_only).toMatchObject({ default: true });
  });
});

describe('options that are wrong stop the start: exit code 2, one sentence that names the entry', () => {
  test.each<[string, object, RegExp]>([
    [
      'an unknown key',
      { use: 'tickets', options: { column: ['type'] } },
      /unknown key "column" in "plugins\[1\]\.options"\. Did you mean "columns"\?/,
    ],
    [
      'a wrong type',
      { use: 'tickets', options: { open_only: 'yes' } },
      /"plugins\[1\]\.options\.open_only" must be a boolean, not a string\./,
    ],
    [
      'one of a list',
      { use: 'assets', options: { columns: ['status', 7] } },
      /"plugins\[1\]\.options\.columns\[1\]" must be a string, not 7\./,
    ],
    [
      'something that is not a name',
      { use: 'clients', options: { columns: ['a\tb'] } },
      /"plugins\[1\]\.options\.columns\[0\]" must be the name of a column, or of a field in Halo/,
    ],
    [
      'a secret field',
      { use: 'assets', options: { columns: ['CFadminPassword'] } },
      /"plugins\[1\]\.options\.columns\[0\]" looks like a secret by its name/,
    ],
    [
      'a pack that takes none',
      { use: 'finance', options: { columns: [] } },
      /unknown key "columns" in "plugins\[1\]\.options"\. It takes none\./,
    ],
  ])('%s', async (_what, entry, words) => {
    const file = join(folderWith({ 'c.json': { plugins: ['people', entry] } }), 'c.json');
    for (const args of [['tools'], ['serve']]) {
      const { code, stdout, stderr } = await command([...args, '--config', file]);
      expect(stderr).toMatch(words);
      expect(stderr.startsWith(`${file}: `)).toBe(true);
      expect({ code, stdout, lines: stderr.trim().split('\n') }).toMatchObject({
        code: 2,
        stdout: '',
        lines: { length: 1 },
      });
    }
  });

  test('and an editor says so before, by the JSON schema', () => {
    const schema = JSON.parse(readFileSync('config/halo-mcp.schema.json', 'utf8')) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const isValid = (use: string, options: object) => validate({ plugins: [{ use, options }] });
    expect(isValid('tickets', { open_only: true, columns: ['type'] })).toBe(true);
    expect(isValid('tickets', { column: ['type'] })).toBe(false);
    expect(isValid('clients', { open_only: true })).toBe(false);
    expect(isValid('finance', {})).toBe(true);
    expect(isValid('finance', { columns: [] })).toBe(false);
    expect(isValid('./in-house/on-call.mjs', { whatever: 1 })).toBe(true);
  });
});
