import { type CustomerSettings, ONLY_CUSTOMER, type Settings } from '../core/settings.js';
import type { Config } from './load.js';
import { ConfigFile } from './schema.js';

/** A config as the framework takes it. */
export function settingsOf({ halo, urls, clientSecret, warnings, ...config }: Config): Settings {
  const { file, named, directory, plugins, exclude, allowWrites, output } = config;
  const { clientId, requestsPer5Minutes, timeoutMs } = halo;
  const login = { urls, clientId, clientSecret };
  const only = { name: ONLY_CUSTOMER, ...login, requestsPer5Minutes, timeoutMs, warnings };
  return {
    ...{ file, named, directory, plugins, exclude, allowWrites, output },
    ...{ customers: { [ONLY_CUSTOMER]: only }, warnings: [] },
  };
}

/** What differs from the defaults, of the settings and of each customer. */
export type Differing = Partial<Omit<Settings, 'customers'>> & {
  customers?: Record<string, Partial<CustomerSettings>>;
};

/** Settings where no config is read: the defaults, and what differs from them. Without customers there is the one. */
export function settingsFrom({ customers = { [ONLY_CUSTOMER]: {} }, ...differing }: Differing = {}): Settings {
  const none = { file: undefined, named: false, urls: undefined, clientSecret: undefined, warnings: [] };
  const { customers: preset, ...settings } = settingsOf({ ...ConfigFile.parse({}), ...none, directory: process.cwd() });
  return {
    ...{ ...settings, ...differing },
    customers: Object.fromEntries(
      Object.entries(customers).map(([name, own]) => [
        name,
        { ...(preset[ONLY_CUSTOMER] as CustomerSettings), ...own, name },
      ]),
    ),
  };
}
