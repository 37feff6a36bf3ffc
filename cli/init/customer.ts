import { extname, resolve } from 'node:path';
import { ConfigFile, explain, loadConfig, readConfigFile } from '../../config/index.js';
import { UsageError } from '../print.js';
import { isThere } from '../write-file.js';
import type { Answers } from './answers.js';

type Json = Record<string, unknown>;

/** A config with one more customer. */
export interface Addition {
  content: Json;
  /** What is on for this customer. */
  offer: Pick<Json, 'plugins' | 'exclude' | 'scopes'>;
  /** True if a customer of this name existed. */
  replaces: boolean;
  /** True if there was no config. */
  isNew: boolean;
}

/** @throws UsageError for a name that no customer may have */
export function checkCustomer(name: string): void {
  const raw = { customers: { [name]: {} } };
  const { error } = ConfigFile.safeParse(raw);
  if (error) throw new UsageError(explain(error, raw, '--customer', { schema: ConfigFile }));
}

/**
 * Adds this customer to the config and leaves the rest alone. What a single Halo has in the client's block goes into
 * the config here: with several customers, a variable would not say whose it is.
 * @param inherits whether the customer uses the config's general packs, if it has any
 * @throws UsageError if the file can't take a customer, ConfigError if it is not a config
 */
export async function addCustomer(
  file: string,
  name: string,
  { instanceUrl, clientId, secretFile, packs, exclude, maxTokens }: Answers,
  inherits: boolean,
): Promise<Addition> {
  const path = resolve(file);
  const isNew = !isThere(path);
  if (!isNew && maxTokens !== undefined)
    throw new UsageError(`--max-tokens holds for all customers: set "output.maxTokens" in ${path} by hand.`);
  const before = isNew ? {} : await read(path);
  const customers = (before.customers ?? {}) as Json;
  const own = {
    ...{ instanceUrl, clientId },
    ...(secretFile !== undefined && { clientSecretFile: secretFile }),
    ...(!(inherits && before.plugins !== undefined) && { plugins: packs }),
    ...(exclude.length > 0 && { exclude }),
  };
  const content = {
    ...before,
    customers: { ...customers, [name]: own },
    ...(maxTokens !== undefined && { output: { maxTokens } }),
  };
  const { plugins, exclude: off, scopes } = { ...before, ...own } as Json;
  return { content, offer: { plugins, exclude: off, scopes }, replaces: Object.hasOwn(customers, name), isNew };
}

async function read(path: string): Promise<Json> {
  if (extname(path) !== '.json')
    throw new UsageError(`${path} is not a JSON file, and init only writes JSON. Add the customer to it by hand.`);
  const value = (await readConfigFile(path)) as Json;
  // Reports its faults before anything is added.
  await loadConfig({ file: path, env: {}, cwd: process.cwd() });
  if (value.customers === undefined)
    throw new UsageError(
      `${path} is the config of a single Halo. Move what it and its block say of that Halo into "customers", under a name, or name another file with --config.`,
    );
  return value;
}
