import type { Catalog, CatalogEntry } from './catalog.js';
import type { Effect } from './define.js';
import { HaloError } from './errors.js';
import type { Scope } from './halo/scopes.js';
import { clean, cut } from './output/clean.js';
import { lineOf } from './policy.js';

/** Where the effective policy stands, for the model and for people alike. */
export const POLICY_URI = 'halo://policy';

/** A family of records that can be read one by one. */
export interface RecordTemplate {
  /** `halo://tickets/{id}` */
  uriTemplate: string;
  name: string;
  title: string;
  description: string;
}

/** The records that the tools which are on can read. */
export const recordsOf = ({ on }: Catalog): RecordTemplate[] =>
  on.flatMap(({ tool }) =>
    tool.record === undefined || tool.shown === undefined
      ? []
      : [
          {
            uriTemplate: `halo://${tool.record}/{id}`,
            name: tool.record,
            title: tool.shown.title ?? tool.name,
            description: tool.shown.description ?? '',
          },
        ],
  );

/**
 * The tool that reads a record, and its id.
 * @throws HaloError HALO_NOT_FOUND for an address that names no record here
 */
export function recordAt(uri: string, catalog: Catalog): { tool: string; id: number } {
  const [, record, digits] = /^halo:\/\/([a-z][a-z0-9-]*)\/(-?\d{1,16})$/.exec(uri) ?? [];
  const found = catalog.on.find(({ tool }) => tool.record !== undefined && tool.record === record);
  if (found === undefined) {
    const there = [POLICY_URI, ...recordsOf(catalog).map(({ uriTemplate }) => uriTemplate)].join(', ');
    throw new HaloError('HALO_NOT_FOUND', `There is nothing at ${clean(cut(uri, 80))}.`, `There are: ${there}.`);
  }
  return { tool: found.tool.name, id: Number(digits) };
}

/** The effective policy. */
export interface Policy {
  tools: { name: string; pack: string; effect: Effect; scopes: readonly Scope[]; on: boolean; why?: string }[];
  /** What the token asks for. */
  scopes: readonly Scope[];
  skipped: { plugin: string; reason: string }[];
}

/** What is on, what is off and why, as the catalog decided: no secret, no address, nothing of Halo's data. */
export function policyOf({ entries, scopes, skipped }: Catalog, off: readonly CatalogEntry[]): Policy {
  return {
    tools: [...entries, ...off].map(({ tool, pack, verdict }) => ({
      name: tool.name,
      pack,
      effect: tool.effect,
      scopes: tool.scopes,
      on: verdict.on,
      ...(!verdict.on && { why: lineOf(verdict) }),
    })),
    scopes,
    skipped: skipped.map(({ use, reason }) => ({ plugin: use, reason })),
  };
}
