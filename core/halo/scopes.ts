/**
 * The scopes that Halo's API application offers (the boxes of Configuration > Integrations > Halo API), as read from
 * the most used clients; `read:clients`, `read:agents`, `read:actions` and the like do not exist and make Halo refuse
 * the whole token.
 */
export const SCOPES = [
  'read:tickets',
  'edit:tickets',
  'read:calendar',
  'edit:calendar',
  'read:customers',
  'edit:customers',
  'read:crm',
  'edit:crm',
  'editMine:timesheets',
  'read:timesheets',
  'edit:timesheets',
  'read:contracts',
  'edit:contracts',
  'read:suppliers',
  'edit:suppliers',
  'read:items',
  'edit:items',
  'read:projects',
  'edit:projects',
  'read:sales',
  'edit:sales',
  'read:quotes',
  'edit:quotes',
  'read:sos',
  'edit:sos',
  'read:pos',
  'edit:pos',
  'read:invoices',
  'edit:invoices',
  'read:reporting',
  'edit:reporting',
  'read:software',
  'edit:software',
  'read:softwarelicensing',
  'edit:softwarelicensing',
  'read:kb',
  'edit:kb',
  'read:assets',
  'edit:assets',
  'access:chat',
  'access:adpasswordreset',
  'all',
  'all:standard',
  'all:teams',
  'admin',
  'offline_access',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Those that only read. */
export type ReadScope = Extract<Scope, `read:${string}`>;
export const READ_SCOPES = SCOPES.filter((scope): scope is ReadScope => scope.startsWith('read:'));

/**
 * The scope that the first word of a path needs; `null` if any token will do (Halo leaves it to the agent's role).
 * Projects are ticket-like objects; their scope is [C] in the sources: read:projects here, and a 403 names both gates.
 */
const PATH_SCOPES: Record<string, Scope | null> = {
  tickets: 'read:tickets',
  actions: 'read:tickets',
  attachment: 'read:tickets',
  client: 'read:customers',
  site: 'read:customers',
  users: 'read:customers',
  toplevel: 'read:customers',
  crmnote: 'read:crm',
  clientcontract: 'read:contracts',
  invoice: 'read:invoices',
  recurringinvoice: 'read:invoices',
  invoicepayment: 'read:invoices',
  invoicechange: 'read:invoices',
  clientprepay: 'read:contracts',
  projects: 'read:projects',
  opportunities: 'read:sales',
  asset: 'read:assets',
  assettype: 'read:assets',
  assetgroup: 'read:assets',
  quotation: 'read:quotes',
  salesorder: 'read:sos',
  purchaseorder: 'read:pos',
  report: 'read:reporting',
  timesheet: 'read:timesheets',
  timesheetevent: 'read:timesheets',
  appointment: 'read:calendar',
  supplier: 'read:suppliers',
  suppliercontract: 'read:suppliers',
  item: 'read:items',
  kbarticle: 'read:kb',
  softwarelicence: 'read:softwarelicensing',
  agent: null,
  team: null,
  status: null,
  tickettype: null,
  priority: null,
  sla: null,
  category: null,
  outcome: null,
  workday: null,
  lookup: null,
  currency: null,
  tax: null,
};

/** A path of Halo's API: words and ids, and nothing that a URL could take for a way out. */
export const PATH = /^\/?[A-Za-z]{2,40}(\/(-?\d{1,15}|[A-Za-z]{2,40})){0,3}$/;

/**
 * The scope that reading (or, with `write`, changing) a path needs: `null` if it needs none, `undefined` if the table
 * does not know the path. A write needs the `edit:` twin.
 */
export function scopeOfPath(path: string, write = false): Scope | null | undefined {
  const word = path.replace(/^\/+/, '').split('/')[0]?.toLowerCase() ?? '';
  const scope = Object.hasOwn(PATH_SCOPES, word) ? PATH_SCOPES[word] : undefined;
  return scope && write ? (scope.replace('read:', 'edit:') as Scope) : scope;
}

/** True if one of the held scopes covers the wanted one: itself, its `edit:` twin, or `all`. */
export function covers(held: Iterable<string>, wanted: Scope): boolean {
  const twin = wanted.startsWith('read:') ? wanted.replace('read:', 'edit:') : undefined;
  for (const scope of held) if (scope === wanted || scope === twin || scope === 'all') return true;
  return false;
}
