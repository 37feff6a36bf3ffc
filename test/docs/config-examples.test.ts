import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ConfigError, configJsonSchema, loadConfig, settingsOf } from '../../config/index.js';
import { folderWith } from '../session.js';
import { command } from './command.js';
import { ROOT, read } from './markdown.js';

const FOLDER = 'config/examples';
const FILES = readdirSync(resolve(ROOT, FOLDER)).filter((name) => name.endsWith('.json'));

/** What each example turns on and needs; for one customer, if it names several. */
const EXPECTED: Record<string, { on: string[]; scopes: string[]; customer?: string }> = {
  'several-customers.json': {
    customer: 'fabrikam',
    on: [
      ...['list_contracts', 'get_contract', 'list_invoices', 'get_invoice', 'list_recurring_invoices'],
      ...['get_recurring_invoice', 'revenue_breakdown', 'list_clients'],
    ],
    scopes: ['read:contracts', 'read:customers', 'read:invoices'],
  },
  'service-desk.json': {
    on: [
      'list_tickets',
      'get_ticket',
      'list_actions',
      'list_clients',
      'get_client',
      'list_assets',
      'get_asset',
      'list_agents',
    ],
    scopes: ['read:assets', 'read:customers', 'read:tickets'],
  },
  'finance.json': {
    on: [
      ...['list_contracts', 'get_contract', 'list_invoices', 'get_invoice', 'list_recurring_invoices'],
      ...['get_recurring_invoice', 'revenue_breakdown', 'list_clients'],
    ],
    scopes: ['read:contracts', 'read:customers', 'read:invoices'],
  },
  'everything.json': {
    on: [
      ...['list_tickets', 'get_ticket', 'list_actions', 'list_clients', 'get_client', 'list_contracts', 'get_contract'],
      ...['list_invoices', 'get_invoice', 'list_recurring_invoices', 'revenue_breakdown', 'list_projects'],
      ...['get_project', 'list_assets', 'get_asset', 'list_agents', 'list_reports', 'list_overdue_tickets'],
    ],
    scopes: [
      ...['read:assets', 'read:contracts', 'read:customers', 'read:invoices', 'read:projects', 'read:reporting'],
      'read:tickets',
    ],
  },
};

it('there are four examples, and docs/config.md explains each', () => {
  expect(FILES.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  for (const name of FILES) expect(read('docs/config.md')).toContain(`- [${FOLDER}/${name}](../${FOLDER}/${name}): `);
});

describe.each(FILES)('config/examples/%s', (name) => {
  const file = resolve(ROOT, FOLDER, name);
  const value = JSON.parse(read(`${FOLDER}/${name}`)) as Record<string, unknown>;
  const { customer } = EXPECTED[name] ?? {};
  const chosen = customer === undefined ? [] : ['--customer', customer];

  it('is valid against the JSON schema that it names', () => {
    const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    expect(resolve(dirname(file), String(value.$schema))).toBe(resolve(ROOT, 'config/halo-mcp.schema.json'));
  });

  it('loads when it is named', async () => {
    const settings = settingsOf(await loadConfig({ file, env: {}, cwd: ROOT }));
    expect(settings).toMatchObject({ file, named: true });
    expect(settings.plugins).toEqual(value.plugins);
    expect(Object.keys(settings.customers)).toEqual(Object.keys(value.customers ?? { default: {} }));
  });

  it('turns on what it is for, and asks for no other scope', async () => {
    const { code, stdout } = await command(['tools', '--json', '--config', file, ...chosen]);
    expect(code).toBe(0);
    const shown = JSON.parse(stdout) as {
      tools: { name: string; verdict: { on: boolean } }[];
      scopes: string[];
      skipped: unknown[];
    };
    const on = shown.tools.flatMap((tool) => (tool.verdict.on ? [tool.name] : []));
    expect({ on: on.toSorted(), scopes: shown.scopes }).toEqual({
      on: EXPECTED[name]?.on.toSorted(),
      scopes: EXPECTED[name]?.scopes,
    });
    expect(shown.skipped).toEqual([]);
  });
});

describe('an example that lies in the working directory unnamed', () => {
  const found = (name: string) =>
    loadConfig({ env: {}, cwd: folderWith({ 'halo-mcp.config.json': read(`${FOLDER}/${name}`) }) });

  it.each(['service-desk.json', 'finance.json'])('the example %s serves where it is found, unnamed', async (name) => {
    expect(await found(name)).toMatchObject({ named: false });
  });

  it.each(['everything.json', 'several-customers.json'])(
    '%s is refused, with a sentence that says to name it',
    async (name) => {
      await expect(found(name)).rejects.toThrow(ConfigError);
      await expect(found(name)).rejects.toThrow(/not named.*--config/);
    },
  );
});
