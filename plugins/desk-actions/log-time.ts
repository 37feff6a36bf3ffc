import { defineWrite, filter, HaloError, intOf, isDay, z } from '../../core/index.js';
import { htmlOf, noteText } from './note.js';
import { outcomeArgument, resolveOutcome } from './outcome.js';
import { readTicket, standing } from './ticket.js';
import { instantIn } from './work-day.js';

/** Halo does not take a day before this one for a date. */
const FIRST_DAY = '1901-01-01';
/** Halo keeps hours to four decimals: a third is 0.3333, and anything below this is nothing. */
const LEAST = 0.0001;
const inDigits = (hours: number): number => Number(hours.toFixed(4));

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
    ticket_id: filter.Id,
    hours: z
      .number()
      .positive()
      .max(24)
      .refine((hours) => hours >= LEAST, 'must be more than 0, and 0.0001 at the least')
      .describe('Decimal: 0.25 is 15 minutes'),
    note: noteText('What was done'),
    day: z
      .string()
      .refine((day) => isDay(day) && day >= FIRST_DAY, 'must be a day of the calendar, YYYY-MM-DD')
      .optional()
      .describe('YYYY-MM-DD; today when left out'),
    billable: z.boolean().optional().describe("As Halo's own rules have it when left out"),
    outcome: outcomeArgument,
  }),
  output: z.object({ id: z.int().optional(), ticket_id: z.int(), hours: z.number() }),
  async plan({ ticket_id, hours: given, note, day: wanted, billable, outcome }, { halo, zone }) {
    const today = zone.today();
    const day = wanted ?? today;
    const hours = inDigits(given);
    if (day > today)
      throw new HaloError('BAD_ARGUMENTS', `"day" is ${day}, which has not come yet: it is ${today} in ${zone.name}.`);
    // Without a time Halo uses its own, and equal calls have equal bodies.
    const when = day === today ? {} : { datetime: instantIn(zone, day) };
    const [ticket, outcome_id] = await Promise.all([readTicket(halo, ticket_id), resolveOutcome(halo, outcome)]);
    const charge = billable === undefined ? {} : { actisbillable: billable };
    return {
      path: '/Actions',
      body: [
        { ticket_id, outcome_id, note_html: htmlOf(note), timetaken: hours, ...charge, ...when, hiddenfromuser: true },
      ],
      says: `Log ${hours} h${words(billable)} for ${day}${day === today ? ' (today)' : ''} on ${ticket.name}, with a private note.${ticket.warning}`,
      // After midnight Halo's own time would fall on the next day.
      before: { ...standing(ticket), day, isToday: day === today },
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
