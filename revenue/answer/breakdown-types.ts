/** The answer (section 6). Money is a decimal string in the currency's own minor unit. */

import type { Way } from '../ledger/elsewhere.js';
import type { BucketName } from '../ledger/evidence.js';
import type { Rates } from '../ledger/exchange.js';
import type { FlagCode, Severity } from '../ledger/flags.js';
import type { Params, RowGroup } from '../ledger/params.js';
import type { Kind } from '../rules/lineclass.js';
import type { Bucket } from './evidence.js';

export interface Flag {
  code: FlagCode;
  severity: Severity;
  /** `recurring_invoice:-5031`, `invoice:9058`, `contract:303`, `client:101` or `book`. */
  entity: string;
  /** A decimal string in `currency`, or null if there is no amount. */
  amount: string | null;
  currency?: string;
  message: string;
  /** For incomplete_data: the fields that could not be read, if known. */
  fields?: string[];
}

export interface Billed {
  invoiced: string;
  credited: string;
  /** invoiced + credited. */
  net: string;
}

export interface CurrencyFigures {
  /** The run rate at `as_of`: a balance, never added to what was billed. */
  mrr: string;
  arr: string;
  mrr_under_contract: string;
  mrr_not_under_contract: string;
  contract_only_mrr: string;
  /** mrr_under_contract + contract_only_mrr. */
  contracted_mrr: string;
  recurring: Billed;
  non_recurring: Billed & { by_kind: Record<Kind, string> };
  total_net: string;
  /** Two decimals; null when total_net is zero or less. */
  recurring_share_pct: string | null;
  /** Drafts in the window that are not in the figures above. */
  unposted_net: string;
}

export interface Month {
  recurring: string;
  non_recurring: string;
}

export type Group = {
  by: RowGroup;
  /** An id, an item group's name, or null for what has none. */
  key: number | string | null;
  name: string;
  currency: string;
  recurring: string;
  non_recurring: string;
  mrr: string;
};

/** By month, then currency. */
export type Months = Record<string, Record<string, Month>>;

/** A group's row for all clients together; a group that belongs to one client names it. */
export type GroupOfAll = Group & { client_id?: number; client?: string };

export interface ClientBreakdown {
  client_id: number;
  name: string;
  /** Left out if it can't be read. */
  inactive?: boolean;
  currencies: Record<string, CurrencyFigures>;
  /** With group_by month or month_basis service_period. Every month of the window. */
  months?: Months;
  groups?: Group[];
  flags: Flag[];
  /**
   * How the client's list of invoices differs from what is counted here: net of tax, in the window; absent if it does
   * not.
   */
  elsewhere?: Elsewhere[];
  evidence: Record<BucketName, Bucket>;
}

/** An amount billed to one client and counted at the client that was served. */
export interface Elsewhere {
  /**
   * `billed_to`: counted here, on invoices of the named client. `counted_at`: invoiced here, counted at the named
   * client.
   */
  way: Way;
  client_id: number;
  name: string;
  currency: string;
  amount: string;
}

type Asked = Pick<
  Params,
  'as_of' | 'from' | 'to' | 'attribute_to' | 'currency_policy' | 'month_basis' | 'include_unposted'
>;

export type Method = Asked & {
  version: number;
  weekly: '52/12';
  rounding: string;
  complete: boolean;
  /** Why it is not complete. */
  reason?: string[];
  /** The run rate is today's recurring invoices, carried back to a past day. */
  carried_back?: boolean;
  /** What invoices say about that day, per month and by currency. */
  billed_run_rate?: Record<string, string>;
  /** The day or the window is not over yet. */
  projection?: boolean;
  /** For a projection: what runs today but will have ended by then; left out. */
  ends_before?: { recurring_invoices: number; contracts: number };
  /** The clients whose invoices were read, if one was asked for: only their invoices were seen. */
  invoices_of?: number[];
  /** The rates used under `convert`. */
  rates?: Rates;
  /** Rows read, each once, and pages fetched. */
  fetched: { recurring_invoices: number; invoices: number; contracts: number; pages: number };
};

export interface Breakdown {
  method: Method;
  /** Largest total_net first (home currency before others); ties by id. */
  clients: ClientBreakdown[];
  totals: Record<string, CurrencyFigures>;
  /** For all clients together, unless one was asked for. */
  months?: Months;
  groups?: GroupOfAll[];
  /** All flags, by severity; `client_id` absent where a flag concerns the whole book. */
  flags: (Flag & { client_id?: number })[];
  statement: string;
}
