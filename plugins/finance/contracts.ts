import {
  type Columns,
  column,
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
  z,
} from '../../core/index.js';
import {
  brokenLines,
  currenciesOf,
  emptyWhereForbidden,
  readIfThere,
  TEMPLATE_QUERY,
  today,
} from '../../revenue/halo/index.js';
import {
  type Client,
  type Contract,
  type Currency,
  contractsOf,
  contractWorth,
  IDLE,
  keepClient,
  keepContract,
  linkOf,
} from '../../revenue/index.js';
import { BESIDE, JUDGED } from './judged.js';
import { lineColumns, type Template, templateLines, valued } from './recurring-invoices.js';

/** A contract as Halo sent it, with what was read beside it. */
interface Completed extends Row {
  [BESIDE]?: {
    currencies: readonly Currency[];
    /** Undefined where it was not read. */
    client?: Client | undefined;
    /** What bills it; an error where that can't be told; undefined where nobody asked. */
    billing?: Billing | HaloError | undefined;
  };
}

/** The recurring invoices that are linked to a contract: those that bill it, and the others. */
interface Billing {
  live: Template[];
  idle: Template[];
}

/** A contract with what the money rules say of it: nothing of a row without an id. */
interface ContractRow extends Completed {
  [JUDGED]?: { contract: Contract; worth: ReturnType<typeof contractWorth> };
}

/**
 * The row with what it is worth. Halo's contracts name no currency: it is the client's, so it is told only where the
 * client was read, or where the tenant has one currency alone.
 */
function judged(row: Completed): ContractRow {
  const contract = keepContract(row);
  if (contract === undefined) return row;
  const { currencies = [], client } = row[BESIDE] ?? {};
  const worth = contractWorth(contract, currencies, client);
  const sure =
    client !== undefined ||
    currencies.length === 1 ||
    contract.currency.code !== undefined ||
    contract.currency.id !== undefined;
  return { ...row, [JUDGED]: { contract, worth: { ...worth, currency: sure ? worth.currency : null } } };
}

/** The rows with the currencies of the tenant, and each with its client where that was read. */
function beside(rows: readonly Row[], currencies: readonly Currency[], clients: readonly Row[] = []): Completed[] {
  const known = new Map(clients.flatMap((row) => keepClient(row) ?? []).map((client) => [client.id, client]));
  return rows.map((row) => ({ ...row, [BESIDE]: { currencies, client: known.get(refOf(row.client_id) ?? 0) } }));
}

/** All clients, for their currencies; none where this login may not read them. */
async function clientsOf(halo: Halo): Promise<readonly Row[]> {
  const query = { includeactive: true, includeinactive: true };
  return halo.all('/Client', { key: 'clients', query }).then(({ rows }) => rows, emptyWhereForbidden);
}

/** Flagged active and not past its end; one that rolls on has no end. Undefined where it can't be told. */
const isActive = (row: ContractRow): boolean | undefined => {
  const contract = row[JUDGED]?.contract;
  if (contract === undefined || isFlagUnread(row)) return undefined;
  if (contract.archived) return false;
  if (contract.rolling) return true;
  if (isEndUnread(row)) return undefined;
  return contract.end === undefined ? isOpenEnd(row.end_date) || row.expired !== true : contract.end >= today();
};

/** One of these fields was sent and can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: ContractRow): boolean =>
    row[JUDGED]?.contract.unread.some((field) => fields.includes(field)) === true;

const isFlagUnread = isUnread('active', 'rollingcontract');
const isEndUnread = isUnread('end_date');

const STATUS = new Map([
  [true, 'active' as const],
  [false, 'expired' as const],
]);

const columns: Columns<ContractRow> = {
  id: column.id(),
  ref: column.foreign('ref', 60),
  client: column.foreign('client_name', 60),
  type: column.text('contracttype_name', 60),
  start: column.day('start_date'),
  end: column.value(
    z.string(),
    (row) => row[JUDGED]?.contract.end ?? (isOpenEnd(row.end_date) ? 'open' : undefined),
    isEndUnread,
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
    (row) => STATUS.get(isActive(row) as boolean),
    (row) => isActive(row) === undefined,
  ),
};

const more: Columns<ContractRow> = {
  client_id: column.ref('client_id'),
  site: column.foreign('site_name', 60),
  currency: column.value(z.string(), (row) => row[JUDGED]?.worth.currency ?? undefined),
};

const endingBefore = filter.custom({
  args: { ending_before: filter.Day.optional() },
  resolve({ ending_before: day }) {
    if (day === undefined) return undefined;
    // An end that can't be read may lie before any day.
    const test = (row: ContractRow) => (isEndUnread(row) ? undefined : (row[JUDGED]?.contract.end ?? '9999') < day);
    return { test, mode: 'here', label: 'ending_before', keeps: true };
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
      (row: ContractRow, wanted) => {
        const active = isActive(row);
        return active === undefined ? undefined : active === (wanted === 'active');
      },
      (wanted) => ({ includeinactive: wanted !== 'active' || undefined }),
    ),
    ending: endingBefore,
  },
  columns,
  more,
  complete: async (rows, { halo }, shown) =>
    beside(rows, await currenciesOf(rows, halo), shown.currency && (await clientsOf(halo))),
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
  async complete(record, { halo }): Promise<Completed> {
    const contract = keepContract(record);
    if (contract === undefined) return record;
    const [currencies, client, billing] = await Promise.all([
      currenciesOf([record], halo),
      readIfThere(halo, '/Client', contract.client).catch(emptyWhereForbidden),
      whatBills(contract, halo),
    ]);
    const [row] = beside([record], currencies, client);
    return { ...record, [BESIDE]: { currencies, ...row?.[BESIDE], billing } };
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
        const broken = billing.live.map(({ [JUDGED]: known }) => brokenLines(known?.template ?? { unread: [] }));
        const none =
          billing.live.length === 0 && isActive(record) === true ? nothingBills(contract.id, billing.idle) : undefined;
        return { rows, hint: none ?? broken.find((sentence) => sentence !== undefined) };
      },
    },
  },
});

function nothingBills(contract: number, idle: Template[]): string {
  if (idle.length === 0) return 'No recurring invoice bills this contract.';
  const ids = idle.flatMap((row) => {
    const template = row[JUDGED]?.template;
    const why = template && linkOf(template, contract, today()).idle;
    return why === undefined ? [] : `${Number(row.id)} (${IDLE[why]})`;
  });
  return `No recurring invoice bills this contract; linked, but bills nothing: ${ids.join(', ')}.`;
}

/** The recurring invoices linked to a contract by their header or by any line: those that bill it, and the others. */
async function whatBills(contract: Contract, halo: Halo): Promise<Billing | HaloError> {
  try {
    const rows = await valued(await templatesOf(contract, halo), { halo });
    const linked = rows.filter((row) => {
      const template = row[JUDGED]?.template;
      return template !== undefined && contractsOf(template).includes(contract.id);
    });
    const isLive = (row: Template) => {
      const template = row[JUDGED]?.template;
      return template !== undefined && linkOf(template, contract.id, today()).idle === undefined;
    };
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
