import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configJsonSchema, decisionsIn } from '../../config/index.js';
import { folderWith, found, JSON_NAME, loadOne, named, refusal } from './folder.js';

type Json = Record<string, unknown>;

const tokens = (maxTokens: number) => ({ output: { maxTokens } });

describe('where a config is looked for', () => {
  test('--config, then HALO_MCP_CONFIG, then the working directory, then the defaults', async () => {
    const cwd = folderWith({ [JSON_NAME]: tokens(1000), 'env.json': tokens(2000), 'flag.json': tokens(3000) });
    const env = { HALO_MCP_CONFIG: 'env.json' };
    expect(await loadOne({ file: 'flag.json', env, cwd })).toMatchObject({ ...tokens(3000), named: true });
    expect(await loadOne({ env, cwd })).toMatchObject({ ...tokens(2000), named: true });
    expect(await loadOne({ env: {}, cwd })).toMatchObject({ ...tokens(1000), named: false, directory: cwd });
    expect(await loadOne({ env: {}, cwd: folderWith() })).toMatchObject({
      ...tokens(10_000),
      file: undefined,
      named: false,
      exclude: [],
      audit: {},
      halo: { requestsPer5Minutes: 280, timeoutMs: 30_000 },
      log: { level: 'info' },
      urls: undefined,
      clientSecret: undefined,
      warnings: [],
    });
  });

  test('where both are there, the JSON config is read and not the YAML one', async () => {
    expect(
      await found({ [JSON_NAME]: tokens(1000), 'halo-mcp.config.yaml': 'output:\n  maxTokens: 2000\n' }),
    ).toMatchObject(tokens(1000));
    expect(await found({ 'halo-mcp.config.yaml': 'output:\n  maxTokens: 2000\n' })).toMatchObject(tokens(2000));
  });

  test.each([
    ['a parent folder', { [JSON_NAME]: tokens(1000) }],
    ['.config/config.json, which cosmiconfig would obey', { 'here/.config/config.json': tokens(1000) }],
    ['.config/halo-mcp.config.json', { [`here/.config/${JSON_NAME}`]: tokens(1000) }],
    ['package.json', { 'here/package.json': { 'halo-mcp': tokens(1000), halomcp: tokens(1000) } }],
    ['a rc file', { 'here/.halo-mcprc': tokens(1000), 'here/.halo-mcprc.json': tokens(1000) }],
    [
      'JavaScript',
      {
        'here/halo-mcp.config.js': 'throw 1',
        'here/halo-mcp.config.mjs': 'throw 1',
        'here/halo-mcp.config.cjs': 'throw 1',
      },
    ],
  ])('a config is not looked for in %s', async (_, files) => {
    const folder = folderWith(files);
    mkdirSync(join(folder, 'here'), { recursive: true });
    const config = await loadOne({ env: {}, cwd: join(folder, 'here') });
    expect(config).toMatchObject({ ...tokens(10_000), file: undefined });
  });

  test('paths that are named start from the working directory; those inside start from the file', async () => {
    const cwd = folderWith({
      'etc/halo/mine.json': { halo: { clientSecretFile: '../secret' } },
      'etc/secret': 's3cret',
    });
    const config = await loadOne({ file: 'etc/halo/mine.json', env: {}, cwd });
    expect(config).toMatchObject({ clientSecret: 's3cret', directory: join(cwd, 'etc/halo') });
  });

  test('a missing named config is an error, not a reason to take another', async () => {
    const cwd = folderWith({ [JSON_NAME]: tokens(1000) });
    expect(await refusal(loadOne({ file: 'nowhere.json', env: {}, cwd }))).toBe(
      'nowhere.json does not exist. Name an existing config file.',
    );
    expect(await refusal(loadOne({ env: { HALO_MCP_CONFIG: 'nowhere.json' }, cwd }))).toContain('does not exist');
  });
});

describe('a found config may tighten, a named one may decide', () => {
  const decisions: [string, object][] = [
    ['halo.instanceUrl', { halo: { instanceUrl: 'https://evil.example' } }],
    ['halo.authUrl', { halo: { authUrl: 'https://evil.example/auth' } }],
    ['halo.apiUrl', { halo: { apiUrl: 'https://evil.example/api' } }],
    ['halo.clientSecretFile', { halo: { clientSecretFile: '/etc/passwd' } }],
    ['halo.clientId', { halo: { clientId: 'another' } }],
    ['halo.tenant', { halo: { tenant: 'another' } }],
    ['halo.timeoutMs', { halo: { timeoutMs: 1000 } }],
    ['halo.requestsPer5Minutes above 280', { halo: { requestsPer5Minutes: 281 } }],
    ['output.maxTokens above 10000', { output: { maxTokens: 10_001 } }],
    ['log.level', { log: { level: 'silent' } }],
    ['scopes', { scopes: ['read:sos'] }],
    ['plugins[0].allowWrites', { plugins: [{ use: 'tickets', allowWrites: ['close_ticket'] }] }],
    ['plugins[0].confirm', { plugins: [{ use: 'tickets', confirm: 'preview' }] }],
    ['plugins[0].allowCustomerVisible', { plugins: [{ use: 'tickets', allowCustomerVisible: false }] }],
    ['audit.file', { audit: { file: '/tmp/trail' } }],
    ['audit', { audit: {} }],
    ['log', { log: {} }],
    ['the plugin "insights"', { plugins: ['tickets', 'insights'] }],
    ['the plugin "insights"', { plugins: [{ use: 'insights', tools: ['revenue_trend'] }] }],
    ['plugins[1].options.columns', { plugins: ['clients', { use: 'tickets', options: { columns: ['password'] } }] }],
    ['plugins[0].options', { plugins: [{ use: 'tickets', options: {} }] }],
    ['the plugin "./evil.mjs"', { plugins: ['tickets', './evil.mjs'] }],
    ['the plugin "../evil.mjs"', { plugins: [{ use: '../evil.mjs' }] }],
    ['the plugin "/tmp/evil.mjs"', { plugins: ['/tmp/evil.mjs'] }],
    ['the plugin "@evil/pack"', { plugins: ['@evil/pack'] }],
    ['the plugin "evil/pack"', { plugins: ['evil/pack'] }],
    ['the plugin "evil.mjs"', { plugins: ['evil.mjs'] }],
    ['the plugin "file:///tmp/evil.mjs"', { plugins: ['file:///tmp/evil.mjs'] }],
    ['the plugin "C:\\evil.mjs"', { plugins: ['C:\\evil.mjs'] }],
    ['the plugin "data:text/javascript,1"', { plugins: ['data:text/javascript,1'] }],
    ['the plugin "node:fs"', { plugins: ['node:fs'] }],
  ];

  test.each(decisions)(
    'found, it may not set %s: the start fails with one sentence that says to name it',
    async (what, content) => {
      expect(await refusal(found({ [JSON_NAME]: content }))).toBe(
        `${JSON_NAME} was found in the working directory, not named, so it may not set ${what}. ` +
          `Name it with --config ${JSON_NAME} or HALO_MCP_CONFIG if you trust it.`,
      );
    },
  );

  test('found, it is allowed what stands in one list, and no other key of the schema, whichever come later', () => {
    const leaves = leavesOf(configJsonSchema());
    expect(leaves.length).toBeGreaterThan(15);
    const refused = leaves.filter(({ path, sample }) => decisionsIn(at(path, sample), ['insights']).length > 0);
    const allowed = leaves.filter((leaf) => !refused.includes(leaf)).map(({ path }) => path.join('.'));
    // Add a new key here only if a stranger's folder may set it.
    const may = ['$schema', 'halo.requestsPer5Minutes', 'plugins.0', 'plugins.0.use', 'plugins.0.tools.0', 'exclude.0'];
    const later = 'output.secretFields.add.0';
    expect(allowed.filter((path) => path !== later).toSorted()).toEqual([...may, 'output.maxTokens'].toSorted());
    for (const { path, sample } of refused)
      expect(decisionsIn(at(path, sample), ['insights'])[0]).toContain(path.join('.').replace(/\.(\d+).*/, ''));
  });

  test('found as YAML it may not either', async () => {
    const yaml = 'halo:\n  instanceUrl: https://evil.example\n';
    expect(await refusal(found({ 'halo-mcp.config.yaml': yaml }))).toContain('may not set halo.instanceUrl');
  });

  test('nor where the environment names other hosts: what it holds is refused, not overridden', async () => {
    const env = { HALO_INSTANCE_URL: 'https://mine.example' };
    expect(await refusal(found({ [JSON_NAME]: { halo: { apiUrl: 'https://evil.example' } } }, env))).toContain(
      'halo.apiUrl',
    );
  });

  test('found, it may choose bundled packs, narrow, exclude and shorten', async () => {
    const content = {
      $schema: './config/halo-mcp.schema.json',
      plugins: ['tickets', { use: 'finance', tools: ['list_invoices'] }],
      exclude: ['get_ticket'],
      output: { maxTokens: 500 },
      halo: { requestsPer5Minutes: 10 },
    };
    const { $schema: _, ...settings } = content;
    expect(await found({ [JSON_NAME]: content })).toMatchObject(settings);
  });

  test.each([
    ['instanceUrl', { api: 'https://other.example/api', token: 'https://other.example/auth/token' }],
    ['authUrl', { api: 'https://mine.example/api', token: 'https://other.example/token' }],
    ['apiUrl', { api: 'https://other.example', token: 'https://mine.example/auth/token' }],
  ])('named, it may set halo.%s', async (key, urls) => {
    const { urls: set } = await named({
      halo: { instanceUrl: 'https://mine.example', [key]: 'https://other.example' },
    });
    expect(set).toEqual(urls);
  });

  test('named, it may bring plugins', async () => {
    const plugins = ['./mine.mjs', '@acme/halo-mcp-rmm', { use: '/opt/x.mjs' }];
    await expect(named({ plugins })).resolves.toMatchObject({ plugins });
  });
});

/** Every place for a value in a JSON schema, with a valid value for it. */
function leavesOf(
  schema: Json,
  path: readonly (string | number)[] = [],
): { path: (string | number)[]; sample: unknown }[] {
  const { anyOf, properties, items, additionalProperties, type, minimum } = schema as {
    anyOf?: Json[];
    properties?: Record<string, Json>;
    items?: Json;
    additionalProperties?: unknown;
    type?: string;
    minimum?: number;
    enum?: unknown[];
  };
  if (anyOf) return anyOf.flatMap((one) => leavesOf(one, path));
  if (properties) return Object.entries(properties).flatMap(([key, one]) => leavesOf(one, [...path, key]));
  if (items) return leavesOf(items, [...path, 0]);
  if (type === 'object') return additionalProperties === false ? [] : [{ path: [...path, 'anything'], sample: 'x' }];
  return [{ path: [...path], sample: type === 'integer' ? (minimum ?? 1) : type === 'boolean' ? true : 'tickets' }];
}

/** An object that holds one value, at this path. */
const at = ([key, ...rest]: readonly (string | number)[], value: unknown): unknown =>
  key === undefined ? value : typeof key === 'number' ? [at(rest, value)] : { [key]: at(rest, value) };

describe('kinds of files', () => {
  test.each<[string, string]>([
    ['mine.json', '{"output": {"maxTokens": 777}}'],
    ['mine.json', '\uFEFF{"output": {"maxTokens": 777}}'],
    ['mine.yaml', 'output: { maxTokens: 777 }'],
    ['mine.yml', '# comment\noutput:\n  maxTokens: 777'],
    ['mine.mjs', 'export default { output: { maxTokens: 777 } }'],
    ['mine.cjs', 'module.exports = { output: { maxTokens: 777 } }'],
  ])('a config named %s is read by its kind', async (file, text) => {
    expect(await named(text, {}, file)).toMatchObject(tokens(777));
  });

  test.each([
    ['mine.json', ''],
    ['mine.json', '\uFEFF \n'],
    ['mine.json', 'null'],
    ['mine.yaml', '# nothing yet\n'],
    ['mine.cjs', 'module.exports = undefined'],
  ])('%s of nothing (%j) is refused: it must not turn on all there is', async (file, text) => {
    const sentence = `${file} is empty. Say what is on, such as { "plugins": ["tickets"] }, or take the file away.`;
    expect(await refusal(named(text, {}, file))).toBe(sentence);
  });

  test.each([
    ['mine.toml', 'x = 1', /mine\.toml: a config is \.json, \.yaml, \.js, \.mjs or \.cjs, not "\.toml"/],
    ['mine', '{}', /mine: a config is .*, not ""/],
    ['mine.ts', 'export default {}', /not "\.ts"/],
  ])('%s is not a config file', async (file, text, sentence) => {
    expect(await refusal(named(text, {}, file))).toMatch(sentence);
  });

  test.each([
    ['mine.json', '{\n  "clientSecret": "canary",,\n}'],
    ['mine.json', '{"a": "canary"'],
    ['mine.yaml', 'secret: canary\n  wrong: : indent'],
    ['mine.mjs', 'throw new Error("canary")'],
  ])('%s that can not be read: the place is shown, but nothing of its text', async (file, text) => {
    const sentence = await refusal(named(text, {}, file));
    expect(sentence).toMatch(/^mine\.\w+ can't be read( near line \d+, column \d+)?\. Correct its syntax\.$/);
  });

  test.each([
    ['mine.json', '{\n  "plugins": ["tickets",],\n}', 'line 2, column 25'],
    ['mine.json', '{\n  "plugins": ["tickets"],\n}', 'line 3, column 1'],
    ['mine.json', '{\n  // mine\n}', 'line 2, column 3'],
    ['mine.json', '{\n  "exclude": [tru]\n}', 'line 2, column 18'],
    ['mine.json', '{\n  "exclude": []\n', 'line 3, column 1'],
    ['mine.json', `{"exclude": [${'"x", '.repeat(5000)}\n\nnope]}`, 'line 3, column 2'],
    ['mine.yaml', 'exclude:\n  - "a\n', 'line 3, column 1'],
    ['mine.mjs', 'export default {\n  plugins: []\n  exclude: [],\n};\n', 'line 3'],
    ['mine.cjs', 'module.exports = {\n  plugins: []\n  exclude: [],\n};\n', 'line 3'],
  ])('%s: a fault of its syntax has its place: %#', async (file, text, place) => {
    expect(await refusal(named(text, {}, file))).toBe(`${file} can't be read near ${place}. Correct its syntax.`);
  });

  test.each([
    ['a list', '[]'],
    ['a number', '5'],
    ['a text', '"x"'],
  ])('%s is not a config', async (_, text) => {
    expect(await refusal(named(text))).toContain('must be an object');
  });

  test('$import pulls nothing in', async () => {
    const cwd = folderWith({ 'mine.json': { $import: './other.json' }, 'other.json': tokens(777) });
    expect(await refusal(loadOne({ file: 'mine.json', env: {}, cwd }))).toContain(
      'unknown key "$import" at the top level',
    );
    const stranger = folderWith({
      [JSON_NAME]: { $import: './other.json' },
      'other.json': { halo: { apiUrl: 'https://evil.example' } },
    });
    expect(await refusal(loadOne({ env: {}, cwd: stranger }))).toContain('unknown key "$import"');
  });

  test('YAML runs no code', async () => {
    expect(await refusal(named('output: !!js/function "function () { throw 1 }"', {}, 'mine.yaml'))).toContain(
      "can't be read",
    );
  });
});
