/**
 * One tool for the on-call desk: open tickets past their fix-by date, oldest first.
 *
 * In the config:
 *   "plugins": ["tickets", { "use": "./on-call.mjs", "options": { "graceMinutes": 30 } }]
 */
import {
  cut,
  definePlugin,
  defineTool,
  flagOf,
  HaloError,
  instantOf,
  resolveLookup,
  textOf,
  untrusted,
  z,
} from 'halo-psa-mcp';

/** `options` of the config entry. The server checks them before it starts, and fills in what is left out. */
const Options = z.strictObject({
  graceMinutes: z.number().min(0).default(0).describe('Minutes past its fix-by date before a ticket is listed'),
});

const overdue = defineTool({
  name: 'list_overdue_tickets',
  title: 'Overdue tickets',
  description: 'Open tickets past their fix-by date, oldest first, of one team or of all.',
  effect: 'read',
  scopes: ['read:tickets'],
  input: z.object({
    team: z.string().min(1).optional().describe('Team name; all teams when left out'),
    page: z.int().min(1).default(1),
    page_size: z.int().min(1).max(100).default(25),
  }),
  output: z.object({
    items: z.array(
      z.object({
        id: z.int(),
        summary: untrusted(z.string()),
        client: untrusted(z.string()),
        team: z.string(),
        fix_by: z.string(),
      }),
    ),
    page: z.int(),
    page_size: z.int(),
    total: z.int(),
    next_page: z.int().nullable(),
    // The server fills these two in where an answer is too long for the operator's output.maxTokens.
    omitted: z.int().optional(),
    hint: z.string().optional(),
  }),
  async run({ team, page, page_size: size }, { halo, progress, options }) {
    // An unknown or ambiguous name ends here, with an error that lists the teams.
    const wanted = team === undefined ? undefined : await resolveLookup(halo, 'team', team, 'team');
    const walk = await halo.all('/Tickets', {
      key: 'tickets',
      query: { open_only: true, ...(wanted && { team: wanted.id }) },
      onPage: (rows, { done, pages }) => {
        progress(done, pages ?? undefined, `page ${done} of the open tickets`);
        return rows; // or fewer: what is not returned is not kept in memory
      },
    });
    if (!walk.complete)
      throw new HaloError('HALO_UNAVAILABLE', `The tickets could not be read completely: ${walk.reason}.`);

    const now = new Date(Date.now() - Number(options.graceMinutes) * 60_000).toISOString();
    const late = walk.rows
      // Halo ignores a filter that it does not know, so what matters is checked again here.
      .filter((row) => wanted === undefined || row.team === wanted.name)
      // The SLA clock of a ticket on hold stands still.
      .filter((row) => !flagOf(row.onhold) && !flagOf(row.excludefromsla))
      .map((row) => ({
        id: Number(row.id),
        summary: cut(textOf(row.summary) ?? '', 120),
        client: textOf(row.client_name) ?? '',
        team: textOf(row.team) ?? '',
        fix_by: instantOf(row.fixbydate) ?? '',
      }))
      .filter(({ fix_by }) => fix_by !== '' && fix_by < now)
      .sort((a, b) => a.fix_by.localeCompare(b.fix_by));
    return {
      items: late.slice((page - 1) * size, page * size),
      page,
      page_size: size,
      total: late.length,
      next_page: late.length > page * size ? page + 1 : null,
      ...(late.length === 0 && { hint: 'No open ticket is past its fix-by date.' }),
    };
  },
});

export default definePlugin({
  name: 'on-call',
  apiVersion: 1,
  title: 'On call',
  instructions: 'On call: list_overdue_tickets answers what is past its SLA right now.',
  options: Options,
  tools: [overdue],
});
