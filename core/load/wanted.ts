import { ConfigError } from '../config-error.js';
import { didYouMean } from '../nearest.js';
import type { CustomerSettings, PluginUse, Settings, WritingRules } from '../settings.js';
import { shown } from '../shown.js';
import { type Bundled, isBundled } from './bundled.js';
import { isForeign } from './foreign.js';
import { isInstalled, pathOf } from './locate.js';

/** A pack that a customer wants. */
export interface Wanted {
  use: string;
  /** If set, only these of its tools. */
  tools: readonly string[] | undefined;
  writing: WritingRules;
  options: Record<string, unknown>;
  /** Where its entry is in the config: `['plugins', 1]` */
  at: readonly PropertyKey[];
  /** The same for packs that are loaded once: one plugin with equal options. */
  key: string;
}

/**
 * The packs that a customer wants, in config order.
 * @throws ConfigError for a name that is listed twice or that no pack has
 */
export function wantedBy({ name, plugins: own }: CustomerSettings, settings: Settings, bundled: Bundled): Wanted[] {
  const place = own === undefined ? '"plugins"' : `"plugins" of the customer "${name}"`;
  const path = own === undefined ? ['plugins'] : ['customers', name, 'plugins'];
  const uses: readonly PluginUse[] =
    own ?? settings.plugins ?? Object.keys(bundled).filter((pack) => bundled[pack]?.default);
  const wanted = uses.map((one, index): Wanted => {
    const { use, tools, options = {}, allowWrites = [], ...rules } = typeof one === 'string' ? { use: one } : one;
    const { confirm, allowCustomerVisible } = rules;
    const writing = { allowWrites, confirm, allowCustomerVisible };
    return { use, tools, writing, options, at: [...path, index], key: keyOf([use, options]) };
  });
  for (const [index, { use }] of wanted.entries()) {
    if (wanted.findIndex((other) => other.use === use) !== index)
      throw new ConfigError(`${place} names "${shown(use)}" twice. Take one of them out.`);
    if (!isBundled(use, bundled) && !isForeign(use) && !isInstalled(use, settings))
      throw unknownPack(use, place, bundled, settings);
  }
  return wanted;
}

/** A value as text that does not depend on the order of its keys. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function unknownPack(use: string, place: string, bundled: Bundled, settings: Settings): ConfigError {
  const names = Object.keys(bundled);
  const { named } = settings;
  const other = named ? ', and no npm package of that name is installed' : '';
  const near = named ? pathOf(use, settings) : undefined;
  if (near !== undefined)
    return new ConfigError(`${place} names "${shown(use)}", which is not a bundled pack${other}. Name ${near}.`);
  return new ConfigError(
    `${place} names "${shown(use)}", which is not a bundled pack${other}.${didYouMean(use.slice(0, 100), names) || ` Packs: ${names.join(', ')}.`}`,
  );
}
