import { cut, flagOf, type Halo, isClosed, type Row, readRecord, refOf, textOf } from '../../core/index.js';

/** A ticket as it is now, for a change that depends on it. */
export interface Ticket {
  id: number;
  row: Row;
  closed: boolean;
  /** The ticket that it was merged into. */
  merged: number | undefined;
  /** `ticket 10311 (Server room move) of Northwind Traders` */
  name: string;
  /** A warning for the person who confirms: ` The ticket is closed.` */
  warning: string;
}

/** @throws HaloError HALO_NOT_FOUND */
export async function readTicket(halo: Halo, id: number): Promise<Ticket> {
  const row = await readRecord(halo, '/Tickets', id, { includedetails: true });
  const merged = refOf(row.merged_into_id);
  const closed = isClosed(row) || flagOf(row.inactive);
  const [summary, client] = [textOf(row.summary), textOf(row.client_name)];
  const warning = [
    ...(closed ? [' The ticket is closed.'] : []),
    ...(merged === undefined ? [] : [` The ticket was merged into ticket ${merged}.`]),
  ].join('');
  const about = summary === undefined ? '' : ` (${cut(summary, 120)})`;
  const whose = client === undefined ? '' : ` of ${cut(client, 80)}`;
  return { id, row, closed, merged, name: `ticket ${id}${about}${whose}`, warning };
}

/** The state that a note or a time entry depends on. */
export const standing = ({ closed, merged }: Ticket) => ({ exists: true, closed, merged: merged ?? null });
