import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { ConfigFile, configJsonSchema } from '../../config/index.js';
import { folderWith, found, JSON_NAME, loadOne, named, refusal } from './folder.js';

describe('the environment wins over the file', () => {
  test('each of its variables', async () => {
    const file = {
      halo: { instanceUrl: 'https://file.example', clientId: 'file', tenant: 'file', clientSecretFile: 'secret' },
      log: { level: 'debug' },
    };
    const env = {
      HALO_INSTANCE_URL: 'https://env.example',
      HALO_CLIENT_ID: 'env',
      HALO_CLIENT_SECRET: 'env-secret',
      HALO_TENANT: 'env',
      HALO_MCP_LOG_LEVEL: 'error',
    };
    const config = await named(file, env);
    expect(config.halo.clientId).toBe('env');
    expect(config.urls).toEqual({
      token: 'https://env.example/auth/token?tenant=env',
      api: 'https://env.example/api',
    });
    expect([config.clientSecret, config.log.level]).toEqual(['env-secret', 'error']);
    expect(config.warnings).toEqual([]);
  });

  test('a value of nothing but blanks counts as not set, one with blanks around it is trimmed', async () => {
    const blank = Object.fromEntries(
      [
        'HALO_INSTANCE_URL',
        'HALO_CLIENT_ID',
        'HALO_CLIENT_SECRET',
        'HALO_CLIENT_SECRET_FILE',
        'HALO_TENANT',
        'HALO_AUTH_URL',
        'HALO_API_URL',
        'HALO_MCP_CONFIG',
        'HALO_MCP_LOG_LEVEL',
      ].map((name) => [name, ' \n']),
    );
    const config = await found({ [JSON_NAME]: { output: { maxTokens: 777 } } }, blank);
    expect(config).toMatchObject({
      named: false,
      urls: undefined,
      clientSecret: undefined,
      output: { maxTokens: 777 },
      log: { level: 'info' },
    });
    const trimmed = await found({}, { HALO_INSTANCE_URL: ' https://env.example ', HALO_CLIENT_SECRET: ' s3cret\n' });
    expect([trimmed.urls?.api, trimmed.clientSecret]).toEqual(['https://env.example/api', 's3cret']);
  });

  test.each([
    ['INFO', 'info'],
    ['Debug', 'debug'],
    ['"warn"', 'warn'],
  ])('a log level is told by its word, however it is written: %s', async (word, level) => {
    const config = await found({}, { HALO_MCP_LOG_LEVEL: word });
    expect([config.log.level, config.warnings]).toEqual([level, []]);
  });

  test('an invalid log level is reported, and the log stays as usual', async () => {
    const config = await named({ log: { level: 'debug' } }, { HALO_MCP_LOG_LEVEL: 'Inof' });
    expect([config.log.level, config.warnings]).toEqual([
      'info',
      [
        'HALO_MCP_LOG_LEVEL is "Inof", which is not a log level, so "info" is used. Did you mean "info"? Levels: fatal, error, warn, info, debug, trace, silent.',
      ],
    ]);
  });
});

describe('an unknown key', () => {
  test.each<[string, unknown, string]>([
    ['at the top', { plugin: [] }, 'unknown key "plugin" at the top level. Did you mean "plugins"?'],
    ['in halo', { halo: { instanceURL: 'x' } }, 'unknown key "instanceURL" in "halo". Did you mean "instanceUrl"?'],
    ['in output', { output: { maxToken: 900 } }, 'unknown key "maxToken" in "output". Did you mean "maxTokens"?'],
    ['in log', { log: { lvl: 'info' } }, 'unknown key "lvl" in "log". Did you mean "level"?'],
    [
      'in a plugin',
      { plugins: ['tickets', { use: 'finance', tool: [] }] },
      'unknown key "tool" in "plugins[1]". Did you mean "tools"?',
    ],
    [
      'like nothing',
      { output: { zzzzzzzz: 1 } },
      'unknown key "zzzzzzzz" in "output". Known keys there: maxTokens, maxMinutes, secretFields.',
    ],
  ])('%s names the nearest one and the place', async (_, content, sentence) => {
    expect(await refusal(named(content))).toBe(`mine.json: ${sentence}`);
  });

  test('any key is right in the options of a plugin', async () => {
    const plugins = [{ use: 'finance', options: { anything: { at: ['all'] } } }];
    await expect(named({ plugins })).resolves.toMatchObject({ plugins });
  });
});

describe('a value that is wrong', () => {
  test.each<[unknown, string]>([
    [{ halo: { requestsPer5Minutes: 9 } }, '"halo.requestsPer5Minutes" must be at least 10, not 9'],
    [{ halo: { requestsPer5Minutes: 100_001 } }, '"halo.requestsPer5Minutes" must be at most 100000, not 100001'],
    [{ halo: { requestsPer5Minutes: 10.5 } }, '"halo.requestsPer5Minutes" must be a whole number, not 10.5'],
    [{ halo: { requestsPer5Minutes: '280' } }, '"halo.requestsPer5Minutes" must be a number, not a string'],
    [{ halo: { timeoutMs: 999 } }, '"halo.timeoutMs" must be at least 1000, not 999'],
    [{ halo: { timeoutMs: 45_001 } }, '"halo.timeoutMs" must be at most 45000, not 45001'],
    [{ output: { maxTokens: 499 } }, '"output.maxTokens" must be at least 500, not 499'],
    [{ output: { maxTokens: 100_001 } }, '"output.maxTokens" must be at most 100000, not 100001'],
    [{ halo: null }, '"halo" must be an object, not null'],
    [{ halo: { clientId: ['canary'] } }, '"halo.clientId" must be a string, not a list'],
    [{ plugins: 'tickets' }, '"plugins" must be a list, not a string'],
    [{ plugins: [5] }, '"plugins[0]" must be a name, or an object with "use", not 5'],
    [{ plugins: [{ tools: ['x'] }] }, '"plugins[0].use" must be a string'],
    [{ plugins: [{ use: 'finance', tools: [] }] }, '"plugins[0].tools" must be at least 1, not a list'],
    [{ exclude: [true] }, '"exclude[0]" must be a string, not true'],
    [
      { log: { level: 'loud' } },
      '"log.level" must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ],
  ])('the value in %j is refused: %s', async (content, sentence) => {
    expect(await refusal(named(content))).toBe(`mine.json: ${sentence}. Correct it there.`);
  });

  test.each([
    { halo: { requestsPer5Minutes: 10, timeoutMs: 1000 }, output: { maxTokens: 500 } },
    { halo: { requestsPer5Minutes: 100_000, timeoutMs: 45_000 }, output: { maxTokens: 100_000 } },
  ])('the bounds themselves are right: %j', async (content) => {
    await expect(named(content)).resolves.toMatchObject(content);
  });
});

describe('a secret inside the config file is refused, and where it goes is said', () => {
  test.each<[unknown, string]>([
    [{ halo: { clientSecret: 'canary' } }, 'halo.clientSecret'],
    [{ halo: { client_secret: 'canary' } }, 'halo.client_secret'],
    [{ halo: { password: 'canary' } }, 'halo.password'],
    [{ halo: { token: 'canary' } }, 'halo.token'],
    [{ halo: { apiKey: 'canary' } }, 'halo.apiKey'],
    [{ clientSecret: 'canary' }, 'clientSecret'],
    [{ HALO_CLIENT_SECRET: 'canary' }, 'HALO_CLIENT_SECRET'],
  ])('a secret in the config file is refused, and never shown: %j', async (content, key) => {
    for (const loading of [named(content), found({ [JSON_NAME]: content })]) {
      const sentence = await refusal(loading);
      expect(sentence).toContain(`"${key}" looks like a secret, and a secret does not belong in the config file.`);
      expect(sentence).toContain('HALO_CLIENT_SECRET, or into a file that HALO_CLIENT_SECRET_FILE names.');
      expect(sentence).not.toContain('canary');
    }
  });
});

describe('a secret in the place of another value', () => {
  const guid = '5f1c8e2a-9b34-4d07-8a61-2f0d7c3b9e15';
  const secret = `${guid}-9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8bc340`;

  test.each<[object, string, string?]>([
    [{ halo: { clientId: secret } }, 'halo.clientId', 'It may be swapped with the client id'],
    [{ customers: { contoso: { clientId: secret } } }, 'customers.contoso.clientId', 'HALO_CLIENT_SECRET_CONTOSO'],
    [{ halo: { tenant: secret } }, 'halo.tenant'],
    [{ halo: { clientSecretFile: `./${secret}` } }, 'halo.clientSecretFile'],
    [{ exclude: [secret] }, 'exclude.0'],
  ])('in a config it is refused: %#', async (content, key, words = 'HALO_CLIENT_SECRET') => {
    const sentence = await refusal(named(content));
    expect(sentence).toContain(`"${key}" looks like a secret, and a secret does not belong in the config file.`);
    expect(sentence).toContain(words);
    expect(sentence).not.toContain('c340');
  });

  test.each(['HALO_CLIENT_ID', 'HALO_TENANT', 'HALO_INSTANCE_URL', 'HALO_AUTH_URL'])(
    'of the environment, %s, it is a fault',
    async (name) => {
      const { halo } = await loadOne({ env: { [name]: secret, HALO_CLIENT_SECRET: guid }, cwd: folderWith() });
      expect(halo.faults).toEqual([
        expect.stringMatching(`^${name} holds what looks like a client secret\\. .* swapped with the client id`),
      ]);
      expect(JSON.stringify(halo)).not.toContain('c340');
    },
  );

  test('of another form is told as a client id that may be swapped', async () => {
    const odd = 'b3f9c2d1-7a6e-4d1b-9f2e';
    const { halo, warnings } = await loadOne({ env: { HALO_CLIENT_ID: odd }, cwd: folderWith() });
    expect([halo.faults, warnings]).toEqual([
      undefined,
      [expect.stringMatching(/^HALO_CLIENT_ID has not the form of .* swapped/)],
    ]);
    expect((await named({ halo: { clientId: odd } })).warnings[0]).toMatch(
      /mine\.json: "halo\.clientId" has not the form/,
    );
    for (const id of [guid, guid.toUpperCase()])
      expect((await loadOne({ env: { HALO_CLIENT_ID: id }, cwd: folderWith() })).warnings).toEqual([]);
  });
});

describe("the client secret's file", () => {
  test("the client secret's file may have blanks and line ends around the secret", async () => {
    const cwd = folderWith({ 'secret.txt': '  s3cret\n\n' });
    const config = await loadOne({ env: { HALO_CLIENT_SECRET_FILE: 'secret.txt' }, cwd });
    expect([config.clientSecret, config.warnings]).toEqual(['s3cret', []]);
  });

  test('named by the environment wins over that of the config; the secret itself wins over both', async () => {
    const cwd = folderWith({ a: 'from-a', b: 'from-b', 'mine.json': { halo: { clientSecretFile: 'a' } } });
    const load = (env: NodeJS.ProcessEnv) => loadOne({ file: 'mine.json', env, cwd }).then((c) => c.clientSecret);
    expect(await load({})).toBe('from-a');
    expect(await load({ HALO_CLIENT_SECRET_FILE: 'b' })).toBe('from-b');
    expect(await load({ HALO_CLIENT_SECRET_FILE: 'b', HALO_CLIENT_SECRET: 'direct' })).toBe('direct');
  });

  test.each([
    ['missing', {}, /can't be read\. Check the path and its permissions\.$/],
    ['empty', { secret: ' \n' }, /is empty\. Put the secret into it\.$/],
    ['a folder', { 'secret/x': '' }, /can't be read/],
  ])('%s is a warning, and the server starts without it', async (_, files, sentence) => {
    const config = await loadOne({ env: { HALO_CLIENT_SECRET_FILE: 'secret' }, cwd: folderWith(files) });
    expect(config.clientSecret).toBeUndefined();
    expect(config.warnings).toHaveLength(1);
    expect(config.warnings[0]).toMatch(sentence);
  });

  test.each([
    'C4nary53cr3t-7a6e-4d1b-9f2e',
    'b3f9c2d1-7a6e-4d1b-9f2e-0c4a91b6d2aa-5be1d7c3',
    'Zm9vYmFyYmF6cXV4MTIz+w==',
  ])('whose name is the secret itself, pasted in the place of a path, does not show it: %s', async (secret) => {
    const config = await loadOne({ env: { HALO_CLIENT_SECRET_FILE: secret }, cwd: folderWith({}) });
    expect(config.clientSecret).toBeUndefined();
    expect(JSON.stringify(config)).not.toContain(secret);
    expect(config.warnings[0]).toMatch(/its name looks like a secret, so it is not shown\. Name a file/);
  });

  test('that everybody may read works, with a warning', async () => {
    const cwd = folderWith({ secret: 's3cret' });
    chmodSync(join(cwd, 'secret'), 0o644);
    const config = await loadOne({ env: { HALO_CLIENT_SECRET_FILE: 'secret' }, cwd });
    expect(config.clientSecret).toBe('s3cret');
    expect(config.warnings[0]).toMatch(/can be read by everybody on this machine: chmod 600 it\.$/);
    expect(config.warnings[0]).not.toContain('s3cret');
  });
});

describe('the JSON schema for editors agrees with what is loaded', () => {
  const valid = new Ajv2020({ strict: false }).compile(configJsonSchema());
  test.each<[unknown]>([
    [{}],
    [{ $schema: './config/halo-mcp.schema.json' }],
    [{ plugins: ['tickets', { use: 'finance', tools: ['list_invoices'], options: { a: 1 } }] }],
    [{ plugins: [] }],
    [{ plugins: [''] }],
    [{ plugins: [5] }],
    [{ plugins: [{ use: 'x', tools: [] }] }],
    [{ plugins: [{ use: 'x', more: 1 }] }],
    [{ plugin: [] }],
    [{ halo: { instanceUrl: 'https://x', clientId: 'x', tenant: 'x' } }],
    [{ halo: { clientSecret: 'x' } }],
    [{ halo: { timeoutMs: 1000 } }],
    [{ halo: { timeoutMs: 45_001 } }],
    [{ halo: { requestsPer5Minutes: 12.5 } }],
    [{ output: { maxTokens: 499 } }],
    [{ output: { maxTokens: 500 } }],
    [{ log: { level: 'loud' } }],
    [{ exclude: ['x'], allowWrites: ['y'] }],
    [{ plugins: [{ use: 'x', allowWrites: ['y'], confirm: 'person', allowCustomerVisible: true }] }],
    [{ plugins: [{ use: 'x', confirm: 'nobody' }] }],
    [{ audit: { file: 'x' } }],
    [{ audit: { path: 'x' } }],
    [[]],
    ['x'],
  ])('the schema for editors agrees with what is loaded about %j', (config) => {
    expect(valid(config)).toBe(ConfigFile.safeParse(config).success);
  });
});
