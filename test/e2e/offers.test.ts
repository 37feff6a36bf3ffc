import type { ReadResourceResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { haloEnv, namedConfig, type Session } from '../session.js';

let halo: Sandbox;
let session: Session;

beforeAll(async () => {
  halo = await startSandbox();
  session = await open({});
});

afterAll(async () => {
  await session.close();
  await halo.close();
});

const open = (config: object) => openInside({ args: [], env: { ...haloEnv(halo), ...namedConfig(config) } });

const promptNames = async ({ client }: Session) => (await client.listPrompts()).prompts.map(({ name }) => name);
const textOf = ({ contents }: ReadResourceResult) => String(contents[0] && 'text' in contents[0] && contents[0].text);
const complete = async (name: string, argument: string, value: string) =>
  (await session.client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion
    .values;

describe('prompts', () => {
  test('those of the packs that are on are offered', async () => {
    expect(await promptNames(session)).toEqual([
      'ticket_triage',
      'client_revenue_review',
      'contract_renewals',
      'weekly_billing_check',
    ]);
  });

  test('a prompt goes with the tools that it speaks of', async () => {
    const narrow = await open({ plugins: ['tickets', { use: 'finance', tools: ['revenue_breakdown'] }] });
    expect(await promptNames(narrow)).toEqual(['ticket_triage', 'client_revenue_review']);
    await narrow.close();
    const none = await open({ plugins: ['assets'] });
    expect(await promptNames(none)).toEqual([]);
    await none.close();
  });

  test('blanks are filled in, those left out by their own words', async () => {
    const { messages } = await session.client.getPrompt({
      name: 'client_revenue_review',
      arguments: { client: 'Contoso Ltd' },
    });
    expect(messages).toHaveLength(1);
    const text = messages[0]?.content.type === 'text' ? messages[0].content.text : '';
    expect(text).toContain('the client Contoso Ltd over the last 12 complete months.');
    expect(text).not.toMatch(/\{\w+\}/);
  });

  test.each([
    [{ name: 'client_revenue_review' }, '"client" is missing. client_revenue_review takes: client, period.'],
    [
      { name: 'client_revenue_review', arguments: { cilent: 'A' } },
      'There is no argument "cilent". Did you mean "client"?',
    ],
    [{ name: 'revenue_review' }, 'There is no prompt "revenue_review" here.'],
  ])('a fault is reported in a sentence: %o', async (params, sentence) => {
    await expect(session.client.getPrompt(params)).rejects.toThrow(sentence);
  });

  test('the arguments that a prompt speaks of are arguments of its tools', async () => {
    const { tools } = await session.client.listTools();
    const known = new Set(tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {})));
    const texts = await Promise.all(
      (await promptNames(session)).map(async (name) => {
        const { messages } = await session.client.getPrompt({
          name,
          arguments: name === 'client_revenue_review' ? { client: 'A' } : {},
        });
        return messages[0]?.content.type === 'text' ? messages[0].content.text : '';
      }),
    );
    const spoken = texts.flatMap((text) => [
      ...text.matchAll(/\b(?:with|and) ([a-z]+(?:_[a-z]+)*) (?:\[|true|false|all|active|expired|draft|unpaid|fix_by)/g),
    ]);
    expect(spoken.length).toBeGreaterThan(6);
    for (const [phrase, name = ''] of spoken) expect(known.has(name), phrase).toBe(true);
  });
});

describe('completions', () => {
  test('clients, from the second letter on', async () => {
    const { items } = await session.ask<{ items: { name: string }[] }>('list_clients', { page_size: 100 });
    const [first = ''] = items.map(({ name }) => name);
    expect(await complete('client_revenue_review', 'client', first.slice(0, 4))).toContain(first);
    expect(await complete('client_revenue_review', 'client', first.slice(0, 1))).toEqual([]);
  });

  test.each(['team', 'status', 'agent'])('every %s, and those that hold what is typed', async (argument) => {
    const all = await complete('ticket_triage', argument, '');
    expect(all.length).toBeGreaterThan(2);
    const typed = String(all[1]).slice(0, 3).toLowerCase();
    const some = await complete('ticket_triage', argument, typed);
    expect(some).toContain(all[1]);
    expect(some.every((name) => name.toLowerCase().includes(typed))).toBe(true);
  });

  test('nothing for what has no names, and nothing where Halo fails', async () => {
    expect(await complete('contract_renewals', 'days', '9')).toEqual([]);
    expect(await complete('no_such_prompt', 'client', 'Con')).toEqual([]);
    const alone = await open({ plugins: ['tickets'] });
    const { completion } = await alone.client.complete({
      ref: { type: 'ref/prompt', name: 'ticket_triage' },
      argument: { name: 'client', value: 'Con' },
    });
    expect(completion.values).toEqual([]);
    await alone.close();
  });
});

describe('resources', () => {
  test('halo://policy tells what is on, what is off and why', async () => {
    const { resources } = await session.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['halo://policy']);
    const narrow = await open({ plugins: ['tickets'], exclude: ['list_actions'] });
    const policy = JSON.parse(textOf(await narrow.client.readResource({ uri: 'halo://policy' })));
    await narrow.close();
    expect(policy.scopes).toEqual(['read:tickets']);
    expect(policy.tools.find(({ name }: { name: string }) => name === 'get_ticket')).toMatchObject({ on: true });
    expect(policy.tools.find(({ name }: { name: string }) => name === 'list_actions')).toMatchObject({
      on: false,
      why: '"exclude" names it. Take "list_actions" out of "exclude" in the config.',
    });
    expect(policy.tools.find(({ name }: { name: string }) => name === 'list_assets').why).toContain('Add "assets"');
  });

  test('each kind of record can be read by its address, as its tool gives it', async () => {
    const { resourceTemplates } = await session.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
      ['tickets', 'clients', 'contracts', 'invoices', 'recurring-invoices', 'projects', 'assets'].map(
        (name) => `halo://${name}/{id}`,
      ),
    );
    for (const { name } of resourceTemplates) {
      const list = `list_${name.replace('-', '_')}`;
      const { items } = await session.ask<{ items: { id: number }[] }>(list, { page_size: 1 });
      const uri = `halo://${name}/${items[0]?.id}`;
      const text = textOf(await session.client.readResource({ uri }));
      expect(text, uri).toContain(String(Math.abs(items[0]?.id ?? 0)));
    }
  });

  test.each([
    ['halo://tickets/99999999', 'HALO_NOT_FOUND'],
    ['halo://tickets/../Client', 'There is nothing at halo://tickets/../Client.'],
    ['halo://agents/1', 'There are: halo://policy, halo://tickets/{id}'],
    ['https://example.com/tickets/1', 'There is nothing at'],
    ['halo://tickets/99999999999', 'MCP error -32602'],
  ])('%s is answered by a sentence', async (uri, sentence) => {
    await expect(session.client.readResource({ uri })).rejects.toThrow(sentence);
  });
});
