import {
  type Columns,
  column,
  costsPart,
  filter,
  getTool,
  type Halo,
  HaloError,
  intOf,
  isHaloError,
  isOpenEnd,
  listTool,
  type Row,
  refOf,
  type ToolContext,
  z,
} from '../../core/index.js';
import { currenciesOf, emptyWhereForbidden, readIfThere, TEMPLATE_QUERY, today } from '../../revenue/halo/index.js';
import {
  type Client,
  type Contract,
  type Currency,
  contractsOf,
  contractWorth,
  keepClient,
  keepContract,
} from '../../revenue/index.js';
import { BESIDE, JUDGED } from './judged.js';
import { lineColumns, type Template, templateLines, valued } from './recurring-invoices.js';

/** A contract as Halo sent it, with what was read beside it. */
interface Completed extends Row {
  [BESIDE]?: {
    today: string;
    currencies: readonly Currency[];
    /** Undefined where it was not read. */
    client?: Client | undefined;
    /** What bills it; an error where that can't be told; undefined where nobody asked. */
    billing?: Billing | HaloError | undefined;
    /** The client is there and could not be read. */
    clientUnread?: boolean;
  };
}

/** The recurring invoices that are linked to a contract: those that are live, and the others. */
interface Billing {
  live: Template[];
  idle: Template[];
}

/** A contract with what the money rules say of it: nothing of a row without an id. */
interface ContractRow extends Completed {
  [JUDGED]?: { contract: Contract; today: string; worth: ReturnType<typeof contractWorth> };
}

/**
 * The row with what it is worth. Halo's contracts name no currency: it is the client's, so it is told only where the
 * client was read, or where the tenant has one currency alone.
 */
function judged(row: Completed): ContractRow {
  const contract = keepContract(row);
  if (contract === undefined) return row;
  const { currencies = [], client, today: day = today() } = row[BESIDE] ?? {};
  const worth = contractWorth(contract, currencies, client);
  const sure =
    client !== undefined ||
    currencies.length === 1 ||
    contract.currency.code !== undefined ||
    contract.currency.id !== undefined;
  return { ...row, [JUDGED]: { contract, today: day, worth: { ...worth, currency: sure ? worth.currency : null } } };
}

/** The rows with the currencies of the tenant and what day it is, and each with its client where that was read. */
function beside(
  rows: readonly Row[],
  { currencies, day, clients = [] }: { currencies: readonly Currency[]; day: string; clients?: readonly Row[] },
): Completed[] {
  const known = new Map(clients.flatMap((row) => keepClient(row) ?? []).map((client) => [client.id, client]));
  return rows.map((row) => ({
    ...row,
    [BESIDE]: { currencies, today: day, client: known.get(refOf(row.client_id) ?? 0) },
  }));
}

/** All clients, for their currencies; none where this login may not read them. */
async function clientsOf(halo: Halo): Promise<readonly Row[]> {
  const query = { includeactive: true, includeinactive: true };
  return halo.all('/Client', { key: 'clients', query }).then(({ rows }) => rows, emptyWhereForbidden);
}

/** Flagged active and not past its end, as far as can be told; one that rolls on has no end. */
const isActive = (row: ContractRow): boolean => {
  const known = row[JUDGED];
  if (known === undefined) return true;
  const { contract } = known;
  if (contract.archived) return false;
  if (contract.rolling) return true;
  return contract.end === undefined ? isOpenEnd(row.end_date) || row.expired !== true : contract.end >= known.today;
};

/** One of these fields was sent and can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: ContractRow): boolean =>
    row[JUDGED]?.contract.unread.some((field) => fields.includes(field)) === true;

/** Whether it is active can't be told: it is neither left out nor called so. */
const isStatusUnread = isUnread('active', 'rollingcontract');

const columns: Columns<ContractRow> = {
  id: column.id(),
  ref: column.foreign('ref', 60),
  client: column.foreign('client_name', 60),
  type: column.text('contracttype_name', 60),
  start: column.day('start_date'),
  end: column.value(
    z.string(),
    (row) => row[JUDGED]?.contract.end ?? (isOpenEnd(row.end_date) ? 'open' : undefined),
    isUnread('end_date'),
  ),
  billing_period: column.value(z.string(), (row) => row[JUDGED]?.worth.period ?? undefined),
  charge: column.value(z.string(), (row) => row[JUDGED]?.worth.charge ?? undefined, isUnread('periodchargeamount')),
  monthly_value: column.value(
    z.string(),
    (row) => row[JUDGED]?.worth.mrr ?? undefined,
    isUnread('periodchargeamount', 'prepayrecurringcharge'),
  ),
  next_invoice: column.day(['next_invoice_date', 'periodicinvoicenextdate']),
  status: column.value(
    z.enum(['active', 'expired']),
    (row) => (isStatusUnread(row) ? undefined : isActive(row) ? 'active' : 'expired'),
    isStatusUnread,
  ),
};

const more: Columns<ContractRow> = {
  client_id: column.ref('client_id'),
  site: column.foreign('site_name', 60),
  currency: column.value(
    z.string(),
    (row) => row[JUDGED]?.worth.currency ?? undefined,
    (row) => row[BESIDE]?.clientUnread === true && row[JUDGED]?.worth.currency === null,
  ),
};

const endingBefore = filter.custom({
  args: { ending_before: filter.Day.optional() },
  resolve({ ending_before: day }) {
    if (day === undefined) return undefined;
    // An end that can't be read may lie before any day: the row is kept, and told.
    const test = (row: ContractRow) => (row[JUDGED]?.contract.end ?? '9999') < day || isUnread('end_date')(row);
    return { test, mode: 'here', label: 'ending_before' };
  },
});

/** Contracts. Halo filters them neither by status nor by date. */
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
      (row: ContractRow, wanted) => isStatusUnread(row) || isActive(row) === (wanted === 'active'),
      (wanted) => ({ includeinactive: wanted !== 'active' || undefined }),
    ),
    ending: endingBefore,
  },
  columns,
  more,
  complete: async (rows, { halo, zone }, shown) =>
    beside(rows, {
      ...{ currencies: await currenciesOf(rows, halo), day: today({ zone }) },
      ...(shown.currency && { clients: await clientsOf(halo) }),
    }),
  read: judged,
  also: ['/Client'],
  hint: 'status is active unless given: not archived and not past its end.',
});

/** One contract, and what bills it. */
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
    billed_by: column.value(z.array(z.int()), (row: ContractRow) => {
      const billing = row[BESIDE]?.billing;
      return billing === undefined || isHaloError(billing)
        ? undefined
        : billing.live.map((template) => Number(template.id));
    }),
  },
  async complete(record, { halo, zone }): Promise<Completed> {
    const contract = keepContract(record);
    if (contract === undefined) return record;
    const [currencies, client, billing] = await Promise.all([
      currenciesOf([record], halo),
      readIfThere(halo, '/Client', contract.client).catch(noClient),
      whatBills(contract, { halo, zone }),
    ]);
    const day = today({ zone });
    const clientUnread = isHaloError(client);
    const [row] = beside([record], { currencies, day, ...(!clientUnread && { clients: client }) });
    return { ...record, [BESIDE]: { currencies, today: day, ...row?.[BESIDE], billing, clientUnread } };
  },
  read: judged,
  also: ['/RecurringInvoice', '/Client'],
  parts: {
    billing_lines: {
      columns: {
        recurring_invoice_id: column.id('recurring_invoice_id'),
        ...lineColumns(),
        period: column.text('period'),
      },
      rows(record: ContractRow) {
        const { billing } = record[BESIDE] ?? {};
        const { contract } = record[JUDGED] ?? {};
        if (billing === undefined || contract === undefined) return undefined;
        if (isHaloError(billing)) throw billing;
        const rows = billing.live.flatMap(templateLines).filter((line) => line.contract_id === contract.id);
        return { rows, hint: billing.live.length === 0 && isActive(record) ? nothingBills(billing.idle) : undefined };
      },
    },
  },
});

/** Nothing where this login may not read it; the error where it can't be read, which costs the contract its currency. */
const noClient = (error: unknown): [] | HaloError =>
  costsPart(error) && error.code !== 'HALO_SCOPE_MISSING' && error.code !== 'HALO_FORBIDDEN'
    ? error
    : emptyWhereForbidden(error);

function nothingBills(idle: Template[]): string {
  if (idle.length === 0) return 'No recurring invoice bills this contract.';
  const ids = idle.map((row) => `${Number(row.id)} (${row[JUDGED]?.worth.state.replace('_', ' ')})`);
  return `No live recurring invoice bills this contract; linked, but not live: ${ids.join(', ')}.`;
}

/** The recurring invoices linked to a contract by their header or by any line: those that are live, and the others. */
async function whatBills(
  contract: Contract,
  context: Pick<ToolContext, 'halo' | 'zone'>,
): Promise<Billing | HaloError> {
  try {
    const rows = await valued(await templatesOf(contract, context.halo), context);
    const linked = rows.filter((row) => {
      const template = row[JUDGED]?.template;
      return template !== undefined && contractsOf(template).includes(contract.id);
    });
    const isLive = (row: Template) => row[JUDGED]?.worth.state === 'active';
    return { live: linked.filter(isLive), idle: linked.filter((row) => !isLive(row)) };
  } catch (error) {
    if (costsPart(error)) return error;
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
