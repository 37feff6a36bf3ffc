/**
 * Two tools from descriptions alone: contacts of all clients as a list, and one of them as a record.
 * Halo: GET /Users, whose rows stand under "users" and need read:customers.
 */
import { column, definePlugin, filter, getTool, listTool } from 'halo-psa-mcp';

/** Names, e-mail addresses and phone numbers are typed by people outside: `foreign` marks them as data. */
const contact = {
  id: column.id(),
  name: column.foreign('name', 60),
  email: column.foreign('emailaddress', 80),
  phone: column.foreign(['phonenumber_preferred', 'phonenumber', 'mobilenumber'], 40),
  client: column.foreign('client_name', 60),
};

const listContacts = listTool({
  name: 'list_contacts',
  title: 'List contacts',
  description: "Clients' contacts by name, e-mail address, client or site. get_contact has one of them.",
  scopes: ['read:customers'],
  from: { path: '/Users', key: 'users', query: { exclude_generaluser: true } },
  filters: {
    search: filter.search(),
    client: filter.client(),
    site: filter.id('site_id'),
    inactive: filter.inactive(),
  },
  columns: contact,
  more: { site: column.foreign('site_name', 60), important: column.flag('isimportantcontact') },
  hint: 'Inactive contacts are listed only with include_inactive.',
});

const getContact = getTool({
  name: 'get_contact',
  title: 'Get a contact',
  description: 'One contact by id, with its site and whether it is still active.',
  scopes: ['read:customers'],
  from: { path: '/Users', query: { includedetails: true } },
  fields: {
    ...contact,
    client_id: column.ref('client_id'),
    site: column.foreign('site_name'),
    important: column.flag('isimportantcontact'),
    inactive: column.flag('inactive'),
    notes: column.html('notes', 600),
  },
});

export default definePlugin({
  name: 'contacts',
  apiVersion: 1,
  title: 'Contacts',
  instructions: 'Contacts: list_contacts finds people at clients, get_contact reads one.',
  tools: [listContacts, getContact],
});
