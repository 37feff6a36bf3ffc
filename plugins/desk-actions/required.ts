import {
  cut,
  flagOf,
  type Halo,
  HaloError,
  intOf,
  isNothing,
  isRow,
  type Row,
  readRecord,
  textOf,
} from '../../core/index.js';

/** Halo's names of the fields that the tool sends or that Halo fills in by itself. */
const GIVEN =
  /^(summary|symptom|details|details_html|client|client_id|customer|area|site|site_id|user|user_id|users|username|reportedby|priority|priority_id|seriousness|tickettype|tickettype_id|requesttype|status|status_id|team|agent|agent_id)$/i;

/** A field in the form of a new ticket, as far as it is known. */
interface Field {
  name: string;
  label: string;
  /** Whether Halo itself says that it is required. */
  mandatory: boolean;
  /** For agents in a new ticket: 0 is taken for "not shown", 1 for "shown" and more for "shown, and required": unproven. */
  technew: number | undefined;
  /** Shown, and so required, only if other fields say so. */
  sometimes: boolean;
}

/**
 * Refuses a type that requires more than this tool can send, before anything is sent.
 * @returns a warning for the person who confirms, if Halo does not say what is required, or not for sure
 * @throws HaloError BAD_ARGUMENTS that names the fields
 */
export async function checkRequired(halo: Halo, type: number): Promise<string> {
  const record = await readRecord(halo, '/TicketType', type, { includedetails: true });
  const { fields, hasmandatorytechfields: has } = record;
  if (!Array.isArray(fields) || isNothing(has))
    return ' Halo does not tell which fields this type requires, so it may refuse it.';
  const all = fields.filter(isRow).flatMap((field) => fieldsIn(field));
  const beyond = all.filter(({ name }) => !GIVEN.test(name));
  const missing = beyond.filter(({ mandatory, technew, sometimes }) => mandatory && technew !== 0 && !sometimes);
  if (missing.length > 0)
    throw new HaloError('BAD_ARGUMENTS', 'This type of ticket requires fields that create_ticket does not have.', {
      remedy: 'Choose another type, or let somebody make it in Halo.',
      foreign: labelsOf(missing),
    });
  const perhaps = beyond.filter(({ mandatory, technew = 0 }) => mandatory || technew > 1);
  if (perhaps.length > 0) return ` Halo may require of this type: ${cut(labelsOf(perhaps).join(', '), 200)}.`;
  const told = all.some(({ mandatory, technew = 0 }) => mandatory || technew > 1);
  return flagOf(has) && !told ? ' Halo requires fields of this type and does not tell which, so it may refuse it.' : '';
}

const labelsOf = (fields: readonly Field[]): string[] => [...new Set(fields.map(({ label }) => label))];

/** A field, or the fields of a group in its place. A group may be hidden or required as a whole. */
function fieldsIn({ id, fieldinfo, fieldname, technew, group, visibility_conditions: conditions }: Row): Field[] {
  if (!isRow(fieldinfo)) {
    const inner = isRow(group) && Array.isArray(group.fields) ? group.fields.filter(isRow) : [];
    return inner.flatMap((field) => (isRow(field.group) ? [] : fieldsIn(field)));
  }
  const name = textOf(fieldinfo.name) ?? textOf(fieldname) ?? '';
  const label = textOf(fieldinfo.label) ?? textOf(fieldname) ?? (name || `field ${textOf(id) ?? ''}`);
  const sometimes = Array.isArray(conditions) && conditions.length > 0;
  return [{ name, label, mandatory: flagOf(fieldinfo.mandatory), technew: intOf(technew), sometimes }];
}
