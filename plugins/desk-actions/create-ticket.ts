import {
  cut,
  defineWrite,
  filter,
  type Halo,
  HaloError,
  intOf,
  matchName,
  type Named,
  readRecord,
  resolveClient,
  resolveLookup,
  textOf,
  z,
} from '../../core/index.js';
import { htmlOf, noteText } from './note.js';
import { checkRequired } from './required.js';
import { findSimilar, toldOf } from './similar.js';

const idOrName = z.union([filter.Id, z.string().min(1)]);

/** A new ticket, which its customer can see. Halo: POST /Tickets without id. */
export const createTicket = defineWrite({
  name: 'create_ticket',
  title: 'Create a ticket',
  can: 'create tickets',
  customerVisible: true,
  description:
    'Creates a ticket, which its customer can see. A preview comes first, and names similar tickets of the last 7 days.',
  scopes: ['read:tickets', 'edit:tickets', 'read:customers'],
  examples: [
    {
      client_name: 'Northwind',
      summary: 'New laptop for reception',
      details: 'The old one is out of warranty.',
      type: 'Incident',
    },
  ],
  input: z.object({
    client_id: filter.Id.optional(),
    client_name: z.string().min(1).optional(),
    summary: z.string().trim().min(1).max(200),
    details: noteText('What it is about'),
    type: idOrName,
    priority: idOrName.optional(),
    user: idOrName.optional().describe('A contact of the client by id or name; its general user when left out'),
    site: idOrName.optional().describe('A site of the client by id or name; its main site when left out'),
  }),
  output: z.object({ id: z.int().optional(), ticket_id: z.int().optional(), summary: z.string() }),
  async plan({ summary, details, ...wanted }, { halo }) {
    const client = await clientOf(halo, wanted);
    const type = await resolved(halo, 'tickettype', wanted.type, 'ticket type');
    const [warning, similar, site, user, priority] = await Promise.all([
      checkRequired(halo, type.id),
      findSimilar(halo, client.id, summary),
      oneOf(halo, '/Site', 'sites', client.id, wanted.site, 'site'),
      oneOf(halo, '/Users', 'users', client.id, wanted.user, 'contact'),
      wanted.priority === undefined ? undefined : resolved(halo, 'priority', wanted.priority, 'priority'),
    ]);
    const extra = [priority && `priority ${priority.name}`, site && `site ${site.name}`, user && `for ${user.name}`];
    return {
      path: '/Tickets',
      body: [
        {
          ...{ summary, details_html: htmlOf(details), tickettype_id: type.id, client_id: client.id },
          ...(site && { site_id: site.id }),
          ...(user && { user_id: user.id }),
          ...(priority && { priority_id: priority.id }),
        },
      ],
      says: `${toldOf(similar)}Create a ticket for ${cut(client.name, 80)}: "${cut(summary, 120)}" (${[type.name, ...extra].filter(Boolean).join(', ')}). The customer can see it, and Halo may acknowledge it by e-mail.${warning}`,
      before: { client_id: client.id, similar: similar.map(({ id }) => id) },
      undo: 'DELETE /Tickets/{id}',
    };
  },
  done(ticket, { body: [row] }) {
    const id = intOf(ticket.id);
    return { id, ticket_id: id, summary: String(row?.summary) };
  },
});

interface Client {
  client_id?: number | undefined;
  client_name?: string | undefined;
}

async function clientOf(halo: Halo, { client_id: id, client_name: name }: Client): Promise<Named> {
  if ((id === undefined) === (name === undefined))
    throw new HaloError(
      'BAD_ARGUMENTS',
      'A ticket needs one client.',
      'Give client_id or client_name, one of the two.',
    );
  if (name !== undefined) return resolveClient(halo, name);
  const row = await readRecord(halo, '/Client', Number(id));
  return { id: Number(id), name: textOf(row.name) ?? `client ${id}` };
}

async function resolved(
  halo: Halo,
  lookup: 'tickettype' | 'priority',
  value: number | string,
  what: string,
): Promise<Named> {
  const { id, name } = await resolveLookup(halo, lookup, value, what);
  if (name === undefined)
    throw new HaloError('UNKNOWN_NAME', `There is no ${what} with the id ${id}.`, `Pass the name of the ${what}.`);
  return { id, name };
}

/** A site or contact of the client, by id or name; undefined if none is requested. */
async function oneOf(
  halo: Halo,
  path: string,
  key: string,
  client: number,
  wanted: number | string | undefined,
  what: string,
): Promise<Named | undefined> {
  if (wanted === undefined) return undefined;
  const walk = await halo.all(path, { key, where: { client_id: client } });
  if (!walk.complete)
    throw new HaloError('HALO_UNAVAILABLE', `The client's list could not be read completely: ${walk.reason}.`);
  const rows = walk.rows.flatMap((row) => {
    const [id, name] = [intOf(row.id), textOf(row.name)];
    return id === undefined || name === undefined ? [] : [{ id, name }];
  });
  if (typeof wanted === 'string') return matchName(wanted, rows, what);
  const found = rows.find(({ id }) => id === wanted);
  if (found === undefined)
    throw new HaloError(
      'UNKNOWN_NAME',
      `This client has no ${what} with the id ${wanted}.`,
      `Pass the name of the ${what}.`,
    );
  return found;
}
