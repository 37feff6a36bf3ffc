import { columnNames, z } from '../../core/index.js';

/** The options of the pack's entry in the config. */
export const TicketOptions = z.strictObject({
  open_only: z.boolean().default(false).describe('list_tickets lists open tickets alone unless asked for all.'),
  columns: columnNames.describe(
    'Shown always: further columns of list_tickets by their names, or fields of a ticket by their names in Halo.',
  ),
});

export type TicketOptions = z.output<typeof TicketOptions>;
