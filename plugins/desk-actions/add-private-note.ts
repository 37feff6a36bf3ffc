import { defineWrite, filter, intOf, z } from '../../core/index.js';
import { htmlOf, noteText } from './note.js';
import { outcomeArgument, resolveOutcome } from './outcome.js';
import { readTicket, standing } from './ticket.js';

/** A note that the customer does not see. Halo: POST /Actions. */
export const addPrivateNote = defineWrite({
  name: 'add_private_note',
  title: 'Add a private note',
  can: 'add private notes',
  description: 'Adds a note to a ticket that only staff see; no e-mail is sent. A preview comes first.',
  scopes: ['read:tickets', 'edit:tickets'],
  examples: [{ ticket_id: 10311, note: 'Called the site: they will be there on Friday.' }],
  input: z.object({ ticket_id: filter.Id, note: noteText('The note'), outcome: outcomeArgument }),
  output: z.object({ id: z.int().optional(), ticket_id: z.int() }),
  async plan({ ticket_id, note, outcome }, { halo }) {
    const [ticket, outcome_id] = await Promise.all([readTicket(halo, ticket_id), resolveOutcome(halo, outcome)]);
    return {
      path: '/Actions',
      body: [{ ticket_id, outcome_id, note_html: htmlOf(note), hiddenfromuser: true }],
      says: `Add a private note to ${ticket.name}.${ticket.warning}`,
      before: standing(ticket),
      undo: `DELETE /Actions/{id}?ticket_id=${ticket_id}`,
    };
  },
  done: (action, { body: [row] }) => ({ id: intOf(action.id), ticket_id: Number(row?.ticket_id) }),
});
