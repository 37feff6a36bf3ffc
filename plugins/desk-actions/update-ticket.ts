import {
  defineWrite,
  filter,
  type Halo,
  HaloError,
  intOf,
  type LookupName,
  matchName,
  textOf,
  z,
} from '../../core/index.js';
import { readTicket, type Ticket } from './ticket.js';

const idOrName = z.union([filter.Id, z.string().min(1)]).optional();

/** One part of a ticket that is to change. */
interface Part {
  /** The field that Halo takes, its new value, and the ticket's current one. */
  field: string;
  value: number | string;
  now: number | string | undefined;
  /** `status New → In Progress` */
  says: string;
}

/** The fields for the parts of a ticket: a team goes by its name, all others by their ids. */
const FIELDS = {
  status: { lookup: 'status', id: 'status_id', sends: 'status_id' },
  agent: { lookup: 'agent', id: 'agent_id', sends: 'agent_id' },
  team: { lookup: 'team', id: 'team_id', sends: 'team' },
  priority: { lookup: 'priority', id: 'priority_id', sends: 'priority_id' },
} as const satisfies Record<string, { lookup: LookupName; id: string; sends: string }>;

type Kind = keyof typeof FIELDS;
const KINDS = Object.keys(FIELDS) as Kind[];

/** Status, agent, team and priority of a ticket. Halo: POST /Tickets with id. */
export const updateTicket = defineWrite({
  name: 'update_ticket',
  title: 'Update a ticket',
  can: 'change the status, agent, team and priority of a ticket',
  description: 'Changes status, agent, team or priority of a ticket, each by id or name. A preview comes first.',
  effect: 'destroy',
  scopes: ['read:tickets', 'edit:tickets'],
  examples: [{ id: 10311, priority: 'High' }],
  input: z.object({
    id: filter.Id,
    status: idOrName,
    agent: idOrName,
    team: idOrName,
    priority: idOrName,
  }),
  output: z.object({ id: z.int(), ticket_id: z.int(), changed: z.array(z.string()) }),
  async plan({ id, ...wanted }, { halo }) {
    const asked = KINDS.filter((kind) => wanted[kind] !== undefined);
    if (asked.length === 0)
      throw new HaloError('BAD_ARGUMENTS', 'Nothing is asked to be changed.', 'Give status, agent, team or priority.');
    const ticket = await readTicket(halo, id);
    const parts = await Promise.all(asked.map((kind) => partOf(halo, ticket, kind, wanted[kind] as number | string)));
    const changed = parts.filter(({ value, now }) => value !== now);
    if (changed.length === 0)
      throw new HaloError('BAD_ARGUMENTS', `The ticket ${id} has all of that already. Nothing was changed.`, {
        remedy: 'Give a value that differs from the current one.',
      });
    const { row } = ticket;
    return {
      path: '/Tickets',
      body: [{ id, ...Object.fromEntries(changed.map(({ field, value }) => [field, value])) }],
      says: `Change ${ticket.name}: ${changed.map(({ says }) => says).join(', ')}.${ticket.warning} Halo's own rules may tell people of it.`,
      before: {
        ...{ status_id: row.status_id, agent_id: row.agent_id, team_id: row.team_id, team: row.team },
        ...{ priority_id: row.priority_id, last_update: row.last_update, merged: ticket.merged ?? null },
      },
      undo: `POST /Tickets ${JSON.stringify([{ id, ...Object.fromEntries(changed.map(({ field, now }) => [field, now])) }])}`,
    };
  },
  done: (ticket, { body: [row] }) => ({
    id: intOf(ticket.id) ?? Number(row?.id),
    ticket_id: Number(row?.id),
    changed: KINDS.filter((kind) => row !== undefined && FIELDS[kind].sends in row),
  }),
});

async function partOf(halo: Halo, { row }: Ticket, kind: Kind, wanted: number | string): Promise<Part> {
  const { lookup, id: field, sends } = FIELDS[kind];
  const all = await halo.lookup(lookup, [wanted]);
  // A priority belongs to the ticket's own SLA, if that is known.
  const sla = intOf(row.sla_id);
  const own = all.filter((one) => one.sla === undefined || one.sla === sla);
  const rows = own.length > 0 ? own : all;
  const found = typeof wanted === 'number' ? rows.find(({ id }) => id === wanted) : matchName(wanted, rows, kind);
  if (found === undefined)
    throw new HaloError('UNKNOWN_NAME', `There is no ${kind} with the id ${wanted}.`, `Pass the name of the ${kind}.`);
  const before = intOf(row[field]);
  const was = rows.find(({ id }) => id === before)?.name ?? String(before ?? 'none');
  const byName = sends === 'team';
  return {
    field: sends,
    value: byName ? found.name : found.id,
    now: byName ? (textOf(row.team) ?? was) : before,
    says: `${kind} ${was} → ${found.name}`,
  };
}
