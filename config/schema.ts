import { z } from 'zod';

const name = (what: string) => z.string().min(1).describe(what);

const Entry = z.strictObject({
  use: name('A bundled pack, a path to a plugin file (./…), or an npm package.'),
  tools: z.array(z.string()).min(1).optional().describe("Keep only these of the pack's tools."),
  options: z.record(z.string(), z.unknown()).optional().describe('Settings that the pack itself understands.'),
});

/** One pack: its name, or an entry that narrows it, gives it options, or loads it from a file or an npm package. */
export const PluginEntry = z.union([name('A bundled pack, a path to a plugin file (./…), or an npm package.'), Entry]);

/** What is said of one Halo. The secret never stands here. */
const HaloSettings = z.strictObject({
  instanceUrl: z.string().optional().describe('https://yourcompany.halopsa.com.'),
  clientId: z.string().optional().describe('Client ID of the API application in Halo.'),
  tenant: z.string().optional().describe('Only where Halo uses a shared log-in server.'),
  clientSecretFile: z.string().optional().describe('File that holds the client secret.'),
  authUrl: z.string().optional().describe('Authorisation server, where it is not <instance>/auth.'),
  apiUrl: z.string().optional().describe('Resource server, where it is not <instance>/api.'),
  requestsPer5Minutes: z.int().min(10).max(100_000).default(280).describe("Halo's limit is 300 at worst."),
  timeoutMs: z.int().min(1000).max(45_000).default(30_000).describe('Longest time for one request.'),
});

const Plugins = z.array(PluginEntry).optional();

/**
 * A customer's name. It can't be written in two ways, so that the variable of its secret is nobody else's: `default` is
 * the one in `halo`, and HALO_CLIENT_SECRET_FILE names a file.
 */
const CustomerName = z
  .string()
  .regex(
    /^(?!(?:default|file)$)[a-z][a-z0-9-]{0,39}$/,
    'is no name for a customer: take up to 40 lower-case letters, digits and hyphens, a letter first, and neither "default" nor "file"',
  );

/** One of several: its Halo, and what is on for it where that is not the same for all. */
const Customer = HaloSettings.extend({
  plugins: Plugins.describe('The packs that are on for this customer, in place of the general ones.'),
  exclude: z.array(z.string()).optional().describe('Tools that are off for it, in place of the general ones.'),
});

const Customers = z
  .record(CustomerName, Customer)
  .refine((all) => Object.keys(all).length > 0, 'names no customer: add one, or take it out');

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of custom fields; each says something. */
const FieldNames = z
  .array(
    z
      .string()
      .max(100)
      .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit'),
  )
  .max(500)
  .default([]);

/** halo-mcp.config.json. Every default of the configuration stands here and nowhere else. */
export const ConfigFile = z.strictObject({
  $schema: z.string().optional(),
  halo: HaloSettings.prefault({}),
  customers: Customers.optional().describe(
    'In place of "halo" where there are several: each by its name. Only in a config that was named.',
  ),
  plugins: Plugins.describe('The packs that are on. Left out: all that are on by default.'),
  exclude: z.array(z.string()).default([]).describe('Tools that are off, whatever pack brings them.'),
  allowWrites: z.array(z.string()).default([]).describe('Tools that may change Halo. No bundled tool does.'),
  output: z
    .strictObject({
      maxTokens: z.int().min(500).max(100_000).default(10_000).describe('Longest answer; more is cut by whole rows.'),
      secretFields: z
        .strictObject({
          add: FieldNames.describe('Words that make a custom field a secret wherever they stand in its name.'),
          allow: FieldNames.describe(
            'Names of custom fields that sound like secrets and are none. Only in a config that was named.',
          ),
        })
        .prefault({})
        .describe('Custom fields that hold secrets are never shown; they are known by their names.'),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
});

export type ConfigFile = z.output<typeof ConfigFile>;
export type PluginEntry = z.output<typeof PluginEntry>;
export type Customer = z.output<typeof Customer>;

type Json = Record<string, unknown>;

/**
 * The JSON schema that editors use for halo-mcp.config.json; generated to config/halo-mcp.schema.json.
 * @param options JSON schemas of the packs' own options, by the pack's name
 */
export function configJsonSchema(options: Record<string, Json> = {}): Json {
  const packs = Object.entries(options).map(([pack, schema]) => ({
    if: { properties: { use: { const: pack } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
    then: { properties: { options: schema } },
  }));
  const schema = z.toJSONSchema(ConfigFile, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === Entry && packs.length > 0) jsonSchema.allOf = packs;
      if (zodSchema === Customers) jsonSchema.minProperties = 1;
    },
  });
  return { ...schema, title: 'halo-mcp.config.json', not: { required: ['halo', 'customers'] } };
}
