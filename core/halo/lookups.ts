import type { HaloClient, Query } from './client.js';
import type { Patience } from './limiter.js';
import { isRow, type Row, rowsOf } from './pages.js';

export const LOOKUPS = [
  'status',
  'tickettype',
  'priority',
  'team',
  'agent',
  'assettype',
  'currency',
  'customertype',
] as const;
export type LookupName = (typeof LOOKUPS)[number];

/** A name behind an id. */
export interface LookupRow {
  id: number;
  name: string;
  /** Priorities alone: the SLA that gives the id this name; one id may be named differently under another SLA. */
  sla?: number;
  /** Currencies alone: true for the home currency, whose conversion rate is 1. */
  home?: true;
}

/**
 * Where each lookup comes from and which field is its id and its name. A priority's `id` is a GUID, tickets hold its
 * `priorityid`; a currency is known by its ISO code. Agents come with those disabled, whose tickets are still there.
 */
const SOURCES: Record<LookupName, { path: string; id: string; name: string; query?: Query }> = {
  status: { path: '/Status', id: 'id', name: 'name' },
  tickettype: { path: '/TicketType', id: 'id', name: 'name', query: { showall: true } },
  priority: { path: '/Priority', id: 'priorityid', name: 'name' },
  team: { path: '/Team', id: 'id', name: 'name', query: { includedisabled: true } },
  agent: { path: '/Agent', id: 'id', name: 'name', query: { includedisabled: true, includeunassigned: true } },
  assettype: { path: '/AssetType', id: 'id', name: 'name' },
  currency: { path: '/Currency', id: 'id', name: 'code' },
  customertype: { path: '/Lookup', id: 'id', name: 'name', query: { lookupid: 33 } },
};

const KEPT_MS = 300_000;

/** The path that a lookup reads, for the check of its scope. */
export const lookupPath = (name: LookupName): string => SOURCES[name].path;

/** The small lists that give ids their names, kept for five minutes. */
export class Lookups {
  readonly #kept = new Map<LookupName, { rows: LookupRow[]; until: number; missed: Set<string> }>();

  constructor(private readonly client: HaloClient) {}

  /**
   * The rows of a lookup, the caller's own. An id or name that the kept rows don't know is asked for once more, as it
   * may be new.
   * @param wanted ids or names that the caller is about to look up
   */
  async get(name: LookupName, patience: Patience, wanted: readonly (number | string)[] = []): Promise<LookupRow[]> {
    return (await this.#rows(name, patience, wanted)).map((row) => ({ ...row }));
  }

  async #rows(
    name: LookupName,
    patience: Patience,
    wanted: readonly (number | string)[],
  ): Promise<readonly LookupRow[]> {
    const kept = this.#kept.get(name);
    if (kept === undefined || performance.now() > kept.until)
      return (await this.#fetch(name, patience, new Set())).rows;
    const missing = wanted.filter((w) => !kept.missed.has(String(w)) && !kept.rows.some((row) => matches(row, w)));
    if (missing.length === 0) return kept.rows;
    return (await this.#fetch(name, patience, new Set([...kept.missed, ...missing.map(String)]))).rows;
  }

  async #fetch(name: LookupName, patience: Patience, missed: Set<string>) {
    const { path, id, name: field, query = {} } = SOURCES[name];
    const body = await this.client.get(path, query, patience);
    const rows = rowsOf(body, 'results').flatMap((row) => toLookup(row, id, field));
    const entry = { rows, until: performance.now() + KEPT_MS, missed };
    this.#kept.set(name, entry);
    return entry;
  }
}

const matches = (row: LookupRow, wanted: number | string) =>
  typeof wanted === 'number' ? row.id === wanted : row.name.toLowerCase() === wanted.toLowerCase();

function toLookup(row: Row, idField: string, nameField: string): LookupRow[] {
  const id = Number(row[idField]);
  const name = row[nameField];
  if (!isRow(row) || !Number.isSafeInteger(id) || typeof name !== 'string') return [];
  const sla = Number(row.slaid);
  const home = row.conversion_rate !== undefined && Number(row.conversion_rate) === 1;
  return [{ id, name, ...(row.slaid !== undefined && Number.isSafeInteger(sla) && { sla }), ...(home && { home }) }];
}
