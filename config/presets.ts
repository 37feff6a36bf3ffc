import { type CustomerSettings, ONLY_CUSTOMER, type Settings } from '../core/settings.js';
import { ConfigFile } from './schema.js';
import { mapped } from './settings.js';

/** The differences from the default settings, also per customer. */
export type Differing = Partial<Omit<Settings, 'customers'>> & {
  customers?: Record<string, Partial<CustomerSettings>>;
};

/** Settings without a config: the defaults with these differences. Unless customers are given there is one. */
export function settingsFrom({ customers = { [ONLY_CUSTOMER]: {} }, ...differing }: Differing = {}): Settings {
  const { plugins, exclude, scopes, audit, output, halo } = ConfigFile.parse({});
  const { requestsPer5Minutes, timeoutMs } = halo;
  const none = { urls: undefined, clientId: undefined, clientSecret: undefined, warnings: [] };
  return {
    ...{ file: undefined, named: false, directory: process.cwd(), warnings: [] },
    ...{ plugins, exclude, scopes, audit, output, ...differing },
    customers: mapped(customers, (own, name) => ({ ...none, requestsPer5Minutes, timeoutMs, ...own, name })),
  };
}

/** The default of requests per 5 minutes. */
export const usualLimit = (): number => ConfigFile.parse({}).halo.requestsPer5Minutes;
