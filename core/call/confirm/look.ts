import { openEnvelope } from '../../halo/envelope.js';
import type { Halo } from '../../halo/halo.js';
import { isRow, type Row } from '../../halo/row.js';
import { leavesOpen } from '../../halo/serve.js';
import { NONE, unwrap } from '../../halo/unwrap.js';
import { instantOf, intOf, numberOf, textOf } from '../../halo/value.js';
import { htmlConverter } from '../../output/html.js';
import { LEDGER_MS } from './ledger.js';
import { isActions, isMute, isTickets } from './mute.js';
import type { Prepared } from './prepare.js';

/** How far Halo's clock and ours may differ. */
const SKEW_MS = 60_000;
/** Two decimals are the fewest that were seen in hours. */
const HOURS_APART = 0.01;
const HALF_A_DAY_MS = 12 * 3_600_000 - 1;
/** More than anybody writes in ten minutes. */
const NEWEST = 50;
/** The most actions read of one ticket; Halo sends them oldest first. */
const MOST = 1000;

type Reading = Pick<Halo, 'get'>;
type Sent = Pick<Prepared, 'path' | 'body'>;

/** Tells a person how to look for a change by hand. */
export function recipeOf({ path, body: [row] }: Prepared): string {
  if (isActions(path)) return `Use list_actions (ticket_id ${row.ticket_id}) to see whether it is there`;
  if (isTickets(path) && row.id !== undefined) return `Use get_ticket (id ${row.id}) to see how it is now`;
  if (isTickets(path)) return `Use list_tickets (client_id ${row.client_id}) to see whether it is there`;
  return `Look in Halo under ${path} to see whether it is there`;
}

/** Which of the equal records to ignore. */
export interface Others {
  /** Milliseconds of the epoch: an older record is a different one. */
  since?: number | undefined;
  /** Ids of the records that existed before. */
  there?: readonly number[] | undefined;
}

/** True for a change that makes a record to look for: an action, or a ticket of a client. */
export const leavesTrace = ({ path, body: [row] }: Sent): boolean =>
  isActions(path) || (isTickets(path) && row.id === undefined && typeof row.client_id === 'number');

/**
 * Looks whether a change has been made: an action among the newest of its ticket or a ticket among the newest of its
 * client, with the same content; or a ticket that has every value it was to get.
 * @returns the newest such record; undefined if it is not there, null if this can't be known
 * @throws HaloError HALO_UNEXPECTED if the answer is not a list, since it then shows nothing either way
 */
export async function lookFor(prepared: Prepared, halo: Reading, others: Others): Promise<Row | undefined | null> {
  const { path, body } = prepared;
  if (isTickets(path) && body[0].id !== undefined) return updated(body[0], halo);
  const equal = await equalsOf(prepared, halo);
  if (equal === null) return null;
  return newest(equal.rows.filter((row) => isMeant(row, body[0], others))) ?? (equal.cut ? null : undefined);
}

/**
 * Ids of the equal records that exist already, to tell a new one from them; empty for a change that can't be looked for.
 * @throws HaloError HALO_UNEXPECTED if the answer is not a list
 */
export async function equalIds(prepared: Prepared, halo: Reading): Promise<number[]> {
  const { path, body } = prepared;
  if (isTickets(path) && body[0].id !== undefined) return [];
  return (await equalsOf(prepared, halo))?.rows.flatMap((row) => intOf(row.id) ?? []) ?? [];
}

/** How far back an equal change that is not remembered may have been made. */
export const rememberedSince = (): number => Date.now() - LEDGER_MS;

function isMeant(row: Row, wanted: Row, { since, there = [] }: Others): boolean {
  const id = intOf(row.id);
  if (id !== undefined && there.includes(id)) return false;
  const at = madeAt(row, wanted);
  // A record whose time can't be read may be the one.
  return since === undefined || at === undefined || at >= since - SKEW_MS;
}

/**
 * When a record was made, in milliseconds; undefined if it does not say. An action logged for another day carries that
 * day, not the day on which it was made.
 */
export function madeAt(row: Row, { datetime }: Row): number | undefined {
  const created = instantOf(row.actiondatecreated);
  const at = datetime === undefined ? (instantOf(row.datetime ?? row.dateoccurred) ?? created) : created;
  return at === undefined ? undefined : Date.parse(at);
}

/** The equal records among those that Halo sent; `cut` if Halo has more, any of which may be equal. */
async function equalsOf({ path, body }: Sent, halo: Reading): Promise<{ rows: Row[]; cut: boolean } | null> {
  if (!leavesTrace({ path, body })) return null;
  const [row] = body;
  if (isActions(path)) {
    const query = { ticket_id: row.ticket_id as number, count: MOST, includehtmlnote: true };
    const got = openEnvelope(await halo.get('/Actions', query), 'actions', '/Actions');
    const { entries, count, flaw } = got;
    const sent = entries.filter(isRow).filter((one) => isLike(one, row));
    const open = leavesOpen(got, undefined) || entries.length >= MOST || (count ?? 0) > entries.length;
    const cut = flaw !== undefined || open;
    return { rows: await having(sent, row, ['note_html']), cut };
  }
  const page = { pageinate: true, page_no: 1, page_size: NEWEST };
  const query = { client_id: row.client_id as number, order: 'dateoccurred', orderdesc: true, ...page };
  const { entries, flaw } = openEnvelope(await halo.get('/Tickets', query), 'tickets', '/Tickets');
  const sent = entries.filter(isRow);
  // If the newest come first, a record made a moment ago is among them, unless some can't be read.
  const cut = flaw !== undefined || (entries.length >= NEWEST && !isNewestFirst(sent));
  return { rows: await having(sent, row, ['summary', 'client_id']), cut };
}

/** Whether Halo obeyed the order: no ticket is older than the one after it. */
const isNewestFirst = (rows: readonly Row[]): boolean =>
  rows
    .map((row) => instantOf(row.dateoccurred))
    .every((at, index, all) => at !== undefined && at <= (all[index - 1] ?? at));

/** The ticket, if it has every value that the change was to give it; null if it does not show some of them. */
async function updated(row: Row, halo: Reading): Promise<Row | undefined | null> {
  const found = unwrap(await halo.get(`/Tickets/${row.id}`, { includedetails: true }));
  if (found === NONE || !isRow(found)) return undefined;
  const wanted = Object.keys(row).filter((field) => !isMute(field));
  if (wanted.some((field) => !(field in found))) return null;
  return wanted.every((field) => sameText(String(found[field] ?? ''), String(row[field] ?? ''))) ? found : undefined;
}

async function having(rows: readonly Row[], wanted: Row, fields: readonly string[]): Promise<Row[]> {
  const toText = await htmlConverter();
  const textIn = (row: Row, field: string): string =>
    field === 'note_html' ? toText(textOf(row.note_html) ?? textOf(row.note) ?? '') : String(row[field] ?? '');
  return rows.filter((row) => fields.every((field) => sameText(textIn(row, field), textIn(wanted, field))));
}

/** Halo may keep fewer decimals of the hours, and another time of the same day. */
function isLike(row: Row, wanted: Row): boolean {
  const hours = (numberOf(row.timetaken) ?? 0) - (numberOf(wanted.timetaken) ?? 0);
  const [is, was] = [instantOf(row.datetime), instantOf(wanted.datetime)];
  const apart = is === undefined || was === undefined ? 0 : Date.parse(is) - Date.parse(was);
  return Math.abs(hours) < HOURS_APART && Math.abs(apart) < HALF_A_DAY_MS;
}

const sameText = (a: string, b: string) => fold(a) === fold(b);
const fold = (text: string) => text.replace(/\s+/g, ' ').trim();

const newest = (rows: readonly Row[]): Row | undefined =>
  rows.toSorted((a, b) => (intOf(b.id) ?? 0) - (intOf(a.id) ?? 0))[0];
