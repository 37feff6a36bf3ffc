import { type Halo, HaloError, isRow, type Row, readRecord, textOf } from '../../core/index.js';

/** What the tool gives, and what Halo fills in by itself, by the names of Halo's fields. */
const GIVEN =
  /^(summary|symptom|details|details_html|client|client_id|customer|area|site|site_id|user|user_id|users|username|reportedby|priority|priority_id|seriousness|tickettype|tickettype_id|requesttype|status|status_id|team|agent|agent_id)$/i;

/**
 * Refuses a type that wants more than this tool can give, before anything is sent.
 * @returns what whoever confirms should know, where Halo does not tell
 * @throws HaloError BAD_ARGUMENTS that names the fields
 */
export async function checkRequired(halo: Halo, type: number): Promise<string> {
  const record = await readRecord(halo, '/TicketType', type, { includedetails: true });
  if (!Array.isArray(record.fields) || record.hasmandatorytechfields === undefined)
    return ' Halo does not tell which fields this type requires, so it may refuse it.';
  const missing = record.fields.filter(isRow).flatMap(requiredBeyond);
  if (missing.length > 0)
    throw new HaloError('BAD_ARGUMENTS', 'This type of ticket requires fields that create_ticket does not have.', {
      remedy: 'Choose another type, or let somebody make it in Halo.',
      foreign: missing,
    });
  return '';
}

/** The label of a field that has to be there and is not given. */
function requiredBeyond(field: Row): string[] {
  const { fieldinfo } = field;
  if (!isRow(fieldinfo) || fieldinfo.mandatory !== true) return [];
  const name = textOf(fieldinfo.name) ?? '';
  return GIVEN.test(name) ? [] : [textOf(fieldinfo.label) ?? textOf(field.fieldname) ?? name];
}
