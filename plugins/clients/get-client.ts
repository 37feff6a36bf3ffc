import {
  type AnyTool,
  chosenColumns,
  column,
  filter,
  flagOf,
  getTool,
  HaloError,
  part,
  type Row,
  refOf,
  resolveClient,
  z,
} from '../../core/index.js';
import { clientFields, contactColumns, siteColumns } from './columns.js';

const MOST_SITES = 20;
const MOST_CONTACTS = 10;

/** One client with its sites and main contacts. */
export const getClient = ({ columns }: { columns: readonly string[] }): AnyTool =>
  getTool({
    name: 'get_client',
    title: 'Client or customer details',
    description:
      'Details of one client (customer, company, account): who is account manager and who to contact for it, phone number, email, website, and sites it has.',
    scopes: ['read:customers'],
    examples: [{ name: 'Northwind Traders' }, { id: 12 }],
    record: 'clients',
    from: {
      path: '/Client',
      query: { includedetails: true },
      async id({ id, name }, { halo }) {
        if (typeof id === 'number' && name === undefined) return id;
        if (typeof name === 'string' && id === undefined) return (await resolveClient(halo, name)).id;
        throw new HaloError('BAD_ARGUMENTS', 'get_client needs the id or the name of one client.', 'Give id, or name.');
      },
    },
    input: {
      id: filter.Id.optional(),
      name: z.string().min(1).optional(),
      include_sites: z.boolean().default(true),
      include_contacts: z.boolean().default(true),
    },
    fields: chosenColumns(columns, clientFields),
    parts: {
      custom_fields: part.customFields({ value: column.html('value', 200) }),
      sites: part.list({
        path: '/Site',
        key: 'sites',
        by: 'client_id',
        columns: siteColumns,
        most: MOST_SITES,
        what: 'sites',
        when: 'include_sites',
      }),
      contacts: {
        columns: contactColumns,
        path: '/Users',
        async rows(client, { include_contacts: wanted }, { halo }) {
          if (wanted !== true) return undefined;
          const where = { client_id: Number(client.id) };
          const users = await halo.list('/Users', {
            key: 'users',
            where,
            query: { exclude_generaluser: true },
            pageSize: 100,
          });
          const { rows, total } = users;
          const people = rows.filter(isPerson);
          const shown = people.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_CONTACTS);
          const count = total !== null && total > rows.length ? total : people.length;
          const least = total === null ? 'at least ' : '';
          return {
            rows: shown,
            hint: count > shown.length || least ? `${shown.length} main contacts of ${least}${count}.` : undefined,
          };
        },
      },
    },
  });

/**
 * Every site has a "General User", and there are service accounts: neither is a person to call. Nor is an inactive
 * user, whom Halo should not have sent.
 */
const isPerson = (user: Row) =>
  !flagOf(user.isserviceaccount) && user.name !== 'General User' && !flagOf(user.inactive);

const weight = (user: Row) =>
  (flagOf(user.isimportantcontact) ? 2 : 0) + (refOf(user.linked_agent_id) === undefined ? 1 : 0);
