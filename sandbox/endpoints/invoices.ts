import type { Query } from '../query.js';
import { balanceOf, type Doc, type Recurring } from '../tenant/book.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import { mainSite } from '../tenant/people.js';
import { type Endpoint, pagedEndpoint } from './define.js';
import { docLines, docRow } from './invoice-row.js';
import { linesOf } from './line-row.js';
import { paymentsOf } from './payments.js';
import { like } from './people.js';
import { recurringMore, recurringRow } from './recurring-row.js';
import { daysOf } from './tickets.js';

/** Documents, newest id first; credits, drafts, voided ones and suppliers' bills are included unless switched off. */
export const invoices: Endpoint = pagedEndpoint({
  path: 'invoice',
  scope: 'read:invoices',
  key: 'invoices',
  order: {
    id: (doc: Doc) => doc.id,
    invoicenumber: (doc: Doc) => doc.id,
    invoice_date: (doc: Doc) => doc.date,
    client_name: (doc: Doc) => clientOf(doc.client).name.toLowerCase(),
  },
  find: (tenant, query) => {
    const tests = [...filters(query), ...dates(query, tenant)];
    return tenant.book().docs.filter((doc) => tests.every((test) => test(doc)));
  },
  show: (doc, tenant, query) => ({
    ...docRow(doc, tenant),
    ...(query.flag('includelines') ? { lines: docLines(doc, tenant) } : {}),
  }),
  detail(tenant, id) {
    const doc = tenant.book().docs.find((one) => one.id === id);
    return doc && { ...docRow(doc, tenant), lines: docLines(doc, tenant), ...paymentsOf(doc, tenant) };
  },
});

const IDS: readonly (readonly [string, (doc: Doc) => number])[] = [
  ['client_id', (doc) => doc.client],
  ['site_id', (doc) => mainSite(doc.client).id],
  ['recurringinvoice_id', (doc) => doc.template],
  ['contract_id', (doc) => doc.contract],
  ['ticket_id', (doc) => doc.ticket],
  ['salesorder_id', (doc) => doc.salesOrder],
  ['toplevel_id', (doc) => clientOf(doc.client).topLevel],
];

function filters(query: Query): ((doc: Doc) => boolean)[] {
  const tests: ((doc: Doc) => boolean)[] = [];
  for (const [name, of] of IDS) {
    const id = query.int(name);
    if (id !== undefined) tests.push((doc) => of(doc) === id);
  }
  const clients = query.ints('client_ids');
  if (clients !== undefined) tests.push((doc) => clients.includes(doc.client));
  if (query.flag('postedonly')) tests.push((doc) => doc.posted);
  if (query.flag('notpostedonly')) tests.push((doc) => !doc.posted);
  if (query.off('includeinvoices')) tests.push((doc) => doc.kind !== 'INV');
  if (query.off('includecredits')) tests.push((doc) => doc.kind !== 'CN');
  if (query.off('includepoinvoices')) tests.push((doc) => doc.kind !== 'BILL');
  const search = query.text('search');
  if (search !== undefined) {
    tests.push((doc) => like(search, `${doc.kind}-${doc.id}`, clientOf(doc.client).name, doc.reference));
  }
  return tests;
}

const DAY_OF: Record<string, (doc: Doc, tenant: Tenant) => number | undefined> = {
  invoice_date: (doc) => doc.date,
  last_modified: (doc) => doc.date,
  datepaid: (doc, tenant) => balanceOf(doc, tenant.clock).paidOn,
};

/** Three ways are in use: `datesearch` with either spelling of start and end, and the web UI's own pair. */
function dates(query: Query, tenant: Tenant): ((doc: Doc) => boolean)[] {
  const of = DAY_OF[query.text('datesearch') ?? ''];
  const spellings = of === undefined ? [] : [daysOf(query), daysOf(query, 'start_date', 'end_date')];
  const own = daysOf(query, 'invoicedatestart', 'invoicedateend');
  return [...spellings.map((inDays) => (doc: Doc) => inDays(of?.(doc, tenant))), (doc) => own(doc.date)];
}

/** Templates: negative ids. Disabled and ended ones are included, and no date filter works. */
export const recurringInvoices: Endpoint = pagedEndpoint({
  path: 'recurringinvoice',
  scope: 'read:invoices',
  key: 'invoices',
  order: { id: (one: Recurring) => one.template.id },
  find: (tenant, query) => {
    const client = query.int('client_id');
    const contract = query.int('contract_id');
    return tenant
      .book()
      .recurring.filter(
        ({ template, lines }) =>
          (client === undefined || template.client === client) &&
          (contract === undefined || lines[0]?.contract === contract) &&
          like(query.text('search'), template.reference, clientOf(template.client).name),
      );
  },
  show: (one, tenant, query) => ({
    ...recurringRow(one, tenant),
    ...(query.flag('includelines') ? { lines: linesOf(one.lines, one.template.id) } : {}),
  }),
  detail(tenant, id) {
    const one = tenant.book().recurring.find(({ template }) => template.id === id);
    return one && { ...recurringRow(one, tenant), lines: linesOf(one.lines, id), ...recurringMore(one, tenant) };
  },
});
