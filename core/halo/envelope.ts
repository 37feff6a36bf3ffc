import { isDeepStrictEqual } from 'node:util';
import { HaloError } from '../errors.js';
import { isRow, type Row } from './row.js';
import { keyFor } from './row-key.js';

export { isRow, type Row } from './row.js';

/** Name of the array in an answer; an endpoint may know several. */
export type ListKey = string | readonly string[];

/** An answer with a list, and what it says about itself. */
export interface Envelope {
  /** Everything in the list, rows or not. */
  entries: unknown[];
  /** Its rows, each once; see {@link believe}. */
  rows: Row[];
  /** True for an array without an envelope. */
  bare: boolean;
  /** Rows in total, as Halo counts them; null if it sends no count, or an impossible one. */
  count: number | null;
  /** The page and its size, as the answer gives them. */
  told: number | null;
  size: number | null;
  /** How the answer contradicts itself, in our words. */
  flaw?: string;
}

/** A larger count is not believed: Halo can't hold that many rows. */
const MOST_ROWS = 10_000_000;

/**
 * Opens an answer and checks it against itself. Only an array under a named key, or a bare array of rows, is a list.
 * @throws HaloError HALO_UNEXPECTED if there is none, or an error in its place
 */
export function openEnvelope(body: unknown, key: ListKey, path = ''): Envelope {
  const { entries, sent, envelope, count, flaw: own } = opened(body, key);
  const { rows, flaw: doubled } = believe(sent, path);
  const [told, size] = [toCount(envelope.page_no), toCount(envelope.page_size)];
  const flaw = own ?? doubled;
  return { entries, rows, bare: Array.isArray(body), count, told, size, ...(flaw !== undefined && { flaw }) };
}

/** What an answer holds, as sent. */
function opened(body: unknown, key: ListKey) {
  const { entries, envelope } = findList(body, key);
  const sent = entries.filter(isRow);
  if (entries.length > 0 && sent.length === 0) throw noList(key);
  const count = toCount(envelope.record_count);
  const troubled = envelope.success === false || speaks(envelope, SURE_ERROR_FIELD);
  return { entries, sent, envelope, count, flaw: flawOf(entries.length, sent.length, count, troubled) };
}

/**
 * The rows of an answer as sent, from a named key or the bare array.
 * @param lacks called if it is not the whole list, as far as it says itself
 * @throws HaloError HALO_UNEXPECTED if there is no list, or an error in its place
 */
export function rowsOf(body: unknown, key: ListKey, lacks?: (why: string) => void): Row[] {
  const { entries, sent, count, flaw } = opened(body, key);
  const more = count !== null && count > entries.length;
  if (flaw !== undefined) lacks?.(flaw);
  else if (more) lacks?.(`Halo counts ${count} rows and sent ${entries.length}`);
  return sent;
}

/**
 * Empties a page whose rows were taken. The promises that brought it were there before it, so they may outlive it: with
 * its rows in them, a long walk fills the memory until all of it is swept.
 */
export function release({ entries, rows }: Pick<Envelope, 'entries' | 'rows'>): void {
  entries.length = 0;
  rows.length = 0;
}

/**
 * Rows that came together, each once. Exact repeats are left out. If rows share an id but differ, nobody knows which
 * one it belongs to: none of them is believed.
 */
export function believe(sent: Row[], path: string): { rows: Row[]; flaw?: string } {
  const keyOf = keyFor(path);
  const first = new Map<unknown, Row>();
  const doubtful = new Set<unknown>();
  for (const row of sent) {
    const key = keyOf(row) ?? row;
    const known = first.get(key);
    if (known === undefined) first.set(key, row);
    else if (!isDeepStrictEqual(known, row)) doubtful.add(key);
  }
  if (first.size === sent.length) return { rows: sent };
  const rows = [...first].flatMap(([key, row]) => (doubtful.has(key) ? [] : [row]));
  const [twice, left] = [sent.length - first.size, doubtful.size];
  const flaw =
    left > 0
      ? `Halo sent different rows under ${left === 1 ? 'one id' : `each of ${left} ids`}, left out`
      : `Halo sent ${twice === 1 ? 'a row' : `${twice} rows`} twice on one page`;
  return { rows, flaw };
}

function findList(body: unknown, key: ListKey): { entries: unknown[]; envelope: Row } {
  if (Array.isArray(body)) return { entries: body, envelope: {} };
  if (!isRow(body)) throw noList(key);
  const keys = typeof key === 'string' ? [key] : key;
  const named = keys.map((one) => body[one]);
  const list = named.find(Array.isArray);
  if (list === undefined) {
    // Halo leaves null fields out, and may do so with an empty list: then it counts no rows and sends none elsewhere.
    const absent = named.every((one) => one === undefined || one === null) && toCount(body.record_count) === 0;
    if (!absent || holdsOtherRows(body)) throw noList(key);
  }
  // An empty list is not believed either if its rows may be under another name and no count says zero.
  if (list?.length === 0 && toCount(body.record_count) === null && holdsOtherRows(body)) throw noList(key);
  if ((list === undefined || list.length === 0) && tellsOfError(body))
    throw new HaloError('HALO_UNEXPECTED', `Halo answered with an error in place of ${nounOf(key)}.`);
  return { entries: list ?? [], envelope: body };
}

const nounOf = (key: ListKey) => (typeof key === 'string' ? key : (key[0] ?? 'rows'));

const noList = (key: ListKey) => new HaloError('HALO_UNEXPECTED', `Halo's answer holds no list of ${nounOf(key)}.`);

/** Field names that Halo, .NET, OAuth and problem+json use for errors. */
const ERROR_FIELD = /error|exception|^(fault|faults|message|detail|title|stacktrace\w*|classname|hresult)$/i;

/** Names that mean an error even next to rows. */
const SURE_ERROR_FIELD = /^_?(errors?|error_\w+|exception\w*)$/i;

/** True if an envelope reports an error; an empty error field reports none. */
const tellsOfError = (body: Row): boolean =>
  body.success === false ||
  (typeof body.status === 'number' ? body.status >= 400 : /^(error|fail)/i.test(String(body.status ?? ''))) ||
  speaks(body, ERROR_FIELD);

const speaks = (body: Row, field: RegExp): boolean =>
  Object.entries(body).some(([name, value]) => field.test(name) && says(value));

function says(value: unknown): boolean {
  if (typeof value === 'object') return value !== null && Object.keys(value).length > 0;
  return Boolean(value) && !/^(0|false|none|null|\s*)$/i.test(String(value));
}

/** Newer Halos send columns next to the rows. */
const holdsOtherRows = (body: Row) =>
  Object.entries(body).some(([name, value]) => name !== 'columns' && Array.isArray(value) && value.some(isRow));

function flawOf(entries: number, rows: number, count: number | null, troubled: boolean): string | undefined {
  const strange = entries - rows;
  if (strange > 0) return `${strange} of the ${entries} rows that Halo sent can't be read`;
  if (troubled) return 'Halo sent an error beside its rows';
  return count !== null && count < entries ? `Halo counts ${count} rows and sent ${entries}` : undefined;
}

function toCount(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MOST_ROWS ? count : null;
}
