import { ConfigError } from '../config-error.js';
import { isBroken, type Owner } from '../contain/owner.js';
import type { AnyTool, Plugin } from '../define.js';
import { covers, type Scope } from '../halo/scopes.js';
import { didYouMean } from '../nearest.js';
import type { InputForms } from '../output/schema.js';
import type { Settings } from '../settings.js';
import { shown } from '../shown.js';
import type { Bundled } from './bundled.js';
import type { ToolCard } from './card.js';
import type { Pack, Skipped } from './load.js';
import { decide, type Policy, type Verdict } from './policy.js';

/** One tool with its pack and the verdict on it. */
export interface CatalogEntry {
  tool: ToolCard;
  /** The tool with its code. */
  load(): Promise<AnyTool>;
  pack: string;
  owner: Owner;
  forms: InputForms;
  options: Record<string, unknown>;
  /** Who confirms its writes, if the operator fixed it. */
  confirm: 'person' | 'preview' | undefined;
  verdict: Verdict;
  /** The verdict at this moment: the plugin may have broken since it was listed. */
  now(): Verdict;
}

/** All known tools, on or off. */
export interface Catalog {
  entries: CatalogEntry[];
  /** The tools that are on, in config order. */
  on: CatalogEntry[];
  /** The union of the scopes of the tools that are on and the operator's further ones: exactly what the token asks for. */
  scopes: Scope[];
  /** The scopes to tick for them on the API application: also those that another one implies, to be safe. */
  boxes: Scope[];
  packs: Pack[];
  skipped: Skipped[];
}

/**
 * Gives every tool of the loaded packs its verdict. The first plugin in config order owns a name and all names that
 * look like it.
 */
export function catalogOf(loaded: Pack[], left: Skipped[], policy: Policy): Catalog {
  const { packs, twins } = withoutTwins(loaded);
  const owners = new Map<string, { pack: string; tool: ToolCard }>();
  for (const { card } of packs)
    for (const tool of card.tools) {
      const look = lookOf(tool.name);
      if (tool.fault === undefined && !owners.has(look)) owners.set(look, { pack: card.name, tool });
    }
  const entries = packs.flatMap(({ card, load, only, writing, options, owner, forms }) =>
    card.tools.map((tool): CatalogEntry => {
      const first = owners.get(lookOf(tool.name));
      const taken =
        first === undefined || first.tool === tool ? undefined : { pack: first.pack, name: first.tool.name };
      const { confirm, ...allowed } = writing ?? { allowWrites: [] };
      const standing = { pack: card.name, listed: true, only, ...allowed, taken, fault: tool.fault };
      const now = () => decide(tool, { ...standing, broken: isBroken(owner) }, policy);
      const verdict = decide(tool, standing, policy);
      const code = { load: () => find(load, tool.name), forms };
      return { tool, ...code, pack: card.name, owner, options, confirm, verdict, now };
    }),
  );
  const on = entries.filter(({ verdict }) => verdict.on);
  const scopes = [...on.flatMap(({ tool }) => tool.scopes), ...(policy.scopes ?? [])];
  const needs = { scopes: unionOf(scopes), boxes: [...new Set(scopes)].sort() };
  return { entries, on, ...needs, packs, skipped: [...left, ...twins] };
}

const bundledFirst = (packs: readonly Pack[]): Pack[] =>
  [...packs].sort((a, b) => Number(b.bundled) - Number(a.bundled));

/** Two plugins of one name could not be told apart in messages, so only the bundled one, or else the first, stays. */
function withoutTwins(loaded: Pack[]): { packs: Pack[]; twins: Skipped[] } {
  const owners = new Map<string, Pack>();
  for (const pack of bundledFirst(loaded)) if (!owners.has(pack.card.name)) owners.set(pack.card.name, pack);
  const isTwin = (pack: Pack) => owners.get(pack.card.name) !== pack;
  return {
    packs: loaded.filter((pack) => !isTwin(pack)),
    twins: loaded.filter(isTwin).map(({ use, card }) => ({
      use,
      reason: `its name "${card.name}" is that of the plugin "${owners.get(card.name)?.use}"; rename one of them`,
    })),
  };
}

/** A name's look: letters and digits that are easily confused count as one. */
const lookOf = (name: string) =>
  name.replace(/[1i]/g, 'l').replace(/_|rn|vv|0|5/g, (part) => ({ rn: 'm', vv: 'w', 0: 'o', 5: 's' })[part] ?? '');

/** Each scope once; a `read:` that an `edit:` implies is left out. */
export function unionOf(scopes: readonly Scope[]): Scope[] {
  const all = [...new Set(scopes)];
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

/** The tools of the bundled packs that the config leaves out, to explain why a tool is off. */
export async function offEntries(catalog: Catalog, bundled: Bundled, policy: Policy): Promise<CatalogEntry[]> {
  const on = new Set(catalog.packs.map((pack) => pack.use));
  const others = Object.entries(bundled).filter(([name]) => !on.has(name));
  const cards = await Promise.all(
    others.map(async ([, { card, load }]) => ({
      card: card ?? (await import('./card.js')).cardOf(await load()),
      load,
    })),
  );
  return cards.flatMap(({ card, load }) =>
    card.tools.map((tool) => {
      const verdict = decide(tool, { pack: card.name, listed: false }, policy);
      return {
        ...{ tool, load: () => find(load, tool.name), pack: card.name, owner: { name: card.name, strays: 0 } },
        ...{ forms: new Map(), options: {}, confirm: undefined, verdict, now: () => verdict },
      };
    }),
  );
}

async function find(load: () => Promise<Plugin>, name: string): Promise<AnyTool> {
  const tool = (await load()).tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`The pack has no tool "${name}" any more.`);
  return tool;
}

/**
 * Checks every tool that the settings name against the catalogs of all customers. A name that no tool has, on or off,
 * is an error with the nearest one. If a plugin failed to load, the name may be its own, so it is only a warning; while
 * a plugin is still loading, nothing is reported.
 * @throws ConfigError
 * @returns warnings
 */
export async function checkNames(
  catalogs: readonly Catalog[],
  bundled: Bundled,
  { exclude, customers }: Settings,
  waiting = false,
): Promise<string[]> {
  for (const { use, only = [], writing, card } of catalogs.flatMap(({ packs }) => packs)) {
    const own = card.tools.map(({ name }) => name);
    refuseStrangers(`The tools of "${shown(use)}" name`, only, own);
    refuseStrangers(`"allowWrites" in the entry of "${shown(use)}" names`, writing?.allowWrites ?? [], own);
  }
  const known = new Set(catalogs.flatMap(({ entries }) => entries.map(({ tool }) => tool.name)));
  const places: [place: string, names: readonly string[]][] = [
    ['"exclude"', exclude],
    ...Object.values(customers).map((one): [string, readonly string[]] => [
      `"exclude" of the customer "${one.name}"`,
      one.exclude ?? [],
    ]),
  ];
  const named = places.flatMap(([place, names]) => names.map((name) => ({ place, name })));
  if (waiting || named.every(({ name }) => known.has(name))) return [];
  for (const catalog of catalogs)
    for (const { tool } of await offEntries(catalog, bundled, { exclude })) known.add(tool.name);
  const faults = named
    .filter(({ name }) => !known.has(name))
    .map(
      ({ place, name }) =>
        `${place} names "${shown(name)}", a tool that no pack has.${didYouMean(name.slice(0, 100), known)}`,
    );
  if (faults[0] !== undefined && catalogs.every(({ skipped }) => skipped.length === 0))
    throw new ConfigError(faults[0]);
  return faults;
}

/** Sentences about scopes that the operator named though no tool that is on may use them. */
export const idleScopes = (catalog: Catalog, scopes: readonly Scope[]): string[] =>
  scopes
    .filter((scope) => !catalog.on.some(({ tool }) => [...tool.scopes, ...tool.optionalScopes].includes(scope)))
    .map((scope) => `"scopes" in the config names ${scope}, which no tool that is on can use. Take it out.`);

/** @throws ConfigError for a name that is not one of the pack's own */
function refuseStrangers(place: string, names: readonly string[], own: readonly string[]): void {
  const stranger = names.find((name) => !own.includes(name));
  if (stranger !== undefined)
    throw new ConfigError(
      `${place} "${shown(stranger)}", which it does not have.${didYouMean(stranger.slice(0, 100), own) || ` It has: ${own.join(', ')}.`}`,
    );
}
