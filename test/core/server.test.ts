import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../../cli/packs.js';
import { settingsFrom } from '../../config/index.js';
import type { CallResult } from '../../core/call/call.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer, type Server } from '../../core/server.js';
import type { Session } from '../../core/session.js';
import { type Sandbox, type SandboxRequest, startSandbox } from '../../sandbox/index.js';
import { folderWith, type Json } from '../session.js';

/** How many calls are made in all, of three sessions in turn. */
const CALLS = Number(process.env.CALLS ?? 500);
const AT_ONCE = 12;
const LIMITS = { contoso: 90_000, fabrikam: 80_000 };
const NAMES = ['contoso', 'fabrikam'] as const;
type Name = (typeof NAMES)[number];
const otherOf = (name: Name): Name => (name === 'contoso' ? 'fabrikam' : 'contoso');

/** In every word that only one of the two Halos has. */
const MARKS = { contoso: 'CTSO', fabrikam: 'FBKM' };

/** The same tenant with the same ids but different words; one of the two has pages of at most 50. */
function haloOf(name: Name): Promise<Sandbox> {
  return startSandbox({
    ...{ clientId: `client-of-${name}`, requestsPer5Minutes: 1_000_000 },
    async intercept(request, answer) {
      if (!request.path.startsWith('/api/')) return undefined;
      const query = new URLSearchParams(request.query);
      if (name === 'contoso' && Number(query.get('page_size')) > 50) query.set('page_size', '50');
      const reply = await answer({ ...request, query });
      const body = String(reply.body ?? '').replace(/"(summary|name|client_name)":\s*"/g, `"$1":"${MARKS[name]} `);
      return { ...reply, body };
    },
  });
}

/** A plugin that counts how often it is loaded. */
const counting = () =>
  folderWith({
    'counting.mjs': `import { z } from ${JSON.stringify(pathToFileURL(resolve('node_modules/zod/index.js')).href)};
      globalThis.countedLoads = (globalThis.countedLoads ?? 0) + 1;
      const tool = { name: 'read_statuses', title: 'x', description: 'x', effect: 'read', scopes: ['read:tickets'],
        input: z.object({}), output: z.object({ said: z.array(z.string()) }),
        run: async (_, { halo, log }) => {
          const rows = await halo.lookup('status');
          log.info({ first: rows[0].name }, 'looked up');
          return { said: rows.map(({ name }) => name) };
        } };
      export default { name: 'counting', apiVersion: 1, title: 'counting', tools: [tool] };`,
  });

let server: Server;
let halos: Record<Name, Sandbox>;
let sessions: Record<'narrowed' | 'whole' | 'both', Session>;
const lines: string[] = [];

beforeAll(async () => {
  halos = { contoso: await haloOf('contoso'), fabrikam: await haloOf('fabrikam') };
  const redactor = new Redactor();
  const customers = Object.fromEntries(
    NAMES.map((name) => {
      const { url, clientId, clientSecret } = halos[name];
      const urls = { api: `${url}/api`, token: `${url}/auth/token` };
      return [name, { urls, clientId, clientSecret, requestsPer5Minutes: LIMITS[name] }];
    }),
  );
  const settings = settingsFrom({
    ...{ customers, named: true, directory: counting() },
    plugins: ['tickets', 'clients', 'people', './counting.mjs'],
  });
  const log = createLog('trace', redactor, { write: (line: string) => lines.push(line) } as never);
  server = await createServer(settings, { log, redactor, bundled, self: {} });
  sessions = {
    narrowed: server.open({ customer: 'contoso', narrow: { packs: ['tickets', 'counting'] } }),
    whole: server.open({ customer: 'fabrikam' }),
    both: server.open({ customer: NAMES }),
  };
});
afterAll(() => Promise.all(Object.values(halos).map((halo) => halo.close())));

const CASES: [tool: string, args: Json][] = [
  ['list_tickets', { page_size: 5 }],
  ['get_ticket', { id: 10311 }],
  ['read_statuses', {}],
  ['list_clients', { page_size: 10 }],
  ['list_tickets', { page_size: 100 }],
  ['get_client', { id: 12 }],
];

const textOf = ({ content }: CallResult) => content.map((part) => ('text' in part ? part.text : '')).join('\n');
const tokensOf = ({ requests }: Sandbox) =>
  new Set(requests.flatMap(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? []));
const said = ({ path, query, headers, body }: SandboxRequest) => JSON.stringify([path, query, headers, body]);

describe('two customers and three sessions in one process', () => {
  test('plugins are loaded once', () => {
    expect((globalThis as { countedLoads?: number }).countedLoads).toBe(1);
    expect(server.warnings).toEqual([]);
    expect(server.customers).toEqual(NAMES);
  });

  test('a session that is narrowed sees less, and one over both says whose each call is', async () => {
    const names = (session: Session) => session.tools().map(({ name }) => name);
    expect(names(sessions.whole)).toEqual(expect.arrayContaining(['list_clients', 'list_agents', 'read_statuses']));
    expect(names(sessions.narrowed)).not.toContain('list_clients');
    expect(await sessions.narrowed.call('list_clients', {})).toMatchObject({ code: 'UNKNOWN_TOOL', isError: true });
    for (const { inputSchema } of sessions.whole.tools()) expect(inputSchema.properties).not.toHaveProperty('customer');
    for (const { inputSchema } of sessions.both.tools()) {
      expect(inputSchema.properties).toMatchObject({ customer: { enum: NAMES } });
      expect(inputSchema.required).toContain('customer');
    }
    expect(textOf(await sessions.both.call('list_tickets', {}))).toMatch(
      /^BAD_ARGUMENTS: "customer" is missing; it must be one of contoso, fabrikam\./,
    );
    expect(textOf(await sessions.both.call('list_tickets', { customer: 'contso' }))).toMatch(
      /^BAD_ARGUMENTS: .*Did you mean "contoso"\?/,
    );
    expect(textOf(await sessions.both.call('list_tickets', { customer: 'contoso', pge: 1 }))).toMatch(
      /^BAD_ARGUMENTS: .*Did you mean "page"\?.* takes: customer, /,
    );
  });

  test('a record has its customer in its address only where there are several', async () => {
    const at = (session: Session) => session.records().map(({ uriTemplate }) => uriTemplate);
    expect(at(sessions.whole)).toContain('halo://tickets/{id}');
    expect(at(sessions.both)).toEqual(
      expect.arrayContaining(['halo://contoso/tickets/{id}', 'halo://fabrikam/tickets/{id}']),
    );
    const caller = { signal: new AbortController().signal };
    for (const name of NAMES) {
      const { code, text } = await sessions.both.read(`halo://${name}/tickets/10311`, caller);
      expect(code).toBeUndefined();
      expect(text).toContain(MARKS[name]);
    }
    expect(await sessions.both.read('halo://tickets/10311', caller)).toMatchObject({ code: 'HALO_NOT_FOUND' });
    expect(await sessions.whole.read('halo://contoso/tickets/10311', caller)).toMatchObject({ code: 'HALO_NOT_FOUND' });
    expect(Object.keys(JSON.parse(await sessions.both.policy()))).toEqual(NAMES);
  });

  test(`no row, lookup, cap, token, secret, limiter state or log line crosses in ${CALLS} interleaved calls`, async () => {
    lines.length = 0;
    let at = 0;
    const made = { contoso: 0, fabrikam: 0 };
    const one = async (number: number) => {
      const who = (['narrowed', 'whole', 'both'] as const)[number % 3] ?? 'both';
      const name: Name =
        who === 'both' ? (NAMES[Math.floor(number / 3) % 2] ?? 'contoso') : who === 'whole' ? 'fabrikam' : 'contoso';
      const some = who === 'narrowed' ? CASES.slice(0, 3) : CASES;
      const [tool, args] = some[Math.floor(number / 6) % some.length] ?? ['', {}];
      const result = await sessions[who].call(tool, who === 'both' ? { ...args, customer: name } : args);
      made[name] += 1;
      const text = textOf(result);
      expect(result.isError, text).toBeUndefined();
      expect(text).toContain(MARKS[name]);
      expect(JSON.stringify(result)).not.toContain(MARKS[otherOf(name)]);
      expect(text.startsWith(`Customer ${name}`)).toBe(who === 'both');
    };
    const worker = async () => {
      while (at < CALLS) await one(at++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(made.contoso + made.fabrikam).toBe(CALLS);

    for (const name of NAMES) {
      const [halo, other] = [halos[name], halos[otherOf(name)]];
      const customer = server.customer(name);
      const asked = halo.requests.map(said).join('\n');
      expect(tokensOf(halo).size).toBeGreaterThan(0);
      for (const token of tokensOf(other)) expect(asked).not.toContain(token);
      expect(asked).not.toContain(other.clientSecret);
      // Each limiter has counted its own Halo's requests; a broken connection may have cost one more.
      const spent = LIMITS[name] - customer.client.left;
      const last = halo.requests.at(-1)?.at ?? 0;
      const lately = halo.requests.filter(({ at: when }) => when > last - 240_000);
      expect(spent).toBeGreaterThanOrEqual(lately.length);
      expect(spent).toBeLessThan(halo.requests.length + other.requests.length);
      const own = lines.filter((line) => JSON.parse(line).customer === name);
      expect(own.filter((line) => JSON.parse(line).msg === 'call')).toHaveLength(made[name]);
      expect(own.join('')).toContain(MARKS[name]);
      expect(own.join('')).not.toContain(MARKS[otherOf(name)]);
    }
    expect(lines.filter((line) => !(NAMES as readonly string[]).includes(JSON.parse(line).customer))).toEqual([]);
    const secrets = NAMES.flatMap((name) => [halos[name].clientSecret, ...tokensOf(halos[name])]);
    for (const secret of secrets) expect(lines.join('')).not.toContain(secret);
    // One Halo served a page of 100; that is not expected of the other, which stops at 50.
    expect(server.customer('fabrikam').learned.caps.get('/Tickets')).toBe(100);
    expect(server.customer('contoso').learned.caps.get('/Tickets')).not.toBe(100);
  }, 600_000);
});

describe('customers with one address and one login', () => {
  const urls = { api: 'http://127.0.0.1:9/api', token: 'http://127.0.0.1:9/auth/token' };
  const login = { urls, clientId: 'one', clientSecret: 'a-secret-of-both' };
  const open = (customers: Parameters<typeof settingsFrom>[0]) => {
    const redactor = new Redactor();
    const log = createLog('silent', redactor);
    return createServer(settingsFrom(customers), { log, redactor, bundled, self: {} });
  };

  test('share one client, which asks for the scopes of both, at the lower limit', async () => {
    const both = await open({
      customers: {
        one: { ...login, plugins: ['tickets'], requestsPer5Minutes: 200 },
        two: { ...login, plugins: ['finance'], requestsPer5Minutes: 100 },
        three: { ...login, clientId: 'another' },
      },
    });
    const [one, two, three] = both.customers.map((name) => both.customer(name));
    expect(one?.client).toBe(two?.client);
    expect(one?.client).not.toBe(three?.client);
    expect(one?.client.left).toBe(100);
    expect(one?.lookups).not.toBe(two?.lookups);
    expect(one?.scopes).toEqual(['read:tickets']);
  });

  test('have packs of their own, and a tool that one lacks is not mistaken for a misspelt name', async () => {
    const both = await open({
      exclude: ['list_clients'],
      customers: { one: { plugins: ['tickets'] }, two: { plugins: ['clients'], exclude: [] } },
    });
    const names = (customer: string) =>
      both
        .open({ customer })
        .tools()
        .map(({ name }) => name);
    expect(names('one')).not.toContain('list_clients');
    expect(names('two')).toContain('list_clients');
    expect(both.warnings).toEqual([]);
  });

  test.each([
    [{ plugins: ['tickts'] }, /^"plugins" of the customer "one" names "tickts".*Did you mean "tickets"\?/],
    [{ plugins: ['tickets', 'tickets'] }, /^"plugins" of the customer "one" names "tickets" twice/],
    [
      { exclude: ['list_tickts'] },
      /^"exclude" of the customer "one" names "list_tickts".*Did you mean "list_tickets"\?/,
    ],
  ])('what is wrong with one is told with its name: %o', async (own, sentence) => {
    await expect(open({ customers: { one: own, two: {} } })).rejects.toThrow(sentence);
  });
});
