import { resolve } from 'node:path';
import { ConfigError } from '../core/config-error.js';
import { didYouMean } from '../core/nearest.js';
import { type CustomerSettings, ONLY_CUSTOMER, secretVariable } from '../core/settings.js';
import { shown } from '../core/shown.js';
import { waysTo } from './proxy.js';
import type { ConfigFile, Customer } from './schema.js';
import { readSecret } from './secret.js';
import { ADDRESSES, type Address, joined, readAddress } from './urls.js';
import { filledIn, unquoted } from './value.js';
import {
  type HaloSetting,
  type HaloVariables,
  oddId,
  secretVariables,
  unfilled,
  unusable,
  usable,
  variableOf,
} from './variables.js';

export type Customers = Readonly<Record<string, CustomerSettings>>;

/** Where the customers of a config are read from. */
export interface Sources {
  file: ConfigFile;
  /** How errors name the config. */
  place: string;
  /** The environment's settings of a Halo that name no customer. */
  variables: HaloVariables;
  /** Why the environment can't be used as a whole. */
  faults: readonly string[];
  env: NodeJS.ProcessEnv;
  /** The folders that relative paths start from: `cwd` for the environment, `directory` for the file. */
  cwd: string;
  directory: string;
}

/**
 * The customers of a config: those of `customers`, or the one of `halo`, named `default`. The environment wins over the
 * file. With several customers it holds only secrets, each in a variable with the customer's name in it.
 * @param chosen the customer that the process is for; the others' secrets are not read
 * @throws ConfigError for an invalid address, or a variable that does not say which of several customers it is for
 */
export function customersOf(sources: Sources, chosen: string | undefined): Customers {
  const { file } = sources;
  if (Object.keys(file.customers ?? {}).length > 1) refuseNameless(sources);
  const all = Object.entries(file.customers ?? { [ONLY_CUSTOMER]: file.halo }).map(([name, one]) => ({
    ...addressOf(name, one, sources),
    secret: () => secretOf(name, one, sources),
  }));
  return Object.fromEntries(
    all
      .filter(({ name }) => chosen === undefined || name === chosen)
      .map(({ secret, faults: wrong, unfilled: open, odd, ...address }) => {
        const { clientSecret, warnings, faults: unread, unfilled: unnamed } = secret();
        const faults = [...sources.faults, ...wrong, ...unread];
        const unfilled = [...open, ...unnamed];
        const told = [...sources.faults, ...wrong, ...unfilled, ...(odd === undefined ? [] : [odd]), ...warnings];
        const own = { ...address, clientSecret, warnings: told, ...(unfilled.length > 0 && { unfilled }) };
        return [address.name, { ...own, ...(faults.length > 0 && { faults }) }];
      }),
  );
}

/** The names in `customers`, or the one of `halo`. */
export const namesOf = ({ customers }: Pick<ConfigFile, 'customers'>): string[] =>
  Object.keys(customers ?? { [ONLY_CUSTOMER]: {} });

function addressOf(
  name: string,
  { plugins, exclude, scopes, requestsPer5Minutes, timeoutMs, timeZone, clientSecretFile: _file, ...given }: Customer,
  { file: settings, variables: { clientSecret: _, clientSecretFile: __, ...variables }, place: file }: Sources,
) {
  const place = (setting: HaloSetting) => (setting in variables ? variableOf(setting) : placeIn(file, name, setting));
  const inFile = Object.entries(given).filter(([setting, text]) => !(setting in variables) && text !== undefined);
  const { variables: own, faults: unfilled } = usable(Object.fromEntries(inFile), place);
  const halo = { ...own, ...variables };
  const read: Partial<Record<HaloSetting, Address>> = {};
  const faults: string[] = [];
  for (const setting of ADDRESSES) {
    const text = halo[setting];
    if (text === undefined) continue;
    try {
      read[setting] = readAddress(setting, text, place(setting));
    } catch (error) {
      // A fault in the file stops the start.
      if (!(error instanceof ConfigError) || !(setting in variables)) throw error;
      faults.push(error.message);
    }
  }
  const corrected = Object.values(read).flatMap((one) => one.corrected ?? []);
  const urls = joined(read, halo.tenant);
  const { proxies, faults: lost } = waysTo(urls);
  const limits = { requestsPer5Minutes, timeoutMs };
  return {
    ...{
      name,
      urls,
      clientId: halo.clientId,
      ...limits,
      plugins,
      exclude,
      scopes,
      faults: [...faults, ...lost],
      unfilled,
    },
    timeZone: timeZone ?? settings.timeZone,
    odd: halo.clientId === undefined ? undefined : oddId(halo.clientId, place('clientId')),
    ...(proxies !== undefined && { proxies }),
    ...(corrected.length > 0 && { corrected }),
  };
}

/** How errors name a customer's setting in the config. */
const placeIn = (file: string, customer: string, setting: HaloSetting): string =>
  `${shown(file, 400)}: "${customer === ONLY_CUSTOMER ? 'halo' : `customers.${customer}`}.${setting}"`;

/**
 * The secret of a customer. A problem in the environment is a fault, one in the file that the config names a warning.
 */
function secretOf(
  name: string,
  { clientSecretFile }: Customer,
  { variables, env, cwd, directory, place: config }: Sources,
): Pick<CustomerSettings, 'clientSecret' | 'warnings'> & { faults: string[]; unfilled: string[] } {
  const none = { clientSecret: undefined, warnings: [], faults: [], unfilled: [] };
  const variable = secretVariable(name);
  const own = name === ONLY_CUSTOMER ? '' : unquoted(env[variable] ?? '');
  const fault = unfilled(variable, own, true);
  if (fault !== undefined) return { ...none, warnings: [fault], faults: [fault] };
  const given = own || variables.clientSecret;
  if (given !== undefined) return { ...none, clientSecret: given };
  const place = variables.clientSecretFile;
  const inFile = place === undefined && clientSecretFile ? filledIn(clientSecretFile, env) : undefined;
  const left = inFile && unusable('clientSecretFile', inFile, placeIn(config, name, 'clientSecretFile'));
  const file = (place && resolve(cwd, place)) ?? (inFile && resolve(directory, inFile));
  if (left || !file) return { ...none, unfilled: left ? [left] : [] };
  const { secret, fault: unread, warnings } = readSecret(file);
  const all = unread === undefined ? warnings : [...warnings, unread];
  const isOurs = unread !== undefined && place !== undefined;
  return {
    ...{ ...none, clientSecret: secret, warnings: all },
    faults: isOurs ? [`${variableOf('clientSecretFile')} can't be used. ${unread}`] : [],
  };
}

/** @throws ConfigError for the first variable that does not say which of several customers it is for */
function refuseNameless({ file, place, variables }: Sources): void {
  const [setting] = Object.keys(variables) as HaloSetting[];
  if (setting === undefined) return;
  const names = Object.keys(file.customers ?? {});
  const variable = variableOf(setting);
  const isSecret = setting === 'clientSecret' || setting === 'clientSecretFile';
  const ways = isSecret
    ? `Give each its own (${secretVariable(names[0] ?? '')}, or "clientSecretFile" in "customers") and take ${variable} out of the environment`
    : `Set "${setting}" of each in "customers" and take ${variable} out of the environment`;
  throw new ConfigError(
    `${variable} does not say which customer it is for, and ${shown(place, 400)} names ${names.length}. ` +
      `${ways}, or serve one customer alone, with "halo" in place of "customers". Customers: ${names.join(', ')}.`,
  );
}

/** Warnings of secret variables that name an unknown customer. */
export function strayVariables({ file, env }: Pick<Sources, 'file' | 'env'>): string[] {
  const known = Object.keys(file.customers ?? {}).map(secretVariable);
  return secretVariables(env)
    .filter((name) => name !== variableOf('clientSecret') && !known.includes(name))
    .map((name) => `${shown(name)} belongs to no customer in the config.${didYouMean(name.slice(0, 100), known)}`);
}

/** A requested customer, and the flag or variable that requested it. */
export interface Asked {
  name: string;
  by: string;
}

/**
 * The requested customer, or the only one; undefined if there are several.
 * @throws ConfigError for an unknown name
 */
export function chooseCustomer(names: readonly string[], place: string, asked: Asked | undefined): string | undefined {
  if (asked === undefined) return names.length === 1 ? names[0] : undefined;
  if (names.includes(asked.name)) return asked.name;
  const name = shown(asked.name, 100);
  throw new ConfigError(
    names[0] === ONLY_CUSTOMER
      ? `${asked.by} names the customer "${name}", and there are no "customers" in ${shown(place, 400)}. Leave it out, or name a config that has the customer with --config.`
      : `${asked.by} names "${name}", which is not a customer of ${shown(place, 400)}.${didYouMean(name, names)} Customers: ${names.join(', ')}.`,
  );
}

/**
 * The customer of a command that works on only one.
 * @throws ConfigError if there are several and none was chosen
 */
export function oneOf({ customers, file }: { customers: Customers; file: string | undefined }): string {
  const names = Object.keys(customers);
  if (names[0] !== undefined && names.length === 1) return names[0];
  throw new ConfigError(
    `${shown(file ?? 'The config', 400)} names ${names.length} customers, and none was chosen. ` +
      `Add --customer NAME, or set HALO_MCP_CUSTOMER. Customers: ${names.join(', ')}.`,
  );
}
