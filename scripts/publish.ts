import { bundled } from '../cli/packs.js';
import { PREAMBLE } from '../core/session.js';
import pkg from '../package.json' with { type: 'json' };
import { cards } from './cards.js';

/** What a one-click installation asks for, by the environment variable that the answer fills. */
const QUESTIONS = {
  HALO_INSTANCE_URL: {
    key: 'instance_url',
    title: 'Address of your Halo',
    description: 'Such as https://yourcompany.halopsa.com',
    required: true,
    sensitive: false,
  },
  HALO_CLIENT_ID: {
    key: 'client_id',
    title: 'Client ID',
    description: 'Of the API application: Configuration > Integrations > Halo API, client credentials',
    required: true,
    sensitive: false,
  },
  HALO_CLIENT_SECRET: {
    key: 'client_secret',
    title: 'Client secret',
    description: 'Of the same API application',
    required: true,
    sensitive: true,
  },
  HALO_TENANT: {
    key: 'tenant',
    title: 'Tenant',
    description: "Only where Halo uses a shared log-in server: the Tenant of Halo's API Details",
    required: false,
    sensitive: false,
  },
  HALO_MCP_CONFIG: {
    key: 'config_file',
    title: 'Config file',
    description: 'halo-mcp.config.json, which says what packs are on; without one the default packs are',
    required: false,
    sensitive: false,
  },
} as const;

const questions = Object.entries(QUESTIONS);

/** server.json, which describes the package to the MCP registry. Schema of 2025-12-11. */
export function serverJson() {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: pkg.mcpName,
    title: 'Halo PSA',
    description: 'Read-only Halo PSA: tickets, clients, contracts, invoices, projects, assets; revenue that adds up.',
    version: pkg.version,
    packages: [
      {
        registryType: 'npm',
        identifier: pkg.name,
        version: pkg.version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: questions.map(([name, { description, required, sensitive, key }]) => ({
          name,
          description,
          isRequired: required,
          isSecret: sensitive,
          format: key === 'config_file' ? 'filepath' : 'string',
        })),
      },
    ],
  };
}

/** The manifest of the bundle that Claude Desktop installs with a click (MCPB 0.3). The secret goes to its keychain. */
export async function manifest() {
  const made = await cards();
  const on = Object.entries(made).flatMap(([name, card]) => (bundled[name]?.default ? [card] : []));
  return {
    manifest_version: '0.3',
    name: pkg.name,
    display_name: 'Halo PSA',
    version: pkg.version,
    description: pkg.description,
    long_description: PREAMBLE,
    author: { name: 'The halo-mcp authors' },
    license: pkg.license,
    keywords: pkg.keywords,
    server: {
      type: 'node',
      entry_point: 'dist/halo-mcp.js',
      mcp_config: {
        command: 'node',
        // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the bundle's own variables
        args: ['${__dirname}/dist/halo-mcp.js'],
        env: Object.fromEntries(questions.map(([name, { key }]) => [name, `\${user_config.${key}}`])),
        // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the bundle's own variables
      },
    },
    tools: on.flatMap(({ tools }) => tools.map(({ name, shown }) => ({ name, description: shown?.description ?? '' }))),
    prompts_generated: true,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: pkg.engines.node } },
    user_config: Object.fromEntries(
      questions.map(([, { key, title, description, required, sensitive }]) => [
        key,
        {
          type: key === 'config_file' ? 'file' : 'string',
          title,
          description,
          required,
          ...(sensitive && { sensitive }),
          // Without a default, the server would get the placeholder itself.
          ...(!required && { default: '' }),
        },
      ]),
    ),
  };
}
