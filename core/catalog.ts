import { type Config, ConfigError, didYouMean } from '../config/index.js';
import { cardOf, type PluginCard, type ToolCard } from './card.js';
import type { AnyTool, Plugin } from './define.js';
import { covers, type Scope } from './halo/scopes.js';
import type { Bundled, Pack, Skipped } from './load.js';
import type { Owner } from './owner.js';
import { decide, type Verdict } from './policy.js';

/** One tool with its pack and the verdict on it. */
export interface CatalogEntry {
  tool: ToolCard;
  /** The tool with its code. */
  load(): Promise<AnyTool>;
  pack: string;
  owner: Owner;
  options: Record<string, unknown>;
  verdict: Verdict;
}

/** All tools that are known, on or off. */
export interface Catalog {
  entries: CatalogEntry[];
  /** The tools that are on, in config order. */
  on: CatalogEntry[];
  /** The union of the scopes of the tools that are on: what the token asks for, and nothing else. */
  scopes: Scope[];
  packs: Pack[];
  skipped: Skipped[];
}

/** Puts the verdict on every tool of the packs that were loaded. The first plugin in config order owns a name. */
export function catalogOf(packs: Pack[], skipped: Skipped[], config: Config): Catalog {
  const owners = new Map<string, string>();
  const entries = packs.flatMap(({ card, load, only, options }) => {
    const itself = ownerOf(card);
    return card.tools.map((tool): CatalogEntry => {
      const owner = owners.get(tool.name);
      if (tool.fault === undefined && owner === undefined) owners.set(tool.name, card.name);
      const verdict = decide(tool, { pack: card.name, listed: true, only, owner, fault: tool.fault }, config);
      return { tool, load: () => find(load, tool.name), pack: card.name, owner: itself, options, verdict };
    });
  });
  const on = entries.filter(({ verdict }) => verdict.on);
  return { entries, on, scopes: unionOf(on.map(({ tool }) => tool)), packs, skipped };
}

const ownerOf = ({ name }: PluginCard): Owner => ({ name, strays: 0 });

/** Each scope once; a `read:` that an `edit:` implies is not asked for beside it. */
function unionOf(tools: readonly ToolCard[]): Scope[] {
  const all = [...new Set(tools.flatMap((tool) => tool.scopes))];
  return all
    .filter(
      (scope) =>
        !covers(
          all.filter((other) => other !== scope),
          scope,
        ),
    )
    .sort();
}

/** The tools of the bundled packs that the config leaves out, for those who ask why a tool is off. */
export async function offEntries(catalog: Catalog, bundled: Bundled, config: Config): Promise<CatalogEntry[]> {
  const on = new Set(catalog.packs.map((pack) => pack.use));
  const others = Object.entries(bundled).filter(([name]) => !on.has(name));
  const cards = await Promise.all(
    others.map(async ([, { card, load }]) => ({ card: card ?? cardOf(await load()), load })),
  );
  return cards.flatMap(({ card, load }) =>
    card.tools.map((tool) => ({
      tool,
      load: () => find(load, tool.name),
      pack: card.name,
      owner: ownerOf(card),
      options: {},
      verdict: decide(tool, { pack: card.name, listed: false }, config),
    })),
  );
}

async function find(load: () => Promise<Plugin>, name: string): Promise<AnyTool> {
  const tool = (await load()).tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`The pack has no tool "${name}" any more.`);
  return tool;
}

/**
 * Checks every tool that the config names. A name that nobody bears, on or off, is an error with the nearest one; where
 * a plugin failed to load it may have been its, so then it is a warning only.
 * @throws ConfigError
 * @returns warnings
 */
export async function checkNames(catalog: Catalog, bundled: Bundled, config: Config): Promise<string[]> {
  for (const { use, only = [], card } of catalog.packs) {
    const own = card.tools.map(({ name }) => name);
    const stranger = only.find((name) => !own.includes(name));
    if (stranger !== undefined)
      throw new ConfigError(
        `The tools of "${use}" name "${stranger}", which it does not have.${didYouMean(stranger, own) || ` It has: ${own.join(', ')}.`}`,
      );
  }
  const known = new Set(catalog.entries.map(({ tool }) => tool.name));
  const named = (['exclude', 'allowWrites'] as const).flatMap((place) =>
    config[place].map((name) => ({ place, name })),
  );
  if (named.every(({ name }) => known.has(name))) return [];
  for (const { tool } of await offEntries(catalog, bundled, config)) known.add(tool.name);
  const faults = named
    .filter(({ name }) => !known.has(name))
    .map(({ place, name }) => `"${place}" names "${name}", a tool that no pack has.${didYouMean(name, known)}`);
  if (faults[0] !== undefined && catalog.skipped.length === 0) throw new ConfigError(faults[0]);
  return faults;
}
