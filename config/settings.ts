import type { CustomerSettings, Settings } from '../core/settings.js';
import type { Config } from './load.js';

/** A config as the framework takes it. */
export function settingsOf({ log: _, several: __, http: ___, secrets: ____, ...settings }: Config): Settings {
  return { ...settings, plugins: settings.plugins };
}

/** The settings with some values changed for each customer. */
export const forEach = (
  settings: Settings,
  change: (own: CustomerSettings) => Partial<CustomerSettings>,
): Settings => ({
  ...settings,
  customers: mapped(settings.customers, (own) => ({ ...own, ...change(own) })),
});

/** The customers by the same names, each changed. */
export const mapped = <T>(customers: Readonly<Record<string, T>>, change: (own: T, name: string) => CustomerSettings) =>
  Object.fromEntries(Object.entries(customers).map(([name, own]) => [name, change(own, name)]));

/** True if a tool may change Halo for any customer. */
export const writes = ({ plugins, customers }: Settings): boolean =>
  [plugins, ...Object.values(customers).map((own) => own.plugins)].some((uses) =>
    uses?.some((use) => typeof use === 'object' && (use.allowWrites?.length ?? 0) > 0),
  );
