import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../docs/markdown.js';
import { folderWith } from '../session.js';

/** A tool, given the source of what is special about it. */
const tool = (more: string, { run = 'return { said: "hello" };', scopes = '[]' } = {}) => `defineTool({
  name: 'say_hello', title: 'Hello', description: 'Says hello.', effect: 'read', scopes: ${scopes},
  input: z.object({}), output: z.object({ said: z.string() }),
  async run(args, { halo }) { ${run} }, ${more}
})`;

/** A tool that writes, given the source of its plan. */
const writing = (plan: string) => `(() => { let count = 0; return defineWrite({
  name: 'say_hello', title: 'Hello', description: 'Renames a ticket.', scopes: ['edit:tickets'],
  input: z.object({ id: z.int() }), output: z.object({ said: z.string() }), examples: [{ id: 10311 }],
  plan: async (args, { halo }) => ({ path: '/Tickets', before: {}, ${plan} }),
  done: (ticket) => ({ said: String(ticket.id) }),
}); })()`;

const TICKET = `const { rows } = await halo.list('/Tickets', { key: 'tickets', pageSize: 1 });`;
const tickets = { scopes: "['read:tickets']", run: `${TICKET} return { said: rows[0].summary };` };
const marked = 'output: z.object({ said: untrusted(z.string()) }),';

/** A list of sites, given the source of its filters. */
const listOf = (filters: string) => `listTool({ name: 'list_sites', title: 'Sites', description: 'Sites.',
  scopes: ['read:customers'], from: { path: '/Site', key: 'sites' }, filters: { ${filters} },
  columns: { id: column.id(), name: column.foreign('name') } })`;

/** One fault each, with the contract tests that should fail for it. */
const FLAWED: Record<string, [source: string, failing: string[]]> = {
  'scope-too-many': [
    tool(marked, { ...tickets, scopes: "['read:tickets', 'read:assets']" }),
    ['declares the scopes that it uses, and no others'],
  ],
  'scope-too-few': [
    tool(marked, { ...tickets, scopes: '[]' }),
    [
      'answers on the sandbox as its output schema says',
      'declares the scopes that it uses, and no others',
      'keeps the words of people outside between the tags of data',
    ],
  ],
  'scope-too-wide': [tool(marked, { ...tickets, scopes: "['all']" }), ['is a tool of this API']],
  'reads-with-edit': [
    tool(marked, { ...tickets, scopes: "['edit:tickets']" }),
    ['reads with scopes that read', 'declares the scopes that it uses, and no others'],
  ],
  'writes-in-secret': [
    tool('', { scopes: "['read:tickets']", run: 'await halo.post("/Tickets", [{}]); return { said: "" };' }),
    [
      'answers on the sandbox as its output schema says',
      'declares the scopes that it uses, and no others',
      'keeps the words of people outside between the tags of data',
    ],
  ],
  'writes-unseen': [tool(`effect: 'write', ${marked}`, tickets), ['is a plugin of this API', 'is a tool of this API']],
  'keeps-no-account': [
    writing("says: 'Nothing that tells one from the other.', body: [{ id: args.id, summary: 'x' + (count += 1) }]"),
    ['writes once for one confirmation, and not again unless it is asked for on purpose'],
  ],
  'other-result': [
    tool('', { run: 'return { said: 7 };' }),
    ['answers on the sandbox as its output schema says', 'keeps the words of people outside between the tags of data'],
  ],
  unmarked: [tool('', tickets), ['keeps the words of people outside between the tags of data']],
  'says-it-outside': [
    tool(`${marked} text: ({ said }) => ({ head: said }),`, tickets),
    ['keeps the words of people outside between the tags of data'],
  ],
  silent: [
    tool('input: z.object({ grace_period: z.int().default(1) }),'),
    ['describes every argument whose name does not say it'],
  ],
  'open-map': [
    tool('input: z.object({ labels: z.record(z.string(), z.string()).optional().describe("Labels") }),'),
    ['takes arguments that every model API can be told of'],
  ],
  untyped: [
    tool('input: z.object({ note: z.any().optional() }),'),
    ['takes arguments that every model API can be told of'],
  ],
  'blind-filter': [
    listOf(
      "shade: filter.custom({ args: { shade: z.string().optional().describe('Colour') }, resolve: ({ shade }) => shade && { query: { shade } } })",
    ),
    ['notices a Halo that ignores its filters'],
  ],
  'blind-test': [
    listOf(
      "site_id: filter.custom({ args: { site_id: z.int().min(1).optional() }, resolve: ({ site_id }) => site_id && { query: { site_id }, test: () => true, mode: 'here' } })",
    ),
    ['notices a Halo that ignores its filters'],
  ],
  'blind-switch': [listOf("vip_only: filter.flag('vip_only')"), ['notices a Halo that ignores its filters']],
  'changes-rows': [
    listOf('').replace(
      "name: column.foreign('name')",
      'name: column.value(untrusted(z.string()), (row) => { row.name = String(row.name).trim(); return row.name; })',
    ),
    ['leaves what Halo sent as it is for other calls'],
  ],
  heavy: [tool('description: "a ".repeat(900),'), ['costs few tokens']],
  'bad-name': [tool("name: 'Say-Hello',"), ['is a tool of this API']],
};

/** Plugins without faults, and how many of their tests are skipped. */
const SOUND: Record<string, [source: string, skipped: number]> = {
  plain: [tool(''), 0],
  'many-kinds': [
    tool(`input: z.object({
      site_id: z.int().positive().optional(), level: z.literal([1, 2]).optional(), note: z.string().nullish(),
      team: z.union([z.int().min(1), z.string()]).optional(), rows: z.array(z.object({ name: z.string() })).optional(),
    }),`),
    0,
  ],
  writer: [writing("says: 'Renames a ticket.', body: [{ id: args.id, summary: 'Renamed' }]"), 0],
  'finds-an-id-itself': [
    `getTool({ name: 'get_site', title: 'Get a site', description: 'One site.', scopes: ['read:customers'],
      from: { path: '/Site' }, fields: { id: column.id(), name: column.foreign('name') } })`,
    0,
  ],
  'filters-that-look': [
    listOf(
      "client: filter.client(), search: filter.search(), inactive: filter.inactive(), order: filter.order({ name: 'name' }, 'name'), named: filter.searchIn(['name'])",
    ),
    0,
  ],
  'needs-an-example': [tool('input: z.object({ name: z.string() }),'), 5],
  'asks-what-the-sandbox-has-not': [
    tool('', { scopes: "['read:kb']", run: 'await halo.get("/KBArticle"); return { said: "" };' }),
    5,
  ],
};

const source = (name: string, code: string) => `
import { column, definePlugin, defineTool, defineWrite, filter, getTool, listTool, untrusted, z } from '${ROOT}/dist/index.js';
import { describePlugin } from '${ROOT}/dist/testing.js';
const plugin = definePlugin({ name: '${name}', apiVersion: 1, title: 'Mine', tools: [${code}] });
describePlugin(plugin${name === 'plain' ? '' : `, { snapshots: '${name}' }`});
`;

type Outcome = { title: string; status: string; failureMessages: string[] };
/** The result of each test, by file name. */
type Outcomes = Map<string, Outcome[]>;
let outcomes: Outcomes = new Map();
let folder = '';

/** Runs the test files of a folder, as a plugin's author or their CI does. */
async function outcomesOf(folder: string, env: Record<string, string> = {}): Promise<Outcomes> {
  const args = ['run', '--root', folder, '--reporter=json', '--outputFile=out.json', '--no-isolate', '--maxWorkers=1'];
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  await new Promise((done) =>
    execFile(process.execPath, [vitest, ...args], { cwd: folder, env: { PATH: process.env.PATH, ...env } }, done),
  );
  const { testResults } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as {
    testResults: { name: string; assertionResults: Outcome[] }[];
  };
  return new Map(
    testResults.map(({ name, assertionResults }) => [/([\w-]+)\.test\.js$/.exec(name)?.[1] ?? '', assertionResults]),
  );
}

beforeAll(async () => {
  const all = { ...FLAWED, ...SOUND };
  folder = folderWith(
    Object.fromEntries(Object.entries(all).map(([name, [code]]) => [`${name}.test.js`, source(name, code)])),
  );
  outcomes = await outcomesOf(folder);
});

const titles = (name: string, wanted: string) =>
  (outcomes.get(name) ?? []).filter(({ status }) => status === wanted).map(({ title }) => title);

describe('the contract, in the tests of another package', () => {
  test.each(Object.entries(FLAWED))('%s: the tests that say so fail, and no others', (name, [, failing]) => {
    expect(titles(name, 'failed')).toEqual(failing);
    expect(titles(name, 'passed').length).toBeGreaterThan(5);
  });

  test.each(Object.entries(SOUND))('%s: nothing fails, and what can not be tried is skipped', (name, [, skipped]) => {
    expect(titles(name, 'failed')).toEqual([]);
    expect(titles(name, 'passed').length).toBeGreaterThan(5);
    expect(titles(name, 'skipped').length + titles(name, 'pending').length).toBe(skipped);
  });

  test('a snapshot of each public schema is kept beside the tests, or where the plugin says', () => {
    expect(existsSync(join(folder, 'snapshots/say_hello.json'))).toBe(true);
    expect(readdirSync(join(folder, 'writer'))).toEqual(['say_hello.json']);
  });

  test('in a CI a snapshot that is missing fails and is not written, one that is kept passes', async () => {
    const plugins = { kept: tool(''), missing: tool('') };
    const ci = folderWith(
      Object.fromEntries(Object.entries(plugins).map(([name, code]) => [`${name}.test.js`, source(name, code)])),
    );
    mkdirSync(join(ci, 'kept'));
    copyFileSync(join(folder, 'snapshots/say_hello.json'), join(ci, 'kept/say_hello.json'));
    const there = await outcomesOf(ci, { CI: 'true' });
    const failed = (name: string) => (there.get(name) ?? []).filter(({ status }) => status === 'failed');
    expect(failed('kept')).toEqual([]);
    expect(failed('missing').map(({ title }) => title)).toEqual(['shows the public schema of its snapshot']);
    expect(failed('missing')[0]?.failureMessages.join()).toContain('Run the tests with --update on your own machine');
    expect(existsSync(join(ci, 'missing'))).toBe(false);
  });
});
