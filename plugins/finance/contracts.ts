import {
  type Columns,
  column,
  costsPart,
  filter,
  getTool,
  type Halo,
  type HaloError,
  isHaloError,
  isOpenEnd,
  listTool,
  type Row,
  refOf,
  z,
} from '../../core/index.js';
import { brokenLines, currenciesOf, emptyWhereForbidden, readIfThere, today } from '../../revenue/halo/index.js';
import {
  type Client,
  type Contract,
  type Currency,
  contractWorth,
  keepClient,
  keepContract,
} from '../../revenue/index.js';
import { type Billing, nothingBills, whatBills } from './contract-billing.js';
import { BESIDE, JUDGED } from './judged.js';
import { lineColumns, templateLines } from './recurring-invoices.js';
import { type Current, currentContracts, supersededOf } from './superseded.js';

/** A contract as Halo sent it, with what was read besides. */
interface Completed extends Row {
  [BESIDE]?: {
    today: string;
    currencies: readonly Currency[];
    /** Undefined if it was not read. */
    client?: Client | undefined;
    /** What bills it; an error if that is unknown; undefined if it was not needed. */
    billing?: Billing | HaloError | undefined;
    /** A renewal has replaced it; undefined if that is unknown. */
    superseded?: boolean | undefined;
    /** The client exists but could not be read. */
    clientUnread?: boolean;
  };
}

/** A contract with what the money rules say about it, which is nothing for a row without an id. */
interface ContractRow extends Completed {
  [JUDGED]?: {
    contract: Contract;
    today: string;
    worth: ReturnType<typeof contractWorth>;
    /** Its currency can't be read, or /Currency does not know it. */
    currencyLost: boolean;
  };
}

/**
 * The row with its worth. Halo's contracts name no currency: it is the client's, so it is shown only if the client was
 * read, or if the tenant has only one currency.
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
  const currencyLost = sure && worth.currency === null;
  return {
    ...row,
    [JUDGED]: { contract, today: day, worth: { ...worth, currency: sure ? worth.currency : null }, currencyLost },
  };
}

/** The rows with the tenant's currencies, today's date, and each with its client if that was read. */
function beside(
  rows: readonly Row[],
  {
    currencies,
    day,
    clients = [],
    superseded = [],
  }: {
    currencies: readonly Currency[];
    day: string;
    clients?: readonly Row[];
    /** For each row. */
    superseded?: readonly (boolean | undefined)[];
  },
): Completed[] {
  const known = new Map(clients.flatMap((row) => keepClient(row) ?? []).map((client) => [client.id, client]));
  return rows.map((row, at) => ({
    ...row,
    [BESIDE]: {
      ...{ currencies, today: day, client: known.get(refOf(row.client_id) ?? 0), superseded: superseded[at] },
    },
  }));
}

/** All clients, for their currencies; none if this login may not read them. */
async function clientsOf(halo: Halo): Promise<readonly Row[]> {
  const query = { includeactive: true, includeinactive: true };
  return halo.all('/Client', { key: 'clients', query }).then(({ rows }) => rows, emptyWhereForbidden);
}

/** Flagged active and not past its end; a rolling contract has no end. Undefined if unknown. */
const isActive = (row: ContractRow): boolean | undefined => {
  const known = row[JUDGED];
  if (known === undefined || isFlagUnread(row)) return undefined;
  const { contract } = known;
  if (contract.archived) return false;
  if (contract.rolling) return true;
  if (isEndUnread(row)) return undefined;
  return contract.end === undefined ? isOpenEnd(row.end_date) || row.expired !== true : contract.end >= known.today;
};

/** One of these fields was sent but can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: ContractRow): boolean =>
    row[JUDGED]?.contract.unread.some((field) => fields.includes(field)) === true;

const isFlagUnread = isUnread('active', 'rollingcontract');
const isEndUnread = isUnread('end_date');

const STATUSES = ['active', 'expired', 'superseded'] as const;

/** Undefined if unknown. */
function statusOf(row: ContractRow): (typeof STATUSES)[number] | undefined {
  const active = isActive(row);
  if (active === undefined) return undefined;
  return active ? (row[BESIDE]?.superseded === true ? 'superseded' : 'active') : 'expired';
}

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
  status: column.value(z.enum(STATUSES), statusOf, (row) => statusOf(row) === undefined),
};

const more: Columns<ContractRow> = {
  client_id: column.ref('client_id'),
  site: column.foreign('site_name', 60),
  currency: column.value(
    z.string(),
    (row) => row[JUDGED]?.worth.currency ?? undefined,
    (row) =>
      row[JUDGED]?.currencyLost === true ||
      (row[BESIDE]?.clientUnread === true && row[JUDGED]?.worth.currency === null),
  ),
};

const endingBefore = filter.custom({
  args: { ending_before: filter.Day.optional() },
  resolve({ ending_before: day }) {
    if (day === undefined) return undefined;
    // An unreadable end may be before any day.
    const test = (row: ContractRow) => (isEndUnread(row) ? undefined : (row[JUDGED]?.contract.end ?? '9999') < day);
    return { test, mode: 'here', label: 'ending_before', keeps: true };
  },
});

/** Contracts. Halo can't filter them by status or date. */
export const listContracts = listTool({
  name: 'list_contracts',
  title: 'List contracts',
  description:
    'Contracts (agreements) that clients have with the MSP: type, start, end, charge; active ones by default. Recurring invoices may bill them: the two are not to be added.',
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
        const status = statusOf(row);
        return status === undefined ? undefined : status === wanted;
      },
      (wanted) => ({ includeinactive: wanted !== 'active' || undefined }),
    ),
    ending: endingBefore,
  },
  columns,
  more,
  doubts: (rows: readonly ContractRow[]) =>
    rows.some((row) => isActive(row) === true && row[BESIDE]?.superseded === undefined)
      ? 'For some contracts it is unknown whether they were renewed, so some of the active ones may be superseded.'
      : undefined,
  prepare: ({ halo }) => currentContracts(halo),
  async complete(rows, { halo, zone }, shown, prepared) {
    const day = today({ zone });
    const current = (await prepared()) as Current | undefined;
    return beside(rows, {
      ...{ currencies: await currenciesOf(rows, halo), day },
      ...(shown.currency && { clients: await clientsOf(halo) }),
      ...(current !== undefined && { superseded: await supersededOf(rows, current, day) }),
    });
  },
  read: judged,
  also: ['/Client'],
  hint: 'status is active unless given: not archived and not past its end.',
});

/** One contract, and what bills it. */
export const getContract = getTool({
  name: 'get_contract',
  title: 'Get a contract',
  description:
    'One contract (agreement): its details, and the recurring invoices that bill it (billed_by; empty: nothing does) with their lines.',
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
        const broken = billing.live.map(({ [JUDGED]: known }) => brokenLines(known?.template ?? { unread: [] }));
        const none =
          billing.live.length === 0 && isActive(record) === true ? nothingBills(contract.id, billing.idle) : undefined;
        return { rows, hint: none ?? broken.find((sentence) => sentence !== undefined) };
      },
    },
  },
});

/** Nothing if this login may not read it; otherwise the error, which costs the contract its currency. */
const noClient = (error: unknown): [] | HaloError =>
  costsPart(error) && error.code !== 'HALO_SCOPE_MISSING' && error.code !== 'HALO_FORBIDDEN'
    ? error
    : emptyWhereForbidden(error);
