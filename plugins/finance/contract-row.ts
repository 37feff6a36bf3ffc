/** A contract as our tools judge and show it. */
import { type Columns, column, type HaloError, isOpenEnd, type Row, refOf, z } from '../../core/index.js';
import { today } from '../../revenue/halo/index.js';
import {
  type Client,
  type Contract,
  type Currency,
  contractWorth,
  keepClient,
  keepContract,
  readableFlag,
} from '../../revenue/index.js';
import type { Billing } from './contract-billing.js';
import { BESIDE, JUDGED } from './judged.js';
import { mayRollOn } from './rolling.js';

/** A contract as Halo sent it, with what was read besides. */
export interface Completed extends Row {
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
export interface ContractRow extends Completed {
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
export function judged(row: Completed): ContractRow {
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
export function beside(
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

/** Flagged active and not past its end; a rolling contract goes on past it. Undefined if unknown. */
export const isActive = (row: ContractRow): boolean | undefined => {
  const known = row[JUDGED];
  if (known === undefined || isFlagUnread(row)) return undefined;
  const { contract } = known;
  if (contract.archived) return false;
  if (contract.rolling) return true;
  if (isEndUnread(row)) return undefined;
  if (contract.end === undefined) {
    const expired = isOpenEnd(row.end_date) ? false : readableFlag(row.expired);
    return expired === undefined ? undefined : !expired;
  }
  return contract.end >= known.today ? true : mayRollOn(row) ? undefined : false;
};

/** One of these fields was sent but can't be read. */
const isUnread =
  (...fields: string[]) =>
  (row: ContractRow): boolean =>
    row[JUDGED]?.contract.unread.some((field) => fields.includes(field)) === true;

const isFlagUnread = isUnread('active', 'rollingcontract');
export const isEndUnread = isUnread('end_date');

const STATUSES = ['active', 'expired', 'superseded'] as const;

/** Undefined if unknown. */
export function statusOf(row: ContractRow): (typeof STATUSES)[number] | undefined {
  const active = isActive(row);
  if (active === undefined) return undefined;
  return active ? (row[BESIDE]?.superseded === true ? 'superseded' : 'active') : 'expired';
}

/** The most contracts that are named. */
const MOST = 5;

/** A sentence on those that are still to start: for them `active` only means that they have not ended. */
export function notBegun(rows: readonly ContractRow[]): string | undefined {
  const starts = rows.flatMap((row) => {
    const { contract, today: day } = row[JUDGED] ?? {};
    return contract?.start !== undefined && day !== undefined && contract.start > day && isActive(row) !== false
      ? [`${contract.id} starts on ${contract.start}`]
      : [];
  });
  if (starts.length === 0) return undefined;
  const more = starts.length > MOST ? ` and ${starts.length - MOST} more` : '';
  return `Not begun yet: ${starts.slice(0, MOST).join(', ')}${more}.`;
}

export const columns: Columns<ContractRow> = {
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

export const more: Columns<ContractRow> = {
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
