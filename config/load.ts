import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../core/config-error.js';
import { explain } from '../core/explain.js';
import { type Customers, chooseCustomer, customersOf, namesOf, strayVariables } from './customers.js';
import { readConfigFile } from './file.js';
import { refuseDecisions } from './found.js';
import { ConfigFile } from './schema.js';
import { refuseSecrets } from './secret.js';

/** The settings to run with: the file's, then the environment's over them. Paths are absolute. */
export interface Config extends Omit<ConfigFile, '$schema' | 'halo' | 'customers' | 'timeZone'> {
  /** The config file, or undefined where the defaults serve. */
  file: string | undefined;
  /** True where the operator named the file: only then may it decide more than config/found.ts lists. */
  named: boolean;
  /** Directory that relative plugin paths start from. */
  directory: string;
  /** The one that was chosen, or all that the config names; the one of `halo` is `default`. Never empty. */
  customers: Customers;
  /** True where the config names several, whichever was chosen. */
  several: boolean;
  /** What the operator should know, though the server starts; what is about one customer stands there. */
  warnings: string[];
}

export interface LoadOptions {
  /** `--config` */
  file?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Working directory. */
  cwd: string;
  /** `--customer` */
  customer?: string | undefined;
  /** The bundled packs that are not on by default: a config that was merely found may not turn them on. */
  onRequest?: readonly string[];
}

const FOUND_NAMES = ['halo-mcp.config.json', 'halo-mcp.config.yaml'];

/**
 * Loads the configuration. Looked for: `--config`, then `HALO_MCP_CONFIG`, then halo-mcp.config.json / .yaml in the
 * working directory alone, then the defaults. The environment wins over the file.
 *
 * cosmiconfig's loaders are called directly: its search would obey a stranger's `.config/config.json` and `$import`.
 * @throws ConfigError with one sentence that says what to do; missing credentials are no error here
 */
export async function loadConfig({ file: flag, env, cwd, customer, onRequest = [] }: LoadOptions): Promise<Config> {
  const value = (key: string) => env[key]?.trim() || undefined;
  const asked = flag ?? value('HALO_MCP_CONFIG');
  const path = asked === undefined ? FOUND_NAMES.map((n) => resolve(cwd, n)).find(existsSync) : resolve(cwd, asked);
  const raw = path === undefined ? {} : await readConfigFile(path);
  const place = path ?? 'the defaults';
  const file = check(raw, place);
  // Seen in what was written alone: "halo" has presets.
  if (file.customers !== undefined && Object.hasOwn(raw as object, 'halo')) throw twoHomes(place);
  const named = asked !== undefined;
  if (path !== undefined && !named) refuseDecisions(raw, onRequest, path);
  const directory = path === undefined ? cwd : dirname(path);
  const level = value('HALO_MCP_LOG_LEVEL');
  const {
    $schema: _,
    halo: __,
    customers: ___,
    timeZone: ____,
    ...settings
  } = level === undefined ? file : check({ ...file, log: { level } }, 'HALO_MCP_LOG_LEVEL');
  const variables = defined({
    clientSecret: value('HALO_CLIENT_SECRET'),
    clientSecretFile: value('HALO_CLIENT_SECRET_FILE'),
    instanceUrl: value('HALO_INSTANCE_URL'),
    clientId: value('HALO_CLIENT_ID'),
    tenant: value('HALO_TENANT'),
    authUrl: value('HALO_AUTH_URL'),
    apiUrl: value('HALO_API_URL'),
  });
  const { audit } = settings;
  const names = namesOf(file);
  const choice = value('HALO_MCP_CUSTOMER');
  const name = customer ?? choice;
  const by = customer === undefined ? 'HALO_MCP_CUSTOMER' : '--customer';
  const chosen = chooseCustomer(names, place, name === undefined ? undefined : { name, by });
  return {
    ...settings,
    audit: audit.file === undefined ? {} : { file: resolve(directory, audit.file) },
    ...{ file: path, named, directory, several: names.length > 1 },
    customers: customersOf({ file, place, variables, env, cwd, directory }, chosen),
    warnings: strayVariables({ file, env }),
  };
}

function check(raw: unknown, place: string): ConfigFile {
  refuseSecrets(raw, place);
  const parsed = ConfigFile.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(explain(parsed.error, raw, place, { schema: ConfigFile }));
}

const twoHomes = (place: string) =>
  new ConfigError(
    `${place}: "halo" and "customers" can't stand side by side. Move what is in "halo" into "customers", under a name of its own, or take one of the two out.`,
  );

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
