/** The same questions over stdio and over HTTP, in both eras of the protocol: the same answers. */

import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identity } from '../../cli/identity.js';
import type { Log } from '../../core/define.js';
import { connect } from '../../core/host/stdio/stdio.js';
import { GuardedTransport } from '../../core/host/stdio/transport.js';
import { Redactor } from '../../core/output/redact.js';
import { folderWith, type Json } from '../session.js';
import { INITIALIZE, messagesIn, newer, type Running, rpc, send, signed, startTest } from './team.js';

/** One way to ask. */
interface Host {
  /** All that comes back for one request: reports of its progress, then its answer. */
  ask(method: string, params?: Json): Promise<Json[]>;
  /** The newer era. */
  newer?: boolean;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A tool that reports progress, and one from a plugin that loads slowly. */
const zod = JSON.stringify(pathToFileURL(resolve('node_modules/zod/index.js')).href);
const pluginOf = (name: string, before = '') => `
  import { z } from ${zod};
  ${before}
  const tool = { name: 'count_${name}', title: 'Count', description: 'Counts to three.', effect: 'read', scopes: [],
    input: z.object({}), output: z.object({ counted: z.number() }),
    run: async (_, { progress }) => { for (let i = 1; i <= 3; i += 1) progress(i, 3, 'step ' + i); return { counted: 3 }; } };
  export default { name: '${name}', apiVersion: 1, title: '${name}', tools: [tool] };`;
const folder = folderWith({
  'steps.mjs': pluginOf('steps'),
  'late.mjs': pluginOf('late', 'await new Promise((resolve) => { globalThis.lateMayLoad = resolve; });'),
});
const plugins = ['tickets', 'clients', 'finance', 'people', `${folder}/steps.mjs`];

let teams: Record<'stateless' | 'sessions', Running>;
let hosts: Record<string, Host>;

beforeAll(async () => {
  const settings = { plugins, named: true, directory: folder };
  const stateless = await startTest({ settings });
  const sessions = await startTest({ settings, shared: stateless.halos, sessions: true });
  teams = { stateless, sessions };
  hosts = await hostsOf(teams);
});
afterAll(() => Promise.all(Object.values(teams).map((team) => team.close())));

/** Every way to ask them. */
const hostsOf = async ({ stateless, sessions }: typeof teams): Promise<Record<string, Host>> => ({
  stdio: await overStdio(stateless),
  'stdio, the newer era': await overStdio(stateless, true),
  'HTTP, stateless': overHttp(stateless, await stateless.token('older')),
  'HTTP, with sessions': await overSession(sessions, await sessions.token('older')),
  'HTTP, the newer era': overNewer(stateless, await stateless.token('newer')),
  'HTTP, the newer era where there are sessions': overNewer(sessions, await sessions.token('newer')),
});

async function overStdio({ server }: Running, isNewer = false): Promise<Host> {
  const session = server.open({ customer: server.customers });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const gate = { log: silent, redactor: new Redactor() };
  const { instructions } = session;
  const wire = new GuardedTransport(input, output, silent);
  await connect(wire, { ready: Promise.resolve(session), instructions }, identity, gate);
  let id = 0;
  let rest = '';
  const waiting = new Map<unknown, (messages: Json[]) => void>();
  let heard: Json[] = [];
  output.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Json;
      if (message.method === 'notifications/tools/list_changed') continue;
      heard.push(message);
      waiting.get(message.id)?.(heard.splice(0));
    }
  });
  const ask = (method: string, params?: Json) =>
    new Promise<Json[]>((done) => {
      id += 1;
      heard = [];
      waiting.set(id, done);
      const body = isNewer ? String(newer(method, params).body) : rpc(method, params);
      input.write(`${JSON.stringify({ ...JSON.parse(body), id })}\n`);
    });
  if (!isNewer) await ask('initialize', (JSON.parse(INITIALIZE) as { params: Json }).params);
  return { ask, newer: isNewer };
}

const overHttp = ({ url }: Running, token: string, more: Record<string, string> = {}): Host => ({
  ask: async (method, params) =>
    messagesIn((await send(url, { headers: signed(token, more), body: rpc(method, params) })).text),
});

async function overSession(team: Running, token: string): Promise<Host> {
  const { headers } = await send(team.url, { headers: signed(token), body: INITIALIZE });
  return overHttp(team, token, { 'mcp-session-id': String(headers['mcp-session-id']) });
}

const overNewer = ({ url }: Running, token: string): Host => ({
  ask: async (method, params) => messagesIn((await send(url, newer(method, params, token))).text),
  newer: true,
});

/** What an era adds to every result, and the words that are random in each answer. */
const ERA = ['resultType', 'ttlMs', 'cacheScope', '_meta'];
function plain({ result, error }: Json): Json {
  const text = JSON.stringify(
    error === undefined
      ? { result: Object.fromEntries(Object.entries(result as Json).filter(([key]) => !ERA.includes(key))) }
      : { error },
  );
  return JSON.parse(
    text
      .replace(/halo-data-[\w-]+/g, 'halo-data-X')
      .replace(/\bref [a-z0-9-]+/g, 'ref X')
      // What is left of the requests: each earlier question used some.
      .replace(/(\\"left\\": )\d+/g, '$1N'),
  ) as Json;
}

const QUESTIONS: [what: string, method: string, params?: Json][] = [
  ['the tools', 'tools/list'],
  ['a list', 'tools/call', { name: 'list_tickets', arguments: { page_size: 5 } }],
  ['a record', 'tools/call', { name: 'get_ticket', arguments: { id: 10_300 } }],
  ['revenue', 'tools/call', { name: 'revenue_breakdown', arguments: { client_name: 'Contoso Dental' } }],
  ['a record that is not there', 'tools/call', { name: 'get_ticket', arguments: { id: 999_999_999 } }],
  ['an argument that there is not', 'tools/call', { name: 'list_tickets', arguments: { opne_only: true } }],
  ['an argument of the wrong kind', 'tools/call', { name: 'get_ticket', arguments: { id: 'x' } }],
  ['arguments that are a list', 'tools/call', { name: 'list_tickets', arguments: [] }],
  ['arguments that are null', 'tools/call', { name: 'list_tickets', arguments: null }],
  ['no arguments', 'tools/call', { name: 'list_agents' }],
  [
    'arguments as people write them',
    'tools/call',
    { name: 'list_tickets', arguments: { page_size: '5', open_only: 'true' } },
  ],
  ['a tool that there is not', 'tools/call', { name: 'list_tickest', arguments: {} }],
  ['no tool', 'tools/call', { arguments: {} }],
  ['a tool of a pack that is off', 'tools/call', { name: 'list_projects', arguments: {} }],
  ['the prompts', 'prompts/list'],
  ['a prompt', 'prompts/get', { name: 'client_revenue_review', arguments: { client: 'Contoso Ltd' } }],
  ['a prompt with a blank left open', 'prompts/get', { name: 'client_revenue_review', arguments: {} }],
  ['a prompt that there is not', 'prompts/get', { name: 'nothing' }],
  [
    'a completion',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'client_revenue_review' }, argument: { name: 'client', value: 'con' } },
  ],
  [
    'a completion of nothing',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'nothing' }, argument: { name: 'x', value: 'y' } },
  ],
  ['the resources', 'resources/list'],
  ['the records', 'resources/templates/list'],
  ['the policy', 'resources/read', { uri: 'halo://policy' }],
  ['a record by its address', 'resources/read', { uri: 'halo://tickets/10300' }],
  ['nothing by its address', 'resources/read', { uri: 'halo://nothing/1' }],
  ['a record that is not there by its address', 'resources/read', { uri: 'halo://tickets/999999999' }],
  ['a method that there is not', 'tools/nothing'],
];

/** Where the second protocol library, or the newer era, must answer differently; everything else is equal. */
const OTHERWISE: Record<string, (code: number) => number> = {
  'nothing by its address': (code) => (code === -32_002 ? -32_602 : code),
  'a record that is not there by its address': (code) => (code === -32_002 ? -32_602 : code),
};

const OTHERS = [
  'stdio, the newer era',
  'HTTP, stateless',
  'HTTP, with sessions',
  'HTTP, the newer era',
  'HTTP, the newer era where there are sessions',
];

describe.each(OTHERS)('%s', (name) => {
  const hostOf = (which: string) => hosts[which] as Host;

  test.each(QUESTIONS)('%s', async (what, method, params) => {
    const [expected, given] = await Promise.all([
      hostOf('stdio').ask(method, params),
      hostOf(name).ask(method, params),
    ]);
    const same = plain(expected.at(-1) ?? {});
    const error = same.error as { code: number } | undefined;
    const change = OTHERWISE[what];
    expect(plain(given.at(-1) ?? {})).toEqual(
      error === undefined || change === undefined ? same : { error: { ...error, code: change(error.code) } },
    );
  });

  test('progress is told as the work goes on, and only to those who asked for it', async () => {
    const asked = { name: 'count_steps', arguments: {}, _meta: { progressToken: 'steps' } };
    const [expected, given] = await Promise.all([
      hostOf('stdio').ask('tools/call', asked),
      hostOf(name).ask('tools/call', asked),
    ]);
    const told = (messages: Json[]) =>
      messages.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params);
    expect(told(given)).toEqual(told(expected));
    expect(told(given)).toHaveLength(3);
    expect(told(await hostOf(name).ask('tools/call', { name: 'count_steps', arguments: {} }))).toEqual([]);
  });
});

test.each(['stdio', ...OTHERS])(
  '%s: a protocol error says its sentence alone, since its code stands beside it',
  async (name) => {
    const host = hosts[name] as Host;
    const asked: [method: string, params: Json, begins: string][] = [
      ['tools/call', { name: 'list_tickest', arguments: {} }, 'No tool named "list_tickest" is on.'],
      ['prompts/get', { name: 'nothing' }, 'BAD_ARGUMENTS: There is no prompt "nothing" here.'],
      ['resources/read', { uri: 'halo://nothing/1' }, 'HALO_NOT_FOUND: There is nothing at halo://nothing/1.'],
    ];
    for (const [method, params, sentence] of asked) {
      const answer = (await host.ask(method, params)).at(-1) as { error: { message: string } };
      expect(answer.error.message.startsWith(sentence), answer.error.message).toBe(true);
    }
  },
);

test('a plugin that loads late is on for all of them, without a new start', async () => {
  const settings = { plugins: ['people', `${folder}/late.mjs`], named: true, directory: folder };
  const stateless = await startTest({ settings, graceMs: 0 });
  const sessions = await startTest({ settings, graceMs: 0, shared: stateless.halos, sessions: true });
  const all = Object.values(await hostsOf({ stateless, sessions }));
  const names = async (host: Host) =>
    (((await host.ask('tools/list')).at(-1)?.result ?? {}) as { tools: { name: string }[] }).tools.map(
      (tool) => tool.name,
    );
  for (const found of await Promise.all(all.map(names))) expect(found).not.toContain('count_late');
  (globalThis as { lateMayLoad?: () => void }).lateMayLoad?.();
  for (const host of all) await expect.poll(() => names(host)).toContain('count_late');
  await Promise.all([sessions.close(), stateless.close()]);
});

test('what the server says of itself is the same in every era', async () => {
  const token = await teams.stateless.token('who');
  const older = messagesIn((await send(teams.stateless.url, { headers: signed(token), body: INITIALIZE })).text).at(-1);
  const overHttp = messagesIn((await send(teams.stateless.url, newer('server/discover', {}, token))).text).at(-1);
  const [overStdioToo] = (await hosts['stdio, the newer era']?.ask('server/discover')) ?? [];
  const { serverInfo, instructions, capabilities } = (older?.result ?? {}) as Json;
  for (const discovered of [overHttp, overStdioToo]) {
    expect(discovered?.result).toMatchObject({ instructions, capabilities });
    expect(JSON.stringify(discovered)).toContain(JSON.stringify(serverInfo).slice(1, -1));
  }
});

test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'revision %s is spoken',
  async (protocolVersion) => {
    const token = await teams.stateless.token(`speaks-${protocolVersion}`);
    const body = rpc('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } });
    const { json } = await send(teams.stateless.url, { headers: signed(token), body });
    expect(json).toMatchObject({ result: { protocolVersion } });
  },
);
