import type { Query } from '../query.js';
import { CLIENTS, type Client, TOP_LEVELS } from '../tenant/clients.js';
import { haloDate, NEVER } from '../tenant/clock.js';
import { clientOf, findClient, type Tenant } from '../tenant/index.js';
import { CURRENCIES } from '../tenant/lookups.js';
import { mainSite, SITES, type Site, USERS, type User } from '../tenant/people.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';

export const clients: Endpoint = pagedEndpoint({
  path: 'client',
  scope: 'read:customers',
  key: 'clients',
  order: { id: (client: Client) => client.id, name: (client: Client) => client.name.toLowerCase() },
  find: (_, query) => {
    const topLevel = query.int('toplevel_id');
    return CLIENTS.filter(
      (client) =>
        (client.inactive !== true || showsInactive(query)) &&
        (topLevel === undefined || client.topLevel === topLevel) &&
        like(query.text('search'), client.name, client.ref, client.domain) &&
        like(query.text('search_name_only'), client.name),
    );
  },
  show: clientRow,
  detail(tenant, id) {
    const client = findClient(id);
    return client && clientDetail(client, tenant);
  },
});

/** `activeinactive=true,true` is the newer way to ask. */
const showsInactive = (query: Query) =>
  query.flag('includeinactive') || /^(true|false),true$/.test(query.text('activeinactive') ?? '');

/** A loose "like" over some fields. */
export const like = (text: string | undefined, ...fields: readonly string[]): boolean =>
  text === undefined || fields.some((field) => field.toLowerCase().includes(text));

function clientRow(client: Client): Row {
  const payer = client.payer ?? 0;
  return {
    ...{ id: client.id, name: client.name, toplevel_id: client.topLevel },
    ...{ toplevel_name: TOP_LEVELS[client.topLevel] ?? '', inactive: client.inactive === true, colour: '#2bd3c6' },
    ...{ confirmemail: 0, actionemail: 0, clearemail: 0, messagegroup_id: 0, mailbox_override: 0 },
    ...{ default_mailbox_id: 0, calldate: NEVER, item_tax_code: 0, service_tax_code: 0, prepay_tax_code: 0 },
    ...{ contract_tax_code: 0, pritech: client.tech, sectech: 0, accountmanagertech: client.manager, use: 'client' },
    ...{ key: client.id, xero_tenant_id: '', accountsid: client.ref, excludefrominvoicesync: false },
    ...{ overridepdftemplateinvoice: -1, client_to_invoice: payer, client_to_invoice_recurring: payer },
    ...(payer === 0 ? {} : { client_to_invoice_name: clientOf(payer).name }),
    ...{ invoiceduedaysextraclient: -1, itglue_id: '', default_currency_code: client.currency },
    ...{ clientcurrency: CURRENCIES.find((one) => one.id === client.currency)?.symbol ?? '' },
    ...{ customertype: client.type, customer_relationship: [], is_vip: client.vip === true, is_account: false },
    ...{ ref: client.ref, stopped: 0, percentage_to_survey: -1 },
  };
}

function clientDetail(client: Client, tenant: Tenant): Row {
  const site = mainSite(client.id);
  return {
    ...clientRow(client),
    ...{ notes: client.notes ?? '', website: `https://${client.domain}`, main_site_id: site.id },
    ...{ main_site_name: site.name, main_phonenumber: site.phone, accountsemailaddress: `accounts@${client.domain}` },
    ...{
      datecreated: haloDate(tenant.clock.month(-client.id - 30, 3)),
      allowall_tickettypes: true,
      dontinvoice: false,
    },
    ...{ emailinvoice: true, taxable: true, trading_name: client.name.split(' ')[0] ?? '' },
    ...{ customfields: [], external_links: [], popup_notes: [] },
  };
}

export const sites: Endpoint = pagedEndpoint({
  path: 'site',
  scope: 'read:customers',
  key: 'sites',
  order: { id: (site: Site) => site.id, name: (site: Site) => site.name.toLowerCase() },
  find: (_, query) => {
    const client = query.int('client_id');
    return SITES.filter(
      (site) =>
        (site.inactive !== true || showsInactive(query)) &&
        (client === undefined || site.client === client) &&
        like(query.text('search'), site.name, clientOf(site.client).name),
    );
  },
  show: siteRow,
  detail(_, id) {
    const site = SITES.find((one) => one.id === id);
    return site && siteRow(site);
  },
});

function siteRow(site: Site): Row {
  const client = clientOf(site.client).name;
  return {
    ...{ id: site.id, name: site.name, client_id: site.client, client_name: client },
    ...{ clientsite_name: `${client}/${site.name}`, inactive: site.inactive === true, sla_id: -1 },
    ...{ phonenumber: site.phone, colour: '#FFFFFF', timezone: 'GMT Standard Time', invoice_address_isdelivery: true },
    ...{ isstocklocation: false, messagegroup_id: 0, use: 'site', itglue_id: '' },
    ...{ maincontact_id: USERS.find((user) => user.site === site && user.important)?.id ?? 0, ref: '' },
  };
}

export const users: Endpoint = pagedEndpoint({
  path: 'users',
  scope: 'read:customers',
  key: 'users',
  order: { id: (user: User) => user.id, name: (user: User) => user.name.toLowerCase() },
  find: (_, query) => {
    const client = query.int('client_id');
    const site = query.int('site_id');
    return USERS.filter(
      (user) =>
        (!user.inactive || showsInactive(query)) &&
        (client === undefined || user.site.client === client) &&
        (site === undefined || user.site.id === site) &&
        !(query.flag('exclude_generaluser') && user.general) &&
        like(query.text('search'), user.name, user.email),
    );
  },
  show: (user) => userRow(user),
  detail(tenant, id) {
    const user = USERS.find((one) => one.id === id);
    if (user === undefined) return undefined;
    const datecreated = haloDate(tenant.clock.month(-40, (user.id % 27) + 1));
    return { ...userRow(user), login: user.email.split('@')[0] ?? '', notes: '', datecreated };
  },
});

function userRow(user: User): Row {
  const { site } = user;
  const [firstname = '', surname = ''] = user.name.split(' ');
  const phone = user.general ? '' : `+44 20 7946 0${user.id + 200}`;
  return {
    ...{ id: user.id, name: user.name, site_id: site.id, site_id_int: site.id, site_name: site.name },
    ...{ client_name: clientOf(site.client).name, client_id: site.client, firstname, surname },
    ...{ initials: `${firstname[0] ?? ''}${surname[0] ?? ''}`, title: user.title, emailaddress: user.email },
    ...{ phonenumber_preferred: phone, sitephonenumber: site.phone, phonenumber: phone, mobilenumber: '' },
    ...{ telpref: 0, inactive: user.inactive, colour: '#2bd3c6', isimportantcontact: user.important },
    ...{ isimportantcontact2: false, neversendemails: false, priority_id: 0, linked_agent_id: 0 },
    ...{ isserviceaccount: user.general, ignoreautomatedbilling: false, connectwiseid: 0, autotaskid: 0 },
    ...{ messagegroup_id: -1, is_prospect: false, azureoid: '', use: 'user', key: user.id },
  };
}
