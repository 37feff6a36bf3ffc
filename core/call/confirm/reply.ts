import { isRow, type Row } from '../../halo/row.js';
import { ruleIn } from '../../halo/rule.js';
import { refOf, textOf } from '../../halo/value.js';
import { isActions } from './mute.js';
import type { Prepared } from './prepare.js';
import { isUpdate } from './story.js';

/**
 * The record in Halo's answer to a change, if it is the one that was sent. Undefined for a record without an id, a
 * different record than the changed one, or an action of another ticket.
 */
export function recordIn(reply: unknown, prepared: Prepared): Row | undefined {
  const [sent] = prepared.body;
  if (!isRow(reply)) return undefined;
  const id = refOf(reply.id);
  if (id === undefined || (isUpdate(prepared) && id !== refOf(sent.id))) return undefined;
  const ticket = refOf(reply.ticket_id);
  const isOthers = isActions(prepared.path) && ticket !== undefined && ticket !== sent.ticket_id;
  return isOthers ? undefined : reply;
}

const ERROR_FIELD = /^_?(errors?|error_\w+|load_error|message|exception|warning)$/i;

/** What an answer says in place of a record: Halo answers some failures with status 200 and a text inside. */
export const faultIn = (reply: unknown): string[] => textsIn(reply, 0).flatMap(ruleIn).slice(0, 5);

function textsIn(value: unknown, depth: number): string[] {
  if (depth > 2 || typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .slice(0, 50)
    .flatMap(([key, inner]) => {
      if (!ERROR_FIELD.test(key)) return isRow(inner) ? textsIn(inner, depth + 1) : [];
      const said = Array.isArray(inner) ? inner : [inner];
      return said.slice(0, 5).flatMap((one) => textOf(one) ?? textsIn(one, depth + 1));
    });
}
