import { type CustomerSettings, ONLY_CUSTOMER, type Settings } from '../core/settings.js';
import type { Config } from './load.js';
import { ConfigFile } from './schema.js';

/** A config as the framework takes it. */
export function settingsOf({ log: _, several: __, http: ___, secrets: ____, ...settings }: Config): Settings {
  return { ...settings, plugins: settings.plugins };
}

/** The differences from the default settings, also per customer. */
export type Differing = Partial<Omit<Settings, 'customers'>> & {
  customers?: Record<string, Partial<CustomerSettings>>;
};

/** Settings without a config: the defaults with these differences. Unless customers are given there is one. */
export function settingsFrom({ customers = { [ONLY_CUSTOMER]: {} }, ...differing }: Differing = {}): Settings {
  const { plugins, exclude, audit, output, halo } = ConfigFile.parse({});
  const { requestsPer5Minutes, timeoutMs } = halo;
  const none = { urls: undefined, clientId: undefined, clientSecret: undefined, warnings: [] };
  return {
    ...{ file: undefined, named: false, directory: process.cwd(), warnings: [] },
    ...{ plugins, exclude, audit, output, ...differing },
    customers: mapped(customers, (own, name) => ({ ...none, requestsPer5Minutes, timeoutMs, ...own, name })),
  };
}

/** The settings with some values changed for each customer. */
export const forEach = (
  settings: Settings,
  change: (own: CustomerSettings) => Partial<CustomerSettings>,
): Settings => ({
  ...settings,
  customers: mapped(settings.customers, (own) => ({ ...own, ...change(own) })),
});

/** The default of requests per 5 minutes. */
export const usualLimit = (): number => ConfigFile.parse({}).halo.requestsPer5Minutes;

const mapped = <T>(customers: Readonly<Record<string, T>>, change: (own: T, name: string) => CustomerSettings) =>
  Object.fromEntries(Object.entries(customers).map(([name, own]) => [name, change(own, name)]));

/** True if a tool may change Halo for any customer. */
export const writes = ({ plugins, customers }: Settings): boolean =>
  [plugins, ...Object.values(customers).map((own) => own.plugins)].some((uses) =>
    uses?.some((use) => typeof use === 'object' && (use.allowWrites?.length ?? 0) > 0),
  );
