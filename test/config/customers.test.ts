import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Config,
  ConfigFile,
  configJsonSchema,
  loadConfig,
  oneOf,
  secretVariable,
  settingsOf,
} from '../../config/index.js';
import { folderWith, found, JSON_NAME, named, refusal } from './folder.js';

const halo = (name: string) => ({ instanceUrl: `https://${name}.example`, clientId: `${name}-id` });
const two = { contoso: halo('contoso'), fabrikam: halo('fabrikam') };
const load = (content: object, env: NodeJS.ProcessEnv = {}, customer?: string) =>
  loadConfig({ file: 'mine.json', env, cwd: folderWith({ 'mine.json': content }), customer });

describe('the customers of a config', () => {
  test('one in "halo" is named default, and takes the environment as ever', async () => {
    const config = await named(
      { halo: { ...halo('file'), timeoutMs: 5000 }, plugins: ['tickets'], exclude: ['get_ticket'] },
      { HALO_CLIENT_ID: 'env', HALO_CLIENT_SECRET: 's3cret' },
    );
    expect(settingsOf(config)).toMatchObject({ plugins: ['tickets'], exclude: ['get_ticket'], named: true });
    expect([oneOf(config), config.several]).toEqual(['default', false]);
    expect(settingsOf(config).customers).toEqual({
      default: {
        ...{ name: 'default', clientId: 'env', clientSecret: 's3cret', requestsPer5Minutes: 280, timeoutMs: 5000 },
        urls: { token: 'https://file.example/auth/token', api: 'https://file.example/api' },
        ...{ plugins: undefined, exclude: undefined, warnings: [] },
      },
    });
  });

  test('without any config there is the same one', async () => {
    const config = await found({});
    expect([Object.keys(config.customers), config.several]).toEqual([['default'], false]);
  });

  test('each of several has its address, its limits, its packs and its secret', async () => {
    const cwd = folderWith({
      'etc/secret': 'from-file\n',
      'etc/mine.json': {
        customers: {
          contoso: { ...halo('contoso'), clientSecretFile: 'secret', requestsPer5Minutes: 100, plugins: ['./in.mjs'] },
          fabrikam: { ...halo('fabrikam'), tenant: 'fab', apiUrl: 'https://api.example/api', exclude: [] },
        },
        plugins: ['tickets'],
        exclude: ['get_ticket'],
      },
    });
    const env = { HALO_CLIENT_SECRET_FABRIKAM: ' direct ' };
    const config = await loadConfig({ file: 'etc/mine.json', env, cwd });
    expect(config.several).toBe(true);
    expect(settingsOf(config)).toMatchObject({
      directory: join(cwd, 'etc'),
      plugins: ['tickets'],
      exclude: ['get_ticket'],
      warnings: [],
      customers: {
        contoso: { clientSecret: 'from-file', requestsPer5Minutes: 100, timeoutMs: 30_000, plugins: ['./in.mjs'] },
        fabrikam: {
          clientSecret: 'direct',
          urls: { token: 'https://fabrikam.example/auth/token?tenant=fab', api: 'https://api.example/api' },
          exclude: [],
        },
      },
    });
    expect(config.customers.contoso?.exclude).toBeUndefined();
    expect(config.customers.fabrikam?.plugins).toBeUndefined();
  });

  test('a secret in the environment wins over the file of its customer, and is nobody else’s', async () => {
    const cwd = folderWith({
      ...{ a: 'file-a', b: 'file-b' },
      'mine.json': { customers: { 'a-1': { clientSecretFile: 'a' }, b: { clientSecretFile: 'b' } } },
    });
    const { customers } = await loadConfig({ file: 'mine.json', env: { HALO_CLIENT_SECRET_A_1: 'direct' }, cwd });
    expect([customers['a-1']?.clientSecret, customers.b?.clientSecret]).toEqual(['direct', 'file-b']);
  });

  test('an oddity of one secret’s file is reported only for its customer', async () => {
    const customers = { contoso: { ...halo('contoso'), clientSecretFile: 'gone' }, fabrikam: halo('fabrikam') };
    const settings = settingsOf(await load({ customers }));
    expect(settings.customers.contoso?.warnings).toEqual([expect.stringMatching(/gone can't be read/)]);
    expect([settings.customers.fabrikam?.warnings, settings.warnings]).toEqual([[], []]);
  });

  test('a variable that belongs to no customer is reported, with the nearest one that does', async () => {
    const { warnings } = await load({ customers: two }, { HALO_CLIENT_SECRET_CONTOSSO: 'x' });
    expect(warnings).toEqual([
      'HALO_CLIENT_SECRET_CONTOSSO belongs to no customer in the config. Did you mean "HALO_CLIENT_SECRET_CONTOSO"?',
    ]);
    expect((await load({}, { HALO_CLIENT_SECRET_CONTOSSO: 'x' })).warnings).toEqual([]);
  });

  test('the only one of "customers" takes the variables without a name, too; its own secret wins', async () => {
    const env = { HALO_INSTANCE_URL: 'https://env.example', HALO_CLIENT_SECRET: 'plain' };
    const one = await load({ customers: { contoso: halo('contoso') } }, env);
    expect(one).toMatchObject({ several: false, customers: { contoso: { clientSecret: 'plain' } } });
    expect(one.customers.contoso?.urls?.api).toBe('https://env.example/api');
    const own = await load({ customers: { contoso: {} } }, { ...env, HALO_CLIENT_SECRET_CONTOSO: 'own' });
    expect(own.customers.contoso?.clientSecret).toBe('own');
  });
});

describe('with several, a variable that does not say whose it is is refused', () => {
  test.each([
    ['HALO_CLIENT_SECRET', 'HALO_CLIENT_SECRET_CONTOSO'],
    ['HALO_CLIENT_SECRET_FILE', '"clientSecretFile" in "customers"'],
    ['HALO_INSTANCE_URL', 'Set "instanceUrl" of each in "customers"'],
    ['HALO_CLIENT_ID', 'Set "clientId" of each in "customers"'],
    ['HALO_TENANT', 'Set "tenant" of each in "customers"'],
    ['HALO_AUTH_URL', 'Set "authUrl" of each in "customers"'],
    ['HALO_API_URL', 'Set "apiUrl" of each in "customers"'],
  ])('%s, with both ways out', async (variable, way) => {
    for (const customer of [undefined, 'contoso']) {
      const sentence = await refusal(load({ customers: two }, { [variable]: 'canary' }, customer));
      expect(sentence).toContain(`${variable} does not say which customer it is for, and mine.json names 2. `);
      expect(sentence).toContain(way);
      expect(sentence).toContain('or serve one customer alone, with "halo" in place of "customers".');
      expect(sentence).not.toContain('canary');
    }
  });

  test('one of nothing but blanks counts as not set', async () => {
    await expect(load({ customers: two }, { HALO_CLIENT_ID: ' ' })).resolves.toMatchObject({
      customers: { contoso: {}, fabrikam: {} },
    });
  });
});

describe('which customer', () => {
  test('the flag, then HALO_MCP_CUSTOMER, then the only one, else none', async () => {
    const env = { HALO_MCP_CUSTOMER: ' fabrikam ' };
    const names = (config: Promise<Config>) => config.then(({ customers }) => Object.keys(customers));
    expect(await names(load({ customers: two }, env, 'contoso'))).toEqual(['contoso']);
    expect(await names(load({ customers: two }, env))).toEqual(['fabrikam']);
    expect(await names(load({ customers: two }, { HALO_MCP_CUSTOMER: ' ' }))).toEqual(['contoso', 'fabrikam']);
    expect(await names(load({ customers: { contoso: {} } }))).toEqual(['contoso']);
    expect(await names(load({}, { HALO_MCP_CUSTOMER: 'default' }))).toEqual(['default']);
  });

  test('the secrets of the others are not read, but their addresses are looked at', async () => {
    const customers = { contoso: halo('contoso'), fabrikam: { ...halo('fabrikam'), clientSecretFile: 'gone' } };
    const env = { HALO_CLIENT_SECRET_CONTOSO: 'mine', HALO_CLIENT_SECRET_FABRIKAM: 'canary' };
    const config = await load({ customers }, env, 'contoso');
    expect(JSON.stringify(config)).not.toMatch(/canary|gone/);
    expect(settingsOf(config)).toMatchObject({ warnings: [], customers: { contoso: { clientSecret: 'mine' } } });
  });

  test.each<[string | undefined, NodeJS.ProcessEnv, string]>([
    ['contosso', {}, '--customer names "contosso", which is not a customer of mine.json. Did you mean "contoso"? Cust'],
    ['', {}, '--customer names "", which is not a customer of mine.json. Customers: contoso, fabrikam.'],
    ['constructor', {}, '--customer names "constructor", which is not a customer of mine.json.'],
    ['__proto__', {}, '--customer names "__proto__", which is not a customer of mine.json.'],
    [undefined, { HALO_MCP_CUSTOMER: 'Contoso' }, 'HALO_MCP_CUSTOMER names "Contoso", which is not a customer'],
  ])('%j %j: the names and the nearest', async (flag, env, sentence) => {
    expect(await refusal(load({ customers: two }, env, flag))).toContain(sentence);
  });

  test('a name is refused if there are no customers: the one Halo may be somebody else’s', async () => {
    expect(await refusal(load({}, { HALO_MCP_CUSTOMER: 'contoso' }))).toBe(
      'HALO_MCP_CUSTOMER names the customer "contoso", and there are no "customers" in mine.json. Leave it out, or name a config that has the customer with --config.',
    );
  });

  test('if one is needed and none was chosen, all are named', async () => {
    const config = await load({ customers: two });
    expect(() => oneOf(config)).toThrow(
      /names 2 customers, and none was chosen\. Add --customer NAME, or set HALO_MCP_CUSTOMER\. Customers: contoso, fabrikam\.$/,
    );
    expect(oneOf(await load({}))).toBe('default');
  });
});

describe('customers that are refused', () => {
  test.each(['Contoso', 'contoso_ltd', 'contoso ltd', '1st', '-a', '', 'a'.repeat(41), 'default', 'file', 'ä'])(
    'a customer may not be named %j',
    async (name) => {
      const sentence = await refusal(load({ customers: { [name]: {}, fine: {} } }));
      expect(sentence).toContain('is not a valid customer name: use up to 40 lower-case letters');
      expect(sentence).toMatch(/^mine\.json: "customers\./);
    },
  );

  test.each<[unknown, string]>([
    [{ customers: {} }, '"customers" names no customer: add one, or take it out. Correct it there.'],
    [{ customers: [] }, '"customers" must be'],
    [{ customers: { contoso: 'x' } }, '"customers.contoso" must be an object, not a string'],
    [
      { customers: { contoso: { instanceURL: 'x' } } },
      'unknown key "instanceURL" in "customers.contoso". Did you mean "instanceUrl"?',
    ],
    [{ customers: { contoso: { allowWrites: [] } } }, 'unknown key "allowWrites" in "customers.contoso".'],
    [{ customers: { contoso: { plugins: [{ use: 'x', tool: [] }] } } }, 'Did you mean "tools"?'],
    [{ customers: { contoso: { timeoutMs: 999 } } }, '"customers.contoso.timeoutMs" must be at least 1000, not 999'],
    [{ halo: {}, customers: two }, '"halo" and "customers" can\'t be used together.'],
    [
      { customers: { contoso: { clientSecret: 'canary' } } },
      '"customers.contoso.clientSecret" looks like a secret, and a secret does not belong in the config file. Put it into the environment variable HALO_CLIENT_SECRET_CONTOSO, or',
    ],
    [
      { customers: { contoso: { plugins: [{ use: 'x', options: { apiKey: 'canary' } }] } } },
      'Let the plugin read it from an environment variable or a file of its own.',
    ],
  ])('a secret in the config of a customer is refused, with where it goes: %j', async (content, words) => {
    const sentence = await refusal(load(content as object));
    expect(sentence).toContain(words);
    expect(sentence).not.toContain('canary');
  });

  test.each([
    ['http://contoso.example', 'must start with https://'],
    ['https://u:p@contoso.example', 'holds user:password'],
    ['nonsense', 'is not a URL'],
  ])('the address %j, by its place in the file', async (instanceUrl, words) => {
    const sentence = await refusal(load({ customers: { contoso: { instanceUrl }, fabrikam: {} } }, {}, 'fabrikam'));
    expect(sentence).toContain(`"customers.contoso.instanceUrl" ${words}`);
  });

  test('any at all in a config that was merely found', async () => {
    expect(await refusal(found({ [JSON_NAME]: { customers: { contoso: halo('contoso') } } }))).toBe(
      `${JSON_NAME} was found in the working directory, not named, so it may not set customers.contoso.instanceUrl. ` +
        `Name it with --config ${JSON_NAME} or HALO_MCP_CONFIG if you trust it.`,
    );
    expect(await refusal(found({ [JSON_NAME]: { customers: { contoso: {} } } }))).toContain('customers.contoso.');
    expect(await refusal(found({ [JSON_NAME]: { customers: { contoso: { plugins: ['tickets'] } } } }))).toContain(
      'may not set customers.contoso.plugins.',
    );
  });
});

test('no two names have one variable for their secrets, and none has that of another setting', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/).filter((one) => one !== 'default' && one !== 'file');
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(secretVariable(a)).toMatch(/^HALO_CLIENT_SECRET_[A-Z][A-Z0-9_]*$/);
      expect(secretVariable(a)).not.toBe('HALO_CLIENT_SECRET_FILE');
      expect(secretVariable(a) === secretVariable(b)).toBe(a === b);
    }),
  );
});

describe('the JSON schema for editors agrees', () => {
  const valid = new Ajv2020({ strict: false }).compile(configJsonSchema());
  test.each<[unknown]>([
    [{ customers: two }],
    [{ customers: {} }],
    [{ customers: { Contoso: {} } }],
    [{ customers: { default: {} } }],
    [{ customers: { file: {} } }],
    [{ customers: { a: { plugins: ['tickets'], exclude: ['x'] } } }],
    [{ customers: { a: { more: 1 } } }],
  ])('the schema for editors takes what the server takes, and nothing else: %j', (config) => {
    expect(valid(config)).toBe(ConfigFile.safeParse(config).success);
  });

  test('"halo" beside "customers" is marked, as it is refused', () => {
    expect(valid({ halo: {}, customers: two })).toBe(false);
  });
});
