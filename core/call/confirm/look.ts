import type { Halo } from '../../halo/halo.js';
import { isRow, type Row } from '../../halo/row.js';
import { NONE, unwrap } from '../../halo/unwrap.js';
import { dayOf, instantOf, intOf, numberOf, textOf } from '../../halo/value.js';
import { htmlConverter } from '../../output/html.js';
import { LEDGER_MS } from './ledger.js';
import { isActions, isTickets } from './mute.js';
import type { Prepared } from './prepare.js';

/** Halo's clock and ours may differ by so much. */
const SKEW_MS = 60_000;
/** More than anybody writes in ten minutes. */
const NEWEST = 50;

type Reading = Pick<Halo, 'get'>;

/** What lets somebody look for a change by hand. */
export function recipeOf({ path, body: [row] }: Prepared): string {
  if (isActions(path)) return `Look with list_actions, ticket_id ${row.ticket_id}, whether it is there`;
  if (isTickets(path) && row.id !== undefined) return `Look with get_ticket, id ${row.id}, how it is now`;
  if (isTickets(path)) return `Look with list_tickets, client_id ${row.client_id}, whether it is there`;
  return `Look in Halo under ${path} whether it is there`;
}

/**
 * Looks whether a change has been made: an action among the newest of its ticket, a ticket among the newest of its
 * client, with the same content; a ticket that has all that it was to get.
 * @param since milliseconds of the epoch: what is older is another one
 * @returns the record; undefined where it is not there, null where nobody can tell
 */
export async function lookFor(prepared: Prepared, halo: Reading, since: number): Promise<Row | undefined | null> {
  const { path, body } = prepared;
  const [row] = body;
  if (isActions(path)) {
    const query = { ticket_id: row.ticket_id as number, count: NEWEST * 10, includehtmlnote: true };
    const rows = rowsOf(await halo.get('/Actions', query), 'actions');
    return newest(await having(rows, row, ['note_html', 'timetaken'], 'datetime', since));
  }
  if (isTickets(path) && row.id !== undefined) return lookForUpdate(prepared, halo);
  if (isTickets(path)) {
    const query = { client_id: row.client_id as number, order: 'dateoccurred', orderdesc: true };
    const page = { pageinate: true, page_no: 1, page_size: NEWEST };
    const rows = rowsOf(await halo.get('/Tickets', { ...query, ...page }), 'tickets');
    return newest(await having(rows, row, ['summary', 'client_id'], 'dateoccurred', since));
  }
  return null;
}

/** How long ago an equal change may have been made, for one that nobody remembers. */
export const rememberedSince = (): number => Date.now() - LEDGER_MS;

/** The ticket, where it has all that the change was to give it. */
async function lookForUpdate({ body: [row] }: Prepared, halo: Reading): Promise<Row | undefined> {
  const found = unwrap(await halo.get(`/Tickets/${row.id}`, { includedetails: true }));
  if (found === NONE || !isRow(found)) return undefined;
  const wanted = CHANGED.filter((field) => field in row);
  return wanted.length > 0 && wanted.every((field) => sameText(String(found[field] ?? ''), String(row[field])))
    ? found
    : undefined;
}

/** What an update of a ticket may change, by its field. */
const CHANGED = ['status_id', 'agent_id', 'team', 'priority_id', 'summary'];

async function having(
  rows: readonly Row[],
  wanted: Row,
  fields: readonly string[],
  when: string,
  since: number,
): Promise<Row[]> {
  const toText = await htmlConverter();
  const textIn = (row: Row, field: string): string => {
    const value = field === 'note_html' ? (textOf(row.note_html) ?? textOf(row.note)) : row[field];
    if (field === 'timetaken') return String(numberOf(value) ?? 0);
    return field === 'note_html' ? toText(String(value ?? '')) : String(value ?? '');
  };
  return rows.filter((row) => {
    const at = instantOf(row[when]);
    // One whose time can't be read may be it.
    const isRecent = at === undefined ? dayOf(row[when]) === undefined : Date.parse(at) >= since - SKEW_MS;
    return isRecent && fields.every((field) => sameText(textIn(row, field), textIn(wanted, field)));
  });
}

const sameText = (a: string, b: string) => fold(a) === fold(b);
const fold = (text: string) => text.replace(/\s+/g, ' ').trim();

const newest = (rows: readonly Row[]): Row | undefined =>
  rows.toSorted((a, b) => (intOf(b.id) ?? 0) - (intOf(a.id) ?? 0))[0];

function rowsOf(body: unknown, key: string): Row[] {
  const list = Array.isArray(body) ? body : isRow(body) ? body[key] : undefined;
  return Array.isArray(list) ? list.filter(isRow) : [];
}
