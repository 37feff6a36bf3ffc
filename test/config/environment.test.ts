import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/index.js';
import { folderWith, loadOne, named, refusal } from './folder.js';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: what a template looks like
const good = {
  HALO_INSTANCE_URL: 'https://acme.halopsa.com',
  HALO_CLIENT_ID: '6f1c1a34',
  HALO_CLIENT_SECRET: 'a-real-secret',
};
const load = (env: NodeJS.ProcessEnv, files: Record<string, unknown> = {}) =>
  loadOne({ env: { ...good, ...env }, cwd: folderWith(files) });

describe('a placeholder that nothing filled in is named by its variable', () => {
  test.each(['${user_config.x}', '{{ x }}', '<your-value>', '$(X)', '%X_Y%', '$X', 'your-client-id', 'YOUR_SECRET'])(
    'a variable that still holds %s is named, without the value',
    async (value) => {
      const names = ['HALO_CLIENT_ID', 'HALO_CLIENT_SECRET', 'HALO_INSTANCE_URL', 'HALO_TENANT', 'HALO_MCP_CONFIG'];
      for (const name of [...names, 'HALO_CLIENT_SECRET_FILE', 'HALO_AUTH_URL', 'HALO_API_URL', 'HALO_MCP_CUSTOMER']) {
        const { halo } = await load({ [name]: value });
        expect([name, halo.faults]).toEqual([name, [expect.stringMatching(new RegExp(`^${name} still holds the `))]]);
        expect(halo.faults?.[0]).not.toContain(value);
      }
    },
  );

  test.each(['https://${HALO_HOST}', 'https://<your-company>.halopsa.com', 'https://yourcompany.halopsa.com'])(
    'also inside of an address: %s',
    async (value) => {
      const { halo } = await load({ HALO_INSTANCE_URL: value });
      expect(halo.faults).toEqual([expect.stringMatching(/^HALO_INSTANCE_URL still holds the /)]);
    },
  );

  test('a secret may hold any character, as long as it is more than a placeholder', async () => {
    for (const secret of ['ab${c}de', '<a', 'x{{y}}z', '%20%41b', 'yours-truly']) {
      const { halo, clientSecret } = await load({ HALO_CLIENT_SECRET: secret });
      expect([clientSecret, halo.faults]).toEqual([secret, undefined]);
    }
  });

  test.each(['https://yourit.halopsa.com', 'https://my-company.halopsa.com'])('%s is somebody’s', async (value) => {
    expect((await load({ HALO_INSTANCE_URL: value })).halo.faults).toBeUndefined();
  });

  test('in the variable of one customer of several it is that one’s', async () => {
    const customers = { contoso: {}, fabrikam: {} };
    const cwd = folderWith({ 'mine.json': { customers } });
    const env = { HALO_CLIENT_SECRET_CONTOSO: '${SECRET}', HALO_CLIENT_SECRET_FABRIKAM: 's3cret' };
    const config = await loadConfig({ file: 'mine.json', env, cwd });
    expect(config.customers.contoso?.faults).toEqual([expect.stringMatching(/^HALO_CLIENT_SECRET_CONTOSO still/)]);
    expect(config.customers.fabrikam?.faults).toBeUndefined();
  });
});

describe('the value of an example that a config still holds counts as not set, and is told', () => {
  const values = { instanceUrl: 'https://yourcompany.halopsa.com', clientId: 'your-client-id', tenant: '<tenant>' };

  test.each(
    Object.entries({ ...values, clientSecretFile: '{{ file }}', apiUrl: 'https://yourcompany.halopsa.com/api' }),
  )("an example's value of %s counts as not set, and is told", async (setting, value) => {
    for (const [customer, content] of [
      ['halo', { halo: { [setting]: value } }],
      ['customers.contoso', { customers: { contoso: { [setting]: value } } }],
    ] as const) {
      const cwd = folderWith({ 'mine.json': content });
      const config = await loadConfig({ file: 'mine.json', env: {}, cwd });
      const [own] = Object.values(config.customers);
      expect(own?.warnings).toEqual([expect.stringMatching(`mine\\.json: "${customer}\\.${setting}" still holds `)]);
      expect([own?.unfilled, own?.faults]).toEqual([own?.warnings, undefined]);
      expect(JSON.stringify(own)).not.toContain(value);
    }
  });

  test('unless the environment has the value itself', async () => {
    const { halo, clientSecret } = await named(
      { halo: { ...values, clientSecretFile: '<file>' } },
      { ...good, HALO_TENANT: 'acme' },
    );
    expect([halo.unfilled, halo.clientId, clientSecret]).toEqual([undefined, '6f1c1a34', 'a-real-secret']);
  });
});

describe('an address of the environment that can not be used', () => {
  test.each([
    ['nonsense', 'is not a URL'],
    ['http://acme.halopsa.com', 'must start with https://'],
    ['https://me:canary@acme.halopsa.com', 'holds user:password'],
  ])('%s is a fault of each call; in a file it stops the start', async (value, words) => {
    const { halo, urls } = await load({ HALO_INSTANCE_URL: value });
    expect(halo.faults).toEqual([expect.stringContaining(`HALO_INSTANCE_URL ${words}`)]);
    expect([urls, JSON.stringify(halo).includes('canary')]).toEqual([undefined, false]);
    expect(await refusal(named({ halo: { instanceUrl: value } }))).toContain(`mine.json: "halo.instanceUrl" ${words}`);
  });
});

test('env files of Docker keep their quotes: one pair is taken off', async () => {
  const quoted = { HALO_INSTANCE_URL: '"acme.halopsa.com/portal"', HALO_CLIENT_ID: "'id'", HALO_TENANT: '""' };
  const { halo, clientSecret } = await load({ ...quoted, HALO_CLIENT_SECRET: '"s3cret"' });
  expect([halo.clientId, clientSecret, halo.faults]).toEqual(['id', 's3cret', undefined]);
  expect(halo.urls).toEqual({ token: 'https://acme.halopsa.com/auth/token', api: 'https://acme.halopsa.com/api' });
  expect(halo.corrected).toEqual(['HALO_INSTANCE_URL is read as https://acme.halopsa.com; set it to that.']);
});

describe("the client secret's file", () => {
  const SECRET = '8f2c5a1e-7d0b-4c55';
  const read = (bytes: Buffer | string, env: NodeJS.ProcessEnv = {}) =>
    load({ HALO_CLIENT_SECRET: '', HALO_CLIENT_SECRET_FILE: 'secret', ...env }, { secret: bytes });

  test.each([
    ['UTF-8 with its mark', `\uFEFF${SECRET}\r\n`],
    ['quotes', `"${SECRET}"`],
    ['typographic quotes', `“${SECRET}”\n`],
    ['the name of its variable', `HALO_CLIENT_SECRET=${SECRET}\n`],
    ['an exported variable in quotes', `export HALO_CLIENT_SECRET='${SECRET}'`],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${SECRET}\r\n`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(SECRET, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${SECRET}`, 'utf16le').swap16()],
  ])('the client secret is read from a file in %s', async (_, bytes) => {
    const { clientSecret, halo } = await read(bytes);
    expect([clientSecret, halo.faults]).toEqual([SECRET, undefined]);
  });

  test.each([
    ['', 'is empty'],
    ['<your-client-secret>', 'still holds the placeholder <…>'],
    [`${SECRET}\nHALO_CLIENT_ID=x`, 'holds more than one line'],
  ])('with %j in it is a fault that names the variable, and repeats nothing', async (text, words) => {
    const { clientSecret, halo } = await read(text);
    expect(clientSecret).toBeUndefined();
    expect(halo.faults).toEqual([expect.stringContaining(words)]);
    expect(halo.faults?.[0]).toMatch(/^HALO_CLIENT_SECRET_FILE can't be used\. The client secret's file /);
    expect(halo.faults?.[0]).not.toContain(SECRET);
  });

  test('by a path as a shell or Windows writes it', async () => {
    const home = folderWith({ 'own/halo secret': SECRET });
    for (const path of ['~/own/halo secret', '%USERPROFILE%/own/halo secret', '"%Place%/halo secret"']) {
      const env = { HOME: home, USERPROFILE: home, PLACE: join(home, 'own'), HALO_CLIENT_SECRET_FILE: path };
      expect([path, (await read('other', env)).clientSecret]).toEqual([path, SECRET]);
      const file = path.replaceAll('"', '');
      const content = { halo: { clientSecretFile: file } };
      expect((await named(content, { HOME: home, PLACE: join(home, 'own') })).clientSecret).toBe(SECRET);
    }
  });

  test('a missing file named by the config is not blamed on the environment', async () => {
    const { halo } = await named({ halo: { clientSecretFile: 'gone' } }, { HALO_CLIENT_ID: 'id' });
    expect([halo.faults, halo.warnings]).toEqual([undefined, [expect.stringContaining("gone can't be read")]]);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: what a template looks like
