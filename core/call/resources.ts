import type { Effect } from '../define.js';
import { HaloError } from '../errors.js';
import type { Scope } from '../halo/scopes.js';
import type { ToolCard } from '../load/card.js';
import type { Catalog, CatalogEntry } from '../load/catalog.js';
import { lineOf } from '../load/policy.js';
import { clean, cut } from '../output/clean.js';

/** The address of the effective policy, for the model and for people alike. */
export const POLICY_URI = 'halo://policy';

/** A family of records that can be read one at a time. */
export interface RecordTemplate {
  /** `halo://tickets/{id}` */
  uriTemplate: string;
  name: string;
  title: string;
  description: string;
}

/**
 * The records that can be read with the tools that are on.
 * @param root `halo://`, or `halo://CUSTOMER/` for one of several customers
 */
export const recordsOf = (catalog: Catalog, root: string): RecordTemplate[] =>
  [...readersOf(catalog)].map(([record, { name, shown }]) => ({
    uriTemplate: `${root}${record}/{id}`,
    name: record,
    title: shown?.title ?? name,
    description: shown?.description ?? '',
  }));

/** The tools that read records, by the name of the record; a bundled pack, or else the first, owns a name. */
function readersOf({ on, packs }: Catalog): Map<string, ToolCard> {
  const readers = new Map<string, ToolCard>();
  for (const { card } of packs)
    for (const { tool } of on)
      if (tool.record !== undefined && card.tools.includes(tool) && !readers.has(tool.record))
        readers.set(tool.record, tool);
  return readers;
}

/**
 * The tool that reads a record, and the record's id.
 * @throws HaloError HALO_NOT_FOUND for an address that names no record here
 */
export function recordAt(uri: string, catalog: Catalog, root: string): { tool: string; id: number } {
  const path = uri.startsWith(root) ? uri.slice(root.length) : '';
  const [, record = '', digits] = /^([a-z][a-z0-9-]*)\/(-?\d{1,16})$/.exec(path) ?? [];
  const found = readersOf(catalog).get(record);
  if (found === undefined) throw nothingAt(uri, recordsOf(catalog, root));
  return { tool: found.name, id: Number(digits) };
}

/** The error for an address at which there is nothing. */
export function nothingAt(uri: string, records: readonly RecordTemplate[]): HaloError {
  const there = [POLICY_URI, ...records.map(({ uriTemplate }) => uriTemplate)].join(', ');
  return new HaloError('HALO_NOT_FOUND', `There is nothing at ${clean(cut(uri, 80))}.`, `There are: ${there}.`);
}

/** The effective policy. */
export interface Policy {
  tools: { name: string; pack: string; effect: Effect; scopes: readonly Scope[]; on: boolean; why?: string }[];
  /** What the token asks for. */
  scopes: readonly Scope[];
  skipped: { plugin: string; reason: string }[];
  /** The limit of requests to Halo in any 5 minutes, and how many could be sent now. */
  requests: { per_5_minutes: number; left: number };
}

/** What is on, what is off and why, as the catalog decided: no secrets, no addresses, none of Halo's data. */
export function policyOf(
  { entries, scopes, skipped }: Catalog,
  off: readonly CatalogEntry[],
  requests: Policy['requests'],
): Policy {
  return {
    tools: [...entries, ...off].map(({ tool, pack, now }) => {
      const verdict = now();
      return {
        ...{ name: tool.name, pack, effect: tool.effect, scopes: tool.scopes, on: verdict.on },
        ...(!verdict.on && { why: lineOf(verdict) }),
      };
    }),
    scopes,
    skipped: skipped.map(({ use, reason }) => ({ plugin: use, reason })),
    requests,
  };
}
