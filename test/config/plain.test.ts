/** The check of a plain config that the build compiles, held against the schema that it is compiled from. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConfigFile, readConfigFile } from '../../config/index.js';
import { plainCheck } from '../../scripts/plain-check.js';

let fillIfPlain: (config: unknown) => boolean;
beforeAll(async () => {
  ({ fillIfPlain } = await import(`data:text/javascript,${encodeURIComponent(plainCheck())}`));
});

/** A config as the compiled check fills it in; undefined if it does not take it. */
function filled(config: unknown): unknown {
  const copy = structuredClone(config);
  return fillIfPlain(copy) ? copy : undefined;
}

/** Every place of a config, and one that it does not have. */
const PLACES = [
  ...['$schema', 'plugins', 'plugins.0', 'exclude', 'exclude.0', 'timeZone', 'customers', 'customers.acme', 'other'],
  ...[
    'use',
    'tools',
    'tools.0',
    'options',
    'allowWrites',
    'allowWrites.0',
    'confirm',
    'allowCustomerVisible',
    'other',
  ].map((key) => `plugins.0.${key}`),
  ...[
    'instanceUrl',
    'clientId',
    'tenant',
    'clientSecretFile',
    'authUrl',
    'apiUrl',
    'requestsPer5Minutes',
    'timeoutMs',
  ].map((key) => `halo.${key}`),
  ...['halo', 'halo.other', 'audit', 'audit.file', 'audit.other', 'log', 'log.level', 'log.other'],
  ...['', '.maxTokens', '.maxMinutes', '.other', '.secretFields', '.secretFields.add', '.secretFields.add.0'].map(
    (key) => `output${key}`,
  ),
  ...['output.secretFields.allow.0', 'output.secretFields.other'],
  ...['', '.tokens', '.hosts', '.hosts.0', '.origins', '.origins.0', '.trustedProxies', '.trustedProxies.0'].map(
    (key) => `http${key}`,
  ),
  ...['http.callsPerMinute', 'http.oauth', 'http.oauth.rules', 'http.other'],
];

const VALUES: unknown[] = [
  ...[undefined, null, true, {}, [], [[]], { a: 1 }, { rules: [{ packs: ['tickets'] }], audience: 'a' }],
  ...[-1, 0, 1, 9, 10, 60, 61, 280, 499, 500, 999, 1000, 1.5, 45_000, 45_001, 100_000, 100_001, 2 ** 53, Number.NaN],
  ...['', ' ', 'a', 'person', 'preview', 'info', 'loud', 'Europe/London', './x.mjs', 'a.b:80', '[::1]', '10.0.0.0/8'],
  ...['https://a.b', 'https://a.b/c', '🎫', 'é', '🎫'.repeat(60), 'x'.repeat(100), 'x'.repeat(101), 'a'.repeat(261)],
];

/** A config with this value at one place; the entry of a pack has a name of its own. */
function configWith(place: string, value: unknown): unknown {
  const [first = '', ...rest] = place.split('.');
  const inner = rest.length === 0 ? value : configWith(rest.join('.'), value);
  if (first === '0')
    return [rest.length === 0 || place.startsWith('0.use') ? inner : { use: 'a', ...(inner as object) }];
  return { [first]: inner };
}

describe('what the compiled check takes', () => {
  test('the schema takes as well, with the same defaults', () => {
    const taken = new Set<string>();
    for (const place of PLACES)
      for (const value of VALUES) {
        const one = configWith(place, value);
        const plain = filled(one);
        if (plain === undefined) continue;
        taken.add(place);
        expect(ConfigFile.parse(one), JSON.stringify(one)).toEqual(plain);
      }
    const ruled = ['customers.acme', 'http.oauth.rules'];
    const never = PLACES.filter((place) => place.endsWith('other') || ruled.includes(place));
    expect(PLACES.filter((place) => !taken.has(place))).toEqual(never);
  });

  test.each([
    ['none', {}],
    [
      'packs, by name and narrowed',
      { plugins: ['tickets', { use: 'finance', tools: ['list_invoices'], options: { a: 1 } }] },
    ],
    ['a Halo and its limits', { halo: { instanceUrl: 'https://a.halopsa.com', clientId: 'a', timeoutMs: 1000 } }],
    ['writes', { plugins: [{ use: 'desk-actions', allowWrites: ['add_private_note'], confirm: 'person' }] }],
  ])('are the usual configs: %s', (_, one) => {
    expect(filled(one)).toEqual(ConfigFile.parse(one));
  });

  test('is nothing with a rule that JSON schema can not say', () => {
    for (const one of [{ timeZone: 'Europe/London' }, { customers: { acme: {} } }]) {
      expect(ConfigFile.safeParse(one).success).toBe(true);
      expect(filled(one)).toBeUndefined();
    }
  });

  test('are the examples, but for the one of several customers', async () => {
    const folder = join(import.meta.dirname, '../../config/examples');
    for (const name of readdirSync(folder)) {
      const plain = filled(await readConfigFile(join(folder, name)));
      expect(plain === undefined, name).toBe(name === 'several-customers.json');
    }
  });
});
