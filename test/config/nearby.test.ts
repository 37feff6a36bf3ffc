import { describe, expect, test } from 'vitest';
import { folderWith, found, JSON_NAME, loadOne, named } from './folder.js';

const good = { HALO_INSTANCE_URL: 'https://acme.halopsa.com', HALO_CLIENT_ID: 'id', HALO_CLIENT_SECRET: 's3cret' };
const less = 'output:\n  maxTokens: 1000\n';

describe('a file in the working directory that seems to be meant as a config, and is not read', () => {
  test.each(
    [
      ['halo-mcp.config.yml', '.halo-mcp.json', 'halo-mcp.json', 'halo-mcp.config.jsonc', '.halo-mcprc'],
      ['halo-mcp.yaml', 'halo-mcp.config.mjs', 'halo-mcp.config.toml'],
    ].flat(),
  )('%s is named in one warning, and nothing of it counts', async (name) => {
    const config = await found({ [name]: less }, good);
    expect(config).toMatchObject({ file: undefined, output: { maxTokens: 10_000 } });
    expect(config.warnings).toEqual([
      expect.stringMatching(
        `/${name} is not read: without --config only halo-mcp\\.config\\.json or halo-mcp\\.config\\.yaml is\\. Rename it, or name it with --config\\.$`,
      ),
    ]);
  });

  test('several are one warning', async () => {
    const { warnings } = await found({ 'halo-mcp.json': {}, 'halo-mcp.config.yml': less }, good);
    expect(warnings).toEqual([expect.stringMatching(/config\.yml, \S*halo-mcp\.json are not read/)]);
  });

  test('beside the one that is read: so is the YAML beside the JSON', async () => {
    const { file, warnings } = await found({ [JSON_NAME]: {}, 'halo-mcp.config.yaml': less }, good);
    expect(warnings).toEqual([expect.stringContaining(`halo-mcp.config.yaml is not read: ${file} is.`)]);
  });

  test.each(['halo-mcp.config.json', 'halo-mcp.config.yaml', 'halo-mcp.tokens.json', 'halo-mcp.audit.jsonl'])(
    'a working directory that holds %s is read without a warning',
    async (name) => expect((await found({ [name]: name.endsWith('yaml') ? less : {} }, good)).warnings).toEqual([]),
  );

  test.each(['halo-mcp.js', 'halo-mcp.ts', '.halo-mcp.mjs'])('not %s, which may be a program', async (name) =>
    expect((await found({ [name]: '' }, good)).warnings).toEqual([]),
  );

  test('nothing is said where the config was named', async () => {
    const cwd = folderWith({ 'halo-mcp.config.yml': less, 'mine.json': {} });
    expect((await loadOne({ file: 'mine.json', env: good, cwd })).warnings).toEqual([]);
    expect((await loadOne({ file: 'halo-mcp.config.yml', env: good, cwd })).output.maxTokens).toBe(1000);
  });
});

describe('a variable that nobody reads, and that seems to be meant as one of ours', () => {
  const load = (env: NodeJS.ProcessEnv) => loadOne({ env, cwd: folderWith() });

  test.each([
    ['HALO_SECRET', 'HALO_CLIENT_SECRET'],
    ['HALO_API_SECRET', 'HALO_CLIENT_SECRET'],
    ['HALO_CLIENTSECRET', 'HALO_CLIENT_SECRET'],
    ['HALOPSA_CLIENT_SECRET', 'HALO_CLIENT_SECRET'],
    ['HALO_MCP_CLIENT_SECRET', 'HALO_CLIENT_SECRET'],
    ['HALO_CLIENTID', 'HALO_CLIENT_ID'],
    ['HALO_APP_ID', 'HALO_CLIENT_ID'],
    ['halo_client_id', 'HALO_CLIENT_ID'],
    ['HALO_URL', 'HALO_INSTANCE_URL'],
    ['HALO_BASE_URL', 'HALO_INSTANCE_URL'],
    ['HALO_HOST', 'HALO_INSTANCE_URL'],
    ['HALO_MCP_CONFG', 'HALO_MCP_CONFIG'],
    ['HALO_MCP_LOGLEVEL', 'HALO_MCP_LOG_LEVEL'],
  ])('%s: the variable is %s', async (name, meant) => {
    const { warnings } = await load({ [name]: 'canary' });
    expect(warnings).toEqual([`${name} is not read: the variable is ${meant}.`]);
  });

  test.each(['HALO_HOME', 'HALO_MCP_TOKEN', 'HALOGEN_X', 'HALO_CLIENT_SECRET_CONTOSO'])(
    "the variable %s is nobody's mistake, and is not warned of",
    async (name) => {
      expect((await load({ [name]: 'canary' })).warnings).toEqual([]);
    },
  );

  test('not where the setting is given, by its variable or in the config', async () => {
    const others = { HALO_URL: 'x', HALO_SECRET: 'x', HALO_CLIENTID: 'x' };
    expect((await load({ ...good, ...others })).warnings).toEqual([]);
    const { HALO_CLIENT_SECRET } = good;
    const halo = { instanceUrl: 'https://acme.halopsa.com', clientId: 'id' };
    expect((await named({ halo }, { HALO_CLIENT_SECRET, ...others })).warnings).toEqual([]);
  });
});
