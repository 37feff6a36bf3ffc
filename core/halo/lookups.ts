import { HaloError } from '../errors.js';
import { nameKey } from '../make/name.js';
import type { Shelf } from '../store/shelf.js';
import { all } from './all.js';
import type { HaloClient, Query } from './client.js';
import type { Patience } from './limiter.js';
import type { Row } from './pages.js';
import { intOf, isNothing, numberOf, textOf } from './value.js';

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
  /** Only for priorities: the SLA that gives the id this name; under another SLA it may have a different name. */
  sla?: number;
  /** Only for agents, if Halo sends it. */
  email?: string;
  /** Only for currencies: true for the home currency, whose conversion rate is 1. */
  home?: true;
}

/**
 * Where each lookup comes from, and which fields hold its id and name. A priority's `id` is a GUID, but tickets hold
 * its `priorityid`; a currency is known by its ISO code. Disabled agents are included, as their tickets remain.
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

/** If a list of names comes in an envelope at all, as agents may, it is under this key. */
const KEY = 'results';

/** The path that a lookup reads, for the check of its scope. */
export const lookupPath = (name: LookupName): string => SOURCES[name].path;

interface Kept {
  rows: LookupRow[];
  /** Why it may not be the whole list. */
  lacks: string | undefined;
  /** Names whose ids can't be read. */
  lost: readonly string[];
  /** How many rows have a name that can't be read: any of them may be the one that is meant. */
  nameless: number;
  until: number;
  missed: Set<string>;
}

/** The small lists that give ids their names, kept for five minutes. */
export class Lookups {
  readonly #kept = new Map<LookupName, Kept>();

  /** @param shelf where other servers with the same login find what this one read */
  constructor(
    private readonly client: HaloClient,
    private readonly shelf?: Shelf,
  ) {}

  /**
   * The rows of a lookup, as the caller's own copy. If the kept rows lack an id or a name, the list is read once more,
   * as it may be new.
   * @param wanted ids or names that the caller is about to look up
   * @throws HaloError HALO_UNAVAILABLE for a name that is missing if Halo did not send the whole list
   */
  async get(name: LookupName, patience: Patience, wanted: readonly (number | string)[] = []): Promise<LookupRow[]> {
    return (await this.#rows(name, patience, wanted)).map((row) => ({ ...row }));
  }

  async #rows(
    name: LookupName,
    patience: Patience,
    wanted: readonly (number | string)[],
  ): Promise<readonly LookupRow[]> {
    const kept = this.#alive(name) ?? (await this.#found(name));
    if (kept === undefined) return found(name, await this.#fetch(name, patience, new Set()), wanted);
    const missing = wanted.filter((w) => !kept.missed.has(String(w)) && !kept.rows.some((row) => matches(row, w)));
    if (missing.length === 0) return found(name, kept, wanted);
    const missed = new Set([...kept.missed, ...missing.map(String)]);
    return found(name, await this.#fetch(name, patience, missed), wanted);
  }

  async #fetch(name: LookupName, patience: Patience, missed: Set<string>) {
    const { path, id, name: field, query = {} } = SOURCES[name];
    const read = (from: string, asked: Query) => this.client.get(from, asked, patience);
    const walk = await all(read, new Map(), path, { key: KEY, query, paged: false }, patience.signal);
    const rows = walk.rows.flatMap((row) => toLookup(row, name));
    const lost = walk.rows.filter((row) => intOf(row[id]) === undefined).map((row) => String(row[field] ?? ''));
    const nameless = walk.rows.filter((row) => !isNothing(row[field]) && textOf(row[field]) === undefined).length;
    const entry: Kept = { rows, lost, nameless, lacks: walk.reason, until: performance.now() + KEPT_MS, missed };
    this.#kept.set(name, entry);
    await this.#leave(name, entry);
    return entry;
  }

  #alive(name: LookupName): Kept | undefined {
    const kept = this.#kept.get(name);
    return kept === undefined || performance.now() > kept.until ? undefined : kept;
  }

  /** What another server read recently. */
  async #found(name: LookupName): Promise<Kept | undefined> {
    const left = await this.shelf?.get(await this.#nameOf(name)).catch(() => undefined);
    if (left === undefined) return undefined;
    const { missed, ...rest } = JSON.parse(left.text) as Left;
    const entry = { ...rest, lacks: undefined, missed: new Set(missed), until: performance.now() + left.milliseconds };
    this.#kept.set(name, entry);
    return entry;
  }

  async #leave(name: LookupName, { rows, lost, nameless, missed, lacks }: Kept): Promise<void> {
    if (this.shelf === undefined || lacks !== undefined) return;
    const left: Left = { rows, lost, nameless, missed: [...missed] };
    await this.shelf.set(await this.#nameOf(name), JSON.stringify(left), KEPT_MS).catch(() => undefined);
  }

  /** Halo shows one login what it hides from another. */
  async #nameOf(name: LookupName): Promise<string> {
    const { apiUrl, clientId } = await this.client.connection();
    return JSON.stringify([apiUrl, clientId, name]);
  }
}

/** A lookup as left for other servers. */
interface Left extends Pick<Kept, 'rows' | 'lost' | 'nameless'> {
  missed: string[];
}

/** The rows, unless a wanted name is missing that may be among those that Halo did not send. */
function found(
  lookup: LookupName,
  { rows, lost, nameless, lacks }: Kept,
  wanted: readonly (number | string)[],
): readonly LookupRow[] {
  const missing = wanted.filter((one) => typeof one === 'string' && !rows.some((row) => matches(row, one)));
  const meant = lost.some((name) => missing.some((one) => nameKey(name).includes(nameKey(String(one)))));
  if (meant)
    throw new HaloError('HALO_UNEXPECTED', `Halo sent a ${lookup} of that name with an id that can not be read.`);
  if (nameless > 0 && missing.length > 0)
    throw new HaloError(
      'HALO_UNEXPECTED',
      `In Halo's list of each ${lookup}, ${nameless} ${nameless === 1 ? 'name' : 'names'} can't be read.`,
      'Pass the id in place of the name.',
    );
  if (lacks !== undefined && missing.length > 0)
    throw new HaloError(
      'HALO_UNAVAILABLE',
      `Halo's list of each ${lookup} could not be read completely: ${lacks}.`,
      'Pass the id in place of the name, or the whole name as Halo spells it.',
    );
  return rows;
}

const matches = (row: LookupRow, wanted: number | string) =>
  typeof wanted === 'number' ? row.id === wanted : nameKey(row.name) === nameKey(wanted) || hasEmail(row, wanted);

/** True if an e-mail address is the row's; case does not count. */
export const hasEmail = ({ email }: LookupRow, wanted: string): boolean =>
  email !== undefined && wanted.includes('@') && email.toLowerCase() === wanted.trim().toLowerCase();

function toLookup(row: Row, lookup: LookupName): LookupRow[] {
  const { id: idField, name: nameField } = SOURCES[lookup];
  const id = intOf(row[idField]);
  const name = textOf(row[nameField]);
  if (id === undefined || name === undefined) return [];
  const sla = intOf(row.slaid);
  const home = numberOf(row.conversion_rate) === 1;
  const email = lookup === 'agent' ? textOf(row.email) : undefined;
  return [
    { id, name, ...(email !== undefined && { email }), ...(sla !== undefined && { sla }), ...(home && { home }) },
  ];
}
