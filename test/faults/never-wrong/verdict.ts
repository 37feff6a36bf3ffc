import { isDeepStrictEqual } from 'node:util';
import type { CallResult } from '../../../core/call/call.js';
import { type Json, textOf } from './stage.js';

/** The result of a call on a healthy Halo. */
export interface Truth {
  answer: Json;
  /** For a list: every row over all pages, by its key. */
  rows?: ReadonlyMap<string, Json>;
  /** For a record that shows only some rows of its lists: the record with all of them. */
  wide?: Json;
}

/** Errors which say that Halo could not be read or trusted. They claim nothing about its data. */
const HONEST = [
  ...['HALO_UNEXPECTED', 'HALO_FILTER_IGNORED', 'HALO_UNAVAILABLE', 'HALO_NOT_JSON', 'HALO_CUT_OFF'],
  ...['HALO_TOO_LARGE', 'HALO_FAILED'],
];

/** The key of a row. Ids of actions count within their ticket. */
export const keyOf = ({ id, ticket_id: ticket }: Json): string => `${ticket ?? ''}/${id}`;

export const isList = (answer: Json): boolean => Array.isArray(answer.items) && 'next_page' in answer;

/**
 * What is wrong with an answer compared with the truth. Undefined if it is true, an honest error, or says that
 * something is missing. What it shows must always be true.
 * @param mayBeGone whether what Halo sent can mean that there is no such record
 */
export function faultOf(truth: Truth, result: CallResult, mayBeGone = false): string | undefined {
  if (result.isError) {
    const code = textOf(result).split(':', 1)[0] ?? '';
    return HONEST.includes(code) || (mayBeGone && code === 'HALO_NOT_FOUND') ? undefined : `the error ${code}`;
  }
  const answer = (result.structuredContent ?? {}) as Json;
  if (isDeepStrictEqual(answer, truth.answer)) return undefined;
  if (truth.rows !== undefined) return listFault(truth, answer);
  if (completeOf(truth.answer) !== undefined) return figureFault(truth.answer, answer);
  return recordFault(truth, answer, saysMore(truth.answer, answer));
}

/** Where an answer with figures says whether it is complete. */
function completeOf({ complete, method }: Json): unknown {
  return complete ?? (method as Json | undefined)?.complete;
}

const saysMore = (truth: Json, answer: Json): boolean =>
  (answer.hint !== undefined && answer.hint !== truth.hint) || answer.omitted !== undefined;

/** No invented row, no different value, and no total but the true one. */
function listFault({ rows = new Map() }: Truth, answer: Json): string | undefined {
  const items = answer.items as Json[];
  for (const item of items) {
    const known = rows.get(keyOf(item)) ?? (item.ticket_id === undefined ? ofAnyTicket(rows, item) : undefined);
    // A row whose value is unknown is shown for any word of the filter, and the answer says so.
    if (known === undefined && KEPT.test(String(answer.hint))) continue;
    if (known === undefined) return `a row that does not belong here: ${keyOf(item)}`;
    const value = differing(known, item);
    if (value !== undefined) return `row ${keyOf(item)}: ${value}`;
  }
  if (new Set(items.map(keyOf)).size < items.length) return 'a row twice';
  if (typeof answer.total === 'number' && answer.total !== rows.size)
    return `a total of ${answer.total} in place of ${rows.size}`;
  return undefined;
}

const KEPT =
  /not say whether (it fits|they fit) "\w+", and (is|are) shown|Whether Halo searched could not be checked|may be superseded/;
/** Columns that appear only if a row of the page adds them. */
const BROUGHT = ['posted', 'start'];

/** The row of that id, if the answer does not say which ticket it belongs to. */
const ofAnyTicket = (rows: ReadonlyMap<string, Json>, { id }: Json) => [...rows.values()].find((row) => row.id === id);

/** True if a page may have fewer rows than the truth without saying so, since its total is marked as unproven. */
export const isUnsure = (answer: Json): boolean =>
  answer.total === null || answer.hint !== undefined || answer.omitted !== undefined;

/** A false value in a row. An omitted value is not false; a number in place of an unknown name is. */
function differing(known: Json, shown: Json): string | undefined {
  for (const [name, value] of Object.entries(shown)) {
    if (typeof value === 'string' && /^#\d+$/.test(value)) continue;
    if (BROUGHT.includes(name) && known[name] === undefined) continue;
    // Without a currency, amounts have 2 decimals.
    if (shown.currency === undefined && known.currency !== undefined && inCents(value) === inCents(known[name]))
      continue;
    // The word for an unknown payment.
    if (name === 'payment' && value === 'unknown') continue;
    if (!isDeepStrictEqual(value, known[name])) return `${name} ${said(value)} in place of ${said(known[name])}`;
  }
  return undefined;
}

/** An amount with 2 decimals; anything else as it is. */
const inCents = (value: unknown) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value).toFixed(2) : value;

const said = (value: unknown) => JSON.stringify(value) ?? 'nothing';

/** Sums marked as incomplete claim nothing. */
function figureFault(truth: Json, answer: Json): string | undefined {
  if (completeOf(answer) === false) return undefined;
  for (const name of Object.keys(truth)) {
    if (['method', 'hint', 'note', 'statement'].includes(name)) continue;
    const [wrong] = differences(truth[name], answer[name], name);
    if (wrong !== undefined) return `${wrong}, and it says that it is complete`;
  }
  return undefined;
}

/**
 * The record's values are true, and no list in it is silently shorter. If the answer says that a list is incomplete, it
 * may show other rows than it would of the whole: the newest that came.
 */
function recordFault({ answer: truth, wide = truth }: Truth, answer: Json, told: boolean): string | undefined {
  for (const [name, value] of Object.entries(answer)) {
    if (['hint', 'omitted'].includes(name)) continue;
    const known = truth[name];
    if (Array.isArray(value) && value.every((row) => typeof row === 'object')) {
      const fault = partFault(
        name,
        (known ?? []) as Json[],
        value as Json[],
        told ? ((wide[name] ?? []) as Json[]) : undefined,
      );
      if (fault !== undefined) return fault;
    } else {
      const fault = differing({ [name]: known }, { [name]: value });
      if (fault !== undefined) return fault;
    }
  }
  const gone = Object.keys(truth).find((name) => Array.isArray(truth[name]) && !(name in answer));
  return gone === undefined || told ? undefined : `${gone} left out without a word`;
}

/** @param wide all rows of the list, if the answer says that part of it is missing */
function partFault(
  name: string,
  known: readonly Json[],
  shown: readonly Json[],
  wide?: readonly Json[],
): string | undefined {
  const left = [...(wide ?? known)];
  for (const row of shown) {
    const index = left.findIndex((one) => differing(one, row) === undefined);
    if (index === -1) return `${name}: ${said(row)} is none of ${(wide ?? known).length} rows`;
    left.splice(index, 1);
  }
  return shown.length === known.length || wide !== undefined
    ? undefined
    : `${shown.length} of ${known.length} ${name} without a word`;
}

/** Places where two values differ, deepest first. */
function differences(known: unknown, shown: unknown, place: string): string[] {
  if (isDeepStrictEqual(known, shown)) return [];
  // Lines without an id can't be named as a sum's source; the sum is still true.
  if (place.endsWith('.line_ids') && Array.isArray(known) && Array.isArray(shown))
    return shown.every((id) => known.includes(id)) ? [] : [`${place} names lines that are none`];
  // Of many rows, those that can't be read are shown first, in place of some that can.
  if (/(?:^|\.)evidence\.\w+\.items$/.test(place) && isRows(known) && isRows(shown) && shown.some(isUnreadable)) {
    const truths = new Map(known.map((row) => [`${row.id} ${row.reason}`, row]));
    return shown.flatMap((row) => differences(truths.get(`${row.id} ${row.reason}`) ?? row, row, place));
  }
  // Evidence with an amount that can't be read has no sum in its currency.
  if (/(?:^|\.)evidence\.\w+\.sum\.\w+$/.test(place) && shown === undefined) return [];
  // The only sum is a text, and one by its currency if there is any that can't be told.
  if (/(?:^|\.)evidence\.\w+\.sum$/.test(place) && typeof known === 'string' && isObject(shown))
    return Object.values(shown).every((sum) => sum === known)
      ? []
      : [`${place} is ${said(shown)} in place of ${known}`];
  // A reference, or a mark of a client, that can't be read is left out.
  if (/\.(ref|inactive)$/.test(place) && shown === undefined) return [];
  // A flag without an amount claims none.
  if (/(?:^|\.)flags\.\d+\.(amount|currency)$/.test(place) && (shown ?? null) === null) return [];
  if (isObject(known) && isObject(shown)) {
    // Evidence whose amount can't be read is marked, and shows none.
    if (shown.unreadable === true && known.unreadable === undefined) {
      const [{ net: _, ...truth }, { unreadable: __, ...rest }] = [known, shown];
      return differences(truth, rest, place);
    }
    const names = new Set([...Object.keys(known), ...Object.keys(shown)]);
    return [...names].flatMap((name) => differences(known[name], shown[name], `${place}.${name}`));
  }
  return [`${place} is ${said(shown).slice(0, 200)} in place of ${said(known).slice(0, 200)}`];
}

const isRows = (value: unknown): value is readonly Json[] => Array.isArray(value) && value.every(isObject);
const isUnreadable = ({ unreadable }: Json) => unreadable === true;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
