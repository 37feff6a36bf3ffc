import { defineWrite, HaloError, intOf, isDay, z } from '../../core/index.js';
import { htmlOf, noteText } from './note.js';
import { outcomeArgument, resolveOutcome } from './outcome.js';
import { readTicket, standing } from './ticket.js';

const today = () => new Date().toISOString().slice(0, 10);

/** Time on a ticket, with a note that the customer does not see. Halo: POST /Actions with timetaken. */
export const logTime = defineWrite({
  name: 'log_time',
  title: 'Log time',
  can: 'log time',
  description:
    'Logs hours worked on a ticket with a note that only staff see; no e-mail is sent. A preview comes first.',
  scopes: ['read:tickets', 'edit:tickets'],
  examples: [{ ticket_id: 10311, hours: 0.5, note: 'Replaced the patch panel.' }],
  input: z.object({
    ticket_id: z.int().positive(),
    hours: z.number().positive().max(24),
    note: noteText('What was done'),
    day: z
      .string()
      .refine(isDay, 'must be a day of the calendar, YYYY-MM-DD')
      .optional()
      .describe('YYYY-MM-DD; today when left out'),
    billable: z.boolean().optional().describe("As Halo's own rules have it when left out"),
    outcome: outcomeArgument,
  }),
  output: z.object({ id: z.int().optional(), ticket_id: z.int(), hours: z.number() }),
  async plan({ ticket_id, hours, note, day, billable, outcome }, { halo }) {
    if (day !== undefined && day > today())
      throw new HaloError('BAD_ARGUMENTS', `"day" is ${day}, which has not come yet.`);
    const [ticket, outcome_id] = await Promise.all([readTicket(halo, ticket_id), resolveOutcome(halo, outcome)]);
    const when = day === undefined || day === today() ? {} : { datetime: `${day}T12:00:00` };
    const charge = billable === undefined ? {} : { actisbillable: billable };
    return {
      path: '/Actions',
      body: [
        { ticket_id, outcome_id, note_html: htmlOf(note), timetaken: hours, ...charge, ...when, hiddenfromuser: true },
      ],
      says: `Log ${hours} h${words(billable)} for ${day ?? 'today'} on ${ticket.name}, with a private note.${ticket.warning}`,
      before: standing(ticket),
      undo: `DELETE /Actions/{id}?ticket_id=${ticket_id}`,
    };
  },
  done: (action, { body: [row] }) => ({
    id: intOf(action.id),
    ticket_id: Number(row?.ticket_id),
    hours: Number(row?.timetaken),
  }),
});

const words = (billable: boolean | undefined) =>
  billable === undefined ? '' : billable ? ' (billable)' : ' (not billable)';
