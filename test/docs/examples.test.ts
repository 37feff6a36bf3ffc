import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, type Json, openSession, type Session, textOf } from '../session.js';
import { ask, command } from './command.js';
import { ROOT, read } from './markdown.js';

type Listed = { items: Json[]; total: number; next_page: number | null };

const example = (name: string) => resolve(ROOT, 'docs/examples', name);
const config = (...plugins: unknown[]) => join(folderWith({ 'c.json': { plugins } }), 'c.json');

describe('docs/examples/on-call.mjs, named by its path', () => {
  const file = config('tickets', example('on-call.mjs'));

  it('answers by `call` with what the bundled list knows to be past its SLA', async () => {
    const [overdue, open] = await Promise.all([
      ask<Listed>(file, 'list_overdue_tickets', { page_size: 100 }),
      ask<Listed>(file, 'list_tickets', { open_only: true, page_size: 100 }),
    ]);
    expect(open.next_page).toBeNull();
    const breached = open.items.filter((row) => row.sla_breached === true).map(({ id }) => id);
    expect(breached.length).toBeGreaterThan(5);
    expect(overdue.items.map(({ id }) => id).toSorted()).toEqual(breached.toSorted());
    expect(overdue.total).toBe(breached.length);
    const dates = overdue.items.map(({ fix_by }) => String(fix_by));
    expect(dates).toEqual(dates.toSorted());
  });

  it('narrows to a team by its name, and lists the teams where the name fits none or several', async () => {
    const { items } = await ask<Listed>(file, 'list_overdue_tickets', { team: '1st line', page_size: 100 });
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ team }) => team))).toEqual(new Set(['1st Line']));
    await expect(ask(file, 'list_overdue_tickets', { team: 'Line' })).rejects.toThrow(
      /^AMBIGUOUS_NAME: [\s\S]*1st Line/,
    );
    await expect(ask(file, 'list_overdue_tickets', { team: 'nobody' })).rejects.toThrow(
      /^UNKNOWN_NAME: [\s\S]*1st Line/,
    );
  });

  it('takes its options from the config, and says so where they are wrong', async () => {
    const year = { use: example('on-call.mjs'), options: { graceMinutes: 525_600 } };
    expect(await ask<Listed>(config(year), 'list_overdue_tickets')).toMatchObject({ items: [], total: 0 });
    const wrong = config('tickets', { use: example('on-call.mjs'), options: { graceMinute: 1 } });
    expect(await command(['call', 'list_overdue_tickets', '--sandbox', '--config', wrong])).toMatchObject({
      code: 2,
      stderr: `${wrong}: unknown key "graceMinute" in "plugins[1].options". Did you mean "graceMinutes"?\n`,
    });
  });

  it('asks for the one scope that it declares', async () => {
    const { stdout } = await command(['tools', '--json', '--config', config(example('on-call.mjs'))]);
    expect(JSON.parse(stdout)).toMatchObject({ scopes: ['read:tickets'], skipped: [] });
  });
});

describe('docs/examples/contacts.mjs', () => {
  const file = config(example('contacts.mjs'));

  it('lists the contacts of one client, page by page, each once', async () => {
    const args = { client_name: 'Northwind Traders', page_size: 5 };
    const ids: unknown[] = [];
    for (let page: number | null = 1; page !== null; ) {
      const answer: Listed = await ask<Listed>(file, 'list_contacts', { ...args, page });
      expect(new Set(answer.items.map(({ client }) => client))).toEqual(new Set(['Northwind Traders Ltd']));
      ids.push(...answer.items.map(({ id }) => id));
      expect(answer.total).toBeGreaterThan(5);
      if (answer.next_page === null) expect(ids).toHaveLength(answer.total);
      page = answer.next_page;
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads one of them', async () => {
    const { items } = await ask<Listed>(file, 'list_contacts', { search: 'larsen' });
    const [first] = items;
    expect(first).toMatchObject({ name: 'Mia Larsen', client: 'Northwind Traders Ltd' });
    expect(await ask(file, 'get_contact', { id: first?.id })).toMatchObject({ ...first, client_id: 12 });
  });
});

describe('the examples through a stdio session, beside plugins that are broken', () => {
  const broken = {
    'throws.mjs': 'throw new Error("boom")',
    'syntax.mjs': 'export default {',
    'lacks.mjs': 'import "not-installed-anywhere"; export default {}',
    'empty.mjs': 'export default { name: "empty", apiVersion: 1, title: "Empty", tools: [] }',
    'newer.mjs': 'export default { name: "newer", apiVersion: 99, title: "Newer", tools: [{}] }',
    'noisy.mjs': `console.log("not JSON-RPC"); ${read('docs/examples/contacts.mjs')}`,
  };
  let session: Session;
  beforeAll(async () => {
    const bad = Object.keys(broken).map((name) => `./${name}`);
    const named = { plugins: ['tickets', ...bad, './absent.mjs', '@acme/not-installed', example('on-call.mjs')] };
    const folder = folderWith({ ...broken, 'c.json': named });
    session = await openSession({ args: ['--sandbox', '--config', join(folder, 'c.json')] });
  });
  afterAll(() => session.close());

  it('are listed with the bundled pack, and the broken ones are not', async () => {
    const { tools } = await session.client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual([
      ...['list_tickets', 'get_ticket', 'list_actions'],
      ...['list_contacts', 'get_contact', 'list_overdue_tickets'],
    ]);
    expect(tools.at(-1)?.annotations).toEqual({ readOnlyHint: true });
  });

  it('answer, with what people wrote fenced as data', async () => {
    const result = await session.call('list_overdue_tickets', { page_size: 3 });
    expect(textOf(result)).toMatch(
      /^3 of \d+ overdue tickets, page 1; next: page 2\n<(halo-data-[\w-]+)>\n[\s\S]+\n<\/\1>$/,
    );
    expect((result.structuredContent as Listed).items).toHaveLength(3);
    expect(await session.ask('list_tickets', { page_size: 1 })).toMatchObject({ page: 1 });
  });

  it('and every broken one is named with its reason on stderr', () => {
    for (const name of [
      'throws.mjs',
      'syntax.mjs',
      'lacks.mjs',
      'empty.mjs',
      'newer.mjs',
      'absent.mjs',
      '@acme/not-installed',
    ])
      expect(session.stderr()).toMatch(new RegExp(`The plugin \\\\"\\S*${name}\\\\" is skipped: \\w`));
    expect(session.stderr()).not.toMatch(/on-call\S* is skipped/);
  });
});
