import { z } from 'zod';
import { READ_SCOPES } from '../core/halo/scopes.js';
import { isZone } from '../core/zone.js';
import { LOG_LEVELS } from './levels.js';
import { OAuth } from './oauth.js';

const name = (what: string) => z.string().min(1).describe(what);

const Entry = z.strictObject({
  use: name('A bundled pack, a path to a plugin file (./…), or an npm package.'),
  tools: z.array(z.string()).min(1).optional().describe("Keep only these of the pack's tools."),
  options: z.record(z.string(), z.unknown()).optional().describe('Settings of the pack itself.'),
  allowWrites: z.array(z.string()).min(1).optional().describe('Names of the tools of the pack that may change Halo.'),
  confirm: z
    .enum(['person', 'preview'])
    .optional()
    .describe(
      'Who confirms each change. person: a person, so a client that is unable to ask one is refused. preview: the preview and its token, without asking anyone. Left out: whichever the client supports.',
    ),
  allowCustomerVisible: z
    .boolean()
    .optional()
    .describe('Lets tools in allowWrites make changes that customers can see. Otherwise such tools stay off.'),
});

/** One pack: its name, or an entry that narrows it, gives it options, or loads it from a file or an npm package. */
export const PluginEntry = z.union([name('A bundled pack, a path to a plugin file (./…), or an npm package.'), Entry]);

/** The settings of one Halo. The secret is never among them. */
const HaloSettings = z.strictObject({
  instanceUrl: z.string().optional().describe('https://yourcompany.halopsa.com.'),
  clientId: z.string().optional().describe('Client ID of the API application in Halo.'),
  tenant: z.string().optional().describe('Needed only if Halo uses a shared log-in server.'),
  clientSecretFile: z.string().optional().describe('File that holds the client secret.'),
  authUrl: z.string().optional().describe('Authorisation server, if it is not <instance>/auth.'),
  apiUrl: z.string().optional().describe('Resource server, if it is not <instance>/api.'),
  requestsPer5Minutes: z
    .int()
    .min(10)
    .max(100_000)
    .default(280)
    .describe("Most requests to Halo in 5 minutes. Halo's lowest limit is 300."),
  timeoutMs: z.int().min(1000).max(45_000).default(30_000).describe('Time limit for one request.'),
});

const Plugins = z.array(PluginEntry).optional();

const Scopes = z.array(z.enum(READ_SCOPES));

/** A text that no error repeats: it may hold something secret. */
const TimeZone = z.string().refine(isZone, 'is not a time zone: use an IANA name, such as Europe/London').optional();

/**
 * A customer's name. Each has only one spelling, so that no two customers share a secret's variable. `default` is the
 * one in `halo`, and HALO_CLIENT_SECRET_FILE names a file.
 */
const CustomerName = z
  .string()
  .regex(
    /^(?!(?:default|file)$)[a-z][a-z0-9-]{0,39}$/,
    'is not a valid customer name: use up to 40 lower-case letters, digits and hyphens, starting with a letter, and neither "default" nor "file"',
  );

/** One of several customers: its Halo, and what is on for it if that differs from the rest. */
const Customer = HaloSettings.extend({
  plugins: Plugins.describe('Packs that are on for this customer, replacing the general list.'),
  exclude: z.array(z.string()).optional().describe('Tools that are off for this customer, replacing the general list.'),
  scopes: Scopes.optional().describe('Further scopes to request for this customer, replacing the general list.'),
  timeZone: TimeZone.describe('Its time zone, replacing the general one.'),
});

const Customers = z
  .record(CustomerName, Customer)
  .refine((all) => Object.keys(all).length > 0, 'names no customer: add one, or take it out');

/** A host name that the server answers to: `mcp.example.com`, with a port to allow only that one. */
const HostName = z
  .string()
  .max(260)
  .regex(
    /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9][a-zA-Z0-9._-]*)(?::\d{1,5})?$/,
    'must be a host name, such as mcp.example.com',
  );

/** An origin as browsers send it. */
const Origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^/?#@\s*]+$/, 'must be an origin, such as https://app.example.com, without a path');

const Network = z
  .string()
  .max(60)
  .regex(/^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/, 'must be an address or a network, such as 10.0.0.5 or 10.0.0.0/8');

const Http = z.strictObject({
  tokens: z
    .string()
    .min(1)
    .default('halo-mcp.tokens.json')
    .describe("File of the callers' tokens, maintained by `halo-mcp token`."),
  hosts: z
    .array(HostName)
    .max(100)
    .default([])
    .describe('Host names that the server answers to, such as mcp.example.com.'),
  origins: z
    .array(Origin)
    .max(100)
    .default([])
    .describe('Web origins that may call it, such as https://app.example.com.'),
  trustedProxies: z
    .array(Network)
    .max(100)
    .default([])
    .describe('Addresses or networks of reverse proxies whose X-Forwarded-For is trusted.'),
  oauth: OAuth.optional().describe('Sign-in through an identity provider, in addition to tokens.'),
  callsPerMinute: z
    .int()
    .min(1)
    .max(100_000)
    .default(600)
    .describe('Requests per caller and minute. At once, 30 of them or, if that is more, a tenth.'),
});

/** Names of custom fields, each with a letter or a digit. */
const FieldNames = z
  .array(
    z
      .string()
      .max(100)
      .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit'),
  )
  .max(500)
  .default([]);

/** halo-mcp.config.json. The one home of every default of the configuration. */
export const ConfigFile = z.strictObject({
  $schema: z.string().optional(),
  halo: HaloSettings.prefault({}),
  customers: Customers.optional().describe(
    'Several customers by name, in place of "halo". Only in a config named explicitly.',
  ),
  plugins: Plugins.describe('Packs that are on. Left out: those that are on by default.'),
  exclude: z.array(z.string()).default([]).describe('Tools that are off, whichever pack they come from.'),
  scopes: Scopes.default([]).describe(
    'Scopes to request besides those that the tools need, for what a tool reads only if it may. Only in a config named explicitly.',
  ),
  timeZone: TimeZone.describe(
    'IANA time zone that days are in, such as Europe/London. Left out: the time zone of the machine.',
  ),
  audit: z
    .strictObject({
      file: z.string().min(1).optional().describe('File that records each change as a line of JSON, without values.'),
    })
    .prefault({})
    .describe('Audit trail of changes, besides the log. Only in a config named explicitly.'),
  output: z
    .strictObject({
      maxTokens: z.int().min(500).max(100_000).default(10_000).describe('Longest answer; longer ones lose whole rows.'),
      maxMinutes: z
        .int()
        .min(1)
        .max(60)
        .optional()
        .describe(
          "How long a call may wait for Halo's request limit while its caller follows its progress. Only in a config named explicitly.",
        ),
      secretFields: z
        .strictObject({
          add: FieldNames.describe('Words that make a custom field a secret if its name contains one of them.'),
          allow: FieldNames.describe(
            'Names of custom fields that sound like secrets but are not. Only in a config named explicitly.',
          ),
        })
        .prefault({})
        .describe('Custom fields that hold secrets, which are recognised by name and never shown.'),
    })
    .prefault({}),
  http: Http.prefault({}).describe('The team server, `serve --http`. Only in a config named explicitly.'),
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
});

export type ConfigFile = z.output<typeof ConfigFile>;
export type PluginEntry = z.output<typeof PluginEntry>;
export type Customer = z.output<typeof Customer>;

type Json = Record<string, unknown>;

/**
 * What JSON schema can say of a config: whatever it takes, {@link ConfigFile} takes as well. A part with a rule of its
 * own, or a format, is never taken.
 */
export const plainSchema = (): Json =>
  z.toJSONSchema(ConfigFile, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const { checks = [] } = zodSchema._zod.def;
      const isBeyond = jsonSchema.format !== undefined || checks.some((one) => one._zod.def.check === 'custom');
      const { description: _, ...said } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, isBeyond ? { not: {} } : said);
    },
  }) as Json;

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
