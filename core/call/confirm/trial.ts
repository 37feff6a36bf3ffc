import type { Customer } from '../../customer.js';
import type { Patience } from '../../halo/limiter.js';
import { isRow, type Row } from '../../halo/row.js';
import { unwrap } from '../../halo/unwrap.js';
import { intOf, readFlag, textOf } from '../../halo/value.js';
import type { Session } from '../../session.js';
import type { Caller, CallResult } from '../caller.js';
import type { Audit } from './audit.js';

/** The result of making a private note and removing it again. */
export interface NoteTrial {
  /** If no note was made: the answer that says why. */
  refused?: CallResult;
  id?: number;
  hidden?: boolean | undefined;
  /** True if an e-mail left with it. */
  mailed?: boolean;
  /** True if Halo keeps the text as text. */
  asText?: boolean;
  statusKept?: boolean;
  outcomeKept?: boolean;
  /** True if it is gone again. */
  removed?: boolean;
}

/** If Halo took it for HTML, its signs would be gone or obeyed. */
const NOTE = 'halo-mcp tries how this Halo takes a private note (1 < 2 & "so on"). It is removed right away.';
const SIGNS = /1 < 2 & "so on"/;

/**
 * Makes a private note as add_private_note does, checks what Halo made of it, and removes it. It can remove only the
 * record that it has just made.
 */
export async function tryPrivateNote(
  { customer, session, audit }: { customer: Customer; session: Session; audit: Audit },
  ticket: number,
  caller: Caller,
  patience: () => Patience,
): Promise<NoteTrial> {
  const { client } = customer;
  const query = { ticket_id: ticket };
  const get = async (path: string, more = {}): Promise<Row> => {
    const found = unwrap(await client.get(path, more, patience()));
    return isRow(found) ? found : {};
  };
  const before = (await get(`/Tickets/${ticket}`)).status_id;
  const made = await session.call('add_private_note', { ticket_id: ticket, note: NOTE }, caller);
  const { state, id } = (made.structuredContent ?? {}) as { state?: string; id?: number };
  if (state !== 'done' || id === undefined) return { refused: made };
  try {
    const action = await get(`/Actions/${id}`, { ...query, includehtmlnote: true });
    const html = textOf(action.note_html) ?? '';
    return {
      id,
      hidden: readFlag(action.hiddenfromuser) === true,
      mailed: /^o/i.test(textOf(action.emaildirection) ?? ''),
      asText: SIGNS.test(textOf(action.note) ?? '') || /1 &lt; 2 &amp; (?:"|&quot;|&#34;)so on/.test(html),
      statusKept: (await get(`/Tickets/${ticket}`)).status_id === before,
      outcomeKept: intOf(action.outcome_id) !== undefined,
      removed: await remove(),
    };
  } catch {
    return { id, removed: await remove() };
  }

  async function remove(): Promise<boolean> {
    try {
      await client.remove(`/Actions/${id}`, query, patience());
      const gone = await client.get(`/Actions/${id}`, query, patience()).then(
        (row) => !isRow(unwrap(row)) || intOf((unwrap(row) as Row).id) !== id,
        () => true,
      );
      const target = `DELETE /Actions/${id} ticket_id=${ticket}`;
      audit.keep({
        customer: customer.name,
        principal: '',
        tool: 'doctor',
        outcome: 'deleted',
        target,
        id,
        requests: 2,
      });
      return gone;
    } catch {
      return false;
    }
  }
}
