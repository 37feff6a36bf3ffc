import {
  type Columns,
  column,
  type Filter,
  filter,
  getTool,
  type Halo,
  HaloError,
  intOf,
  isHaloError,
  isOpenEnd,
  listTool,
  type Row,
  z,
} from '../../core/index.js';
import { lineColumns, factsOf as templateFacts, templateLines, valued } from './recurring-invoices.js';
import { type Contract, type Currency, contractsOf, contractWorth, keepClient, keepContract } from './revenue/index.js';
import { currenciesOf, emptyWhereForbidden, readIfThere, TEMPLATE_QUERY, today } from './rows.js';

/** What the money rules say of one row. */
interface Facts {
  contract: Contract;
  worth: ReturnType<typeof contractWorth>;
  /** What bills it; an error where that can't be told; undefined where nobody asked. */
  billing?: { live: Row[]; idle: Row[] } | HaloError;
}

const facts = new WeakMap<Row, Facts>();

/**
 * The rows with what they are worth. Halo's contracts name no currency: it is the client's, so it is told only where
 * the client was read, or where the tenant has one currency alone.
 */
function worthAll(rows: readonly Row[], currencies: readonly Currency[], clients: readonly Row[] = []): Row[] {
  const known = new Map(clients.flatMap((row) => keepClient(row) ?? []).map((client) => [client.id, client]));
  return rows.map((row) => {
    const copy = { ...row };
    const contract = keepContract(row);
    if (contract === undefined) return copy;
    const theirs = known.get(contract.client);
    const worth = contractWorth(contract, currencies, theirs);
    const sure =
      theirs !== undefined ||
      currencies.length === 1 ||
      contract.currency.code !== undefined ||
      contract.currency.id !== undefined;
    facts.set(copy, { contract, worth: { ...worth, currency: sure ? worth.currency : null } });
    return copy;
  });
}

/** All clients, for their currencies; none where this login may not read them. */
async function clientsOf(halo: Halo): Promise<readonly Row[]> {
  const query = { includeactive: true, includeinactive: true };
  return halo.all('/Client', { key: 'clients', query }).then(({ rows }) => rows, emptyWhereForbidden);
}

/** Flagged active and not past its end, as far as can be told; one that rolls on has no end. */
const isActive = (row: Row): boolean => {
  const contract = facts.get(row)?.contract;
  if (contract === undefined) return true;
  if (contract.archived) return false;
  if (contract.rolling) return true;
  return contract.end === undefined ? isOpenEnd(row.end_date) || row.expired !== true : contract.end >= today();
};

/** One of these fields was sent and can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: Row): boolean =>
    facts.get(row)?.contract.unread.some((field) => fields.includes(field)) === true;

/** Whether it is active can't be told: it is neither left out nor called so. */
const isStatusUnread = isUnread('active', 'rollingcontract');

const columns: Columns = {
  id: column.id(),
  ref: column.foreign('ref', 60),
  client: column.foreign('client_name', 60),
  type: column.text('contracttype_name', 60),
  start: column.day('start_date'),
  end: column.value(
    z.string(),
    (row) => facts.get(row)?.contract.end ?? (isOpenEnd(row.end_date) ? 'open' : undefined),
    isUnread('end_date'),
  ),
  billing_period: column.value(z.string(), (row) => facts.get(row)?.worth.period ?? undefined),
  charge: column.value(z.string(), (row) => facts.get(row)?.worth.charge ?? undefined, isUnread('periodchargeamount')),
  monthly_value: column.value(
    z.string(),
    (row) => facts.get(row)?.worth.mrr ?? undefined,
    isUnread('periodchargeamount', 'prepayrecurringcharge'),
  ),
  next_invoice: column.day(['next_invoice_date', 'periodicinvoicenextdate']),
  status: column.value(
    z.enum(['active', 'expired']),
    (row) => (isStatusUnread(row) ? undefined : isActive(row) ? 'active' : 'expired'),
    isStatusUnread,
  ),
};

const more: Columns = {
  client_id: column.ref('client_id'),
  site: column.foreign('site_name', 60),
  currency: column.value(z.string(), (row) => facts.get(row)?.worth.currency ?? undefined),
};

const endingBefore: Filter = {
  args: { ending_before: filter.Day.optional() },
  resolve: ({ ending_before: day }) => {
    if (typeof day !== 'string') return undefined;
    // An end that can't be read may lie before any day: the row is kept, and told.
    const test = (row: Row) => (facts.get(row)?.contract.end ?? '9999') < day || isUnread('end_date')(row);
    return { test, mode: 'here', label: 'ending_before' };
  },
};

/** Contracts. Halo: GET /ClientContract, which filters neither by status nor by date. */
export const listContracts = listTool({
  name: 'list_contracts',
  title: 'List contracts',
  description: 'Contracts (agreements), active ones by default. Recurring invoices may bill them: never add the two.',
  scopes: ['read:contracts'],
  examples: [{ page_size: 3 }, { client_name: 'Northwind', status: 'all' }],
  from: { path: '/ClientContract', key: 'contracts' },
  filters: {
    client: filter.client(),
    search: filter.search(),
    status: filter.choice(
      'status',
      ['active', 'expired', 'all'],
      'active',
      (row, wanted) => isStatusUnread(row) || isActive(row) === (wanted === 'active'),
      (wanted) => ({ includeinactive: wanted !== 'active' || undefined }),
    ),
    ending: endingBefore,
  },
  columns,
  more,
  complete: async (rows, { halo }, shown) =>
    worthAll(rows, await currenciesOf(rows, halo), shown.currency && (await clientsOf(halo))),
  hint: 'status is active unless given: not archived and not past its end.',
});

/** One contract. Halo: GET /ClientContract/{id}; what bills it: GET /RecurringInvoice. */
export const getContract = getTool({
  name: 'get_contract',
  title: 'Get a contract',
  description: 'One contract, the recurring invoices that bill it (billed_by; empty: nothing does) and their lines.',
  scopes: ['read:contracts'],
  optionalScopes: ['read:invoices', 'read:customers'],
  examples: [{ id: 31 }],
  record: 'contracts',
  from: { path: '/ClientContract', query: { includedetails: true } },
  fields: {
    ...columns,
    ...more,
    site_id: column.ref('site_id'),
    halo_status: column.text('contract_status', 40),
    rolling: column.flag('rollingcontract'),
    previous_contract_id: column.ref('previouscontract'),
    note: column.html('note', 600),
    billed_by: column.value(z.array(z.int()), (row) => {
      const billing = facts.get(row)?.billing;
      return billing === undefined || isHaloError(billing)
        ? undefined
        : billing.live.map((template) => Number(template.id));
    }),
  },
  async complete(record, { halo }) {
    const contract = keepContract(record);
    if (contract === undefined) return record;
    const [currencies, client, billing] = await Promise.all([
      currenciesOf([record], halo),
      readIfThere(halo, '/Client', contract.client).catch(emptyWhereForbidden),
      whatBills(contract, halo),
    ]);
    const [row = record] = worthAll([record], currencies, client);
    const known = facts.get(row);
    if (known !== undefined) known.billing = billing;
    return row;
  },
  parts: {
    billing_lines: {
      columns: {
        recurring_invoice_id: column.id('recurring_invoice_id'),
        ...lineColumns(),
        period: column.text('period'),
      },
      rows(record) {
        const { billing, contract } = facts.get(record) ?? {};
        if (billing === undefined || contract === undefined) return undefined;
        if (isHaloError(billing)) throw billing;
        const rows = billing.live.flatMap(templateLines).filter((line) => line.contract_id === contract.id);
        return { rows, hint: billing.live.length === 0 && isActive(record) ? nothingBills(billing.idle) : undefined };
      },
    },
  },
});

function nothingBills(idle: Row[]): string {
  if (idle.length === 0) return 'No recurring invoice bills this contract.';
  const ids = idle.map((row) => `${Number(row.id)} (${templateFacts(row)?.worth.state.replace('_', ' ')})`);
  return `No live recurring invoice bills this contract; linked, but not live: ${ids.join(', ')}.`;
}

/** The recurring invoices linked to a contract by their header or by any line: those that are live, and the others. */
async function whatBills(contract: Contract, halo: Halo): Promise<{ live: Row[]; idle: Row[] } | HaloError> {
  try {
    const rows = await valued(await templatesOf(contract, halo), { halo });
    const linked = rows.filter((row) => {
      const template = templateFacts(row)?.template;
      return template !== undefined && contractsOf(template).includes(contract.id);
    });
    const isLive = (row: Row) => templateFacts(row)?.worth.state === 'active';
    return { live: linked.filter(isLive), idle: linked.filter((row) => !isLive(row)) };
  } catch (error) {
    if (isHaloError(error) && (error.code === 'HALO_SCOPE_MISSING' || error.code === 'HALO_FORBIDDEN')) return error;
    throw error;
  }
}

/** All templates of the client, and those of others that name the contract: a head office may be billed for it. */
async function templatesOf({ id, client }: Contract, halo: Halo): Promise<Row[]> {
  const walks = await Promise.all([
    halo.all('/RecurringInvoice', {
      key: 'invoices',
      query: TEMPLATE_QUERY,
      where: client > 0 ? { client_id: client } : {},
    }),
    halo.all('/RecurringInvoice', { key: 'invoices', query: { ...TEMPLATE_QUERY, contract_id: id } }),
  ]);
  for (const walk of walks)
    if (!walk.complete)
      throw new HaloError('HALO_UNAVAILABLE', `The recurring invoices could not be read whole: ${walk.reason}.`);
  const templates = walks.flatMap(({ rows }) => rows).filter((row) => (intOf(row.id) ?? 0) < 0);
  return [...new Map(templates.map((row) => [Number(row.id), row])).values()];
}
