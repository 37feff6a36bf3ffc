import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../core/config-error.js';
import { didYouMean } from '../core/nearest.js';
import type { CustomerSettings, WayTo } from '../core/settings.js';
import { shown } from '../core/shown.js';
import { type Customers, chooseCustomer, customersOf, namesOf, strayVariables } from './customers.js';
import { readConfigFile } from './file.js';
import { LOG_LEVELS, type LogLevel } from './levels.js';
import { FOUND_NAMES, unread } from './nearby.js';
import { wayOut } from './proxy.js';
import { checkConfig } from './read.js';
import type { ConfigFile } from './schema.js';
import { type Sharing, secretsOfSharing, sharingOf } from './sharing.js';
import { filledIn, unquoted } from './value.js';
import { type HaloSetting, nearMisses, unfilled, usable } from './variables.js';

/** The settings to run with: the file's, overridden by the environment's. Paths are absolute. */
export interface Config extends Omit<ConfigFile, '$schema' | 'halo' | 'customers' | 'timeZone'> {
  /** The config file, or undefined if the defaults are used. */
  file: string | undefined;
  /** True if the operator named the file. Only then may it decide more than config/found.ts lists. */
  named: boolean;
  /** The directory that relative plugin paths start from. */
  directory: string;
  /** The chosen customer, or all of them; the one of `halo` is named `default`. Never empty. */
  customers: Customers;
  /** True if the config names several, even if one was chosen. */
  several: boolean;
  /** How many servers there are, and what they share. */
  replicas?: Sharing['replicas'];
  store?: Sharing['store'];
  /** The way to all servers other than Halo. */
  wayTo: WayTo;
  /** What must never leave, besides the customers' secrets. */
  secrets: readonly string[];
  /** What the operator should know although the server starts. A customer's own warnings are with the customer. */
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

/**
 * Loads the configuration from the first of these: `--config`, `HALO_MCP_CONFIG`, halo-mcp.config.json / .yaml in the
 * working directory only, the defaults. The environment wins over the file.
 *
 * cosmiconfig's loaders are called directly: its search would obey a stranger's `.config/config.json` and `$import`.
 * @throws ConfigError with one sentence that says what to do; missing credentials are not an error here
 */
export async function loadConfig({ file: flag, env, cwd, customer, onRequest = [] }: LoadOptions): Promise<Config> {
  const value = (key: string) => unquoted(env[key] ?? '') || undefined;
  const path = (text: string | undefined) => text && filledIn(text, env);
  const [configFile, lost] = filled('HALO_MCP_CONFIG', path(value('HALO_MCP_CONFIG')));
  const asked = flag ?? configFile;
  const found = asked === undefined ? FOUND_NAMES.map((n) => resolve(cwd, n)).find(existsSync) : resolve(cwd, asked);
  const raw = found === undefined ? {} : await readConfigFile(found);
  const place = found ?? 'the defaults';
  const file = await checkConfig(raw, place);
  // Checked in the raw file, since "halo" has defaults.
  if (file.customers !== undefined && Object.hasOwn(raw as object, 'halo')) throw twoHomes(place);
  const named = asked !== undefined;
  if (found !== undefined && !named) (await import('./found.js')).refuseDecisions(raw, onRequest, found);
  const directory = found === undefined ? cwd : dirname(found);
  const { $schema: _, halo: __, customers: ___, timeZone: ____, log, ...settings } = file;
  const level = levelOf(value('HALO_MCP_LOG_LEVEL'), log.level);
  const given = defined({
    clientSecret: value('HALO_CLIENT_SECRET'),
    clientSecretFile: path(value('HALO_CLIENT_SECRET_FILE')),
    instanceUrl: value('HALO_INSTANCE_URL'),
    clientId: value('HALO_CLIENT_ID'),
    tenant: value('HALO_TENANT'),
    authUrl: value('HALO_AUTH_URL'),
    apiUrl: value('HALO_API_URL'),
  });
  const { audit } = settings;
  const { variables, faults } = usable(given);
  const names = namesOf(file);
  const [choice, nobody] = filled('HALO_MCP_CUSTOMER', value('HALO_MCP_CUSTOMER'));
  const name = customer ?? choice;
  const by = customer === undefined ? 'HALO_MCP_CUSTOMER' : '--customer';
  const chosen = chooseCustomer(names, place, name === undefined ? undefined : { name, by });
  // No Halo is contacted then, so any customer will do.
  const any = customer === undefined && nobody !== undefined ? names[0] : undefined;
  const several = {
    replicas: value('HALO_MCP_REPLICAS'),
    store: value('HALO_MCP_STORE'),
    key: value('HALO_MCP_STORE_KEY'),
  };
  const { faults: unshared, warnings: idle, ...sharing } = sharingOf(several);
  const all = [...(flag === undefined ? [lost] : []), ...(customer === undefined ? [nobody] : [])];
  const wrong = [...all, ...faults, ...unshared].filter((one) => one !== undefined);
  const customers = customersOf({ file, place, variables, env, cwd, directory, faults: wrong }, chosen ?? any);
  return {
    ...settings,
    audit: audit.file === undefined ? {} : { file: resolve(directory, audit.file) },
    ...{ file: found, named, directory, several: names.length > 1, log: { level: level.level } },
    ...{ customers, ...sharing, secrets: secretsOfSharing(several), wayTo: wayOut() },
    warnings: [
      ...(named ? [] : unread(cwd, found)),
      ...(file.customers === undefined
        ? nearMisses(env, lackedBy(Object.values(customers)))
        : strayVariables({ file, env })),
      ...level.warnings,
      ...idle,
    ],
  };
}

/** A variable that decides where the settings come from, or why it can't be used if it still holds a placeholder. */
function filled(variable: string, text: string | undefined): [value: string | undefined, fault?: string] {
  const fault = text === undefined ? undefined : unfilled(variable, text);
  return fault === undefined ? [text] : [undefined, fault];
}

/** What a single Halo lacks. */
function lackedBy([halo]: readonly CustomerSettings[]): HaloSetting[] {
  const { urls, clientId, clientSecret } = halo ?? {};
  const all = Object.entries({ instanceUrl: urls, clientId, clientSecret }) as [HaloSetting, unknown][];
  return all.filter(([, value]) => value === undefined).map(([setting]) => setting);
}

/** The log level. An invalid word gives a warning and the default level. */
function levelOf(word: string | undefined, preset: LogLevel): { level: LogLevel; warnings: string[] } {
  if (word === undefined) return { level: preset, warnings: [] };
  const level = LOG_LEVELS.find((one) => one === word.toLowerCase());
  if (level !== undefined) return { level, warnings: [] };
  const said = `HALO_MCP_LOG_LEVEL is "${shown(word, 40)}", which is not a log level, so "info" is used.`;
  return { level: 'info', warnings: [`${said}${didYouMean(word, LOG_LEVELS)} Levels: ${LOG_LEVELS.join(', ')}.`] };
}

const twoHomes = (place: string) =>
  new ConfigError(
    `${place}: "halo" and "customers" can't be used together. Move what is in "halo" into "customers", under a name of its own, or remove one of the two.`,
  );

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
