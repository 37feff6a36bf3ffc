/** The reduced rows that the rules read. Ids are 0 where Halo names none; days are `YYYY-MM-DD`. */
import type Big from 'big.js';
import type { CurrencyRef } from '../values/currency.js';
import type { Period } from '../values/periods.js';

/** What a header says about its own net. */
export interface HeaderNet {
  readonly net: Big;
  /** False if no net could be read, or tax could not be taken off. Then `net` is not a figure to show. */
  readonly certain: boolean;
}

/** A line of a template or of a document. Its fields are read by name: a spread does not copy all of them. */
export interface Line {
  readonly id: number;
  /** Net per A1, in the row's currency; 0 if none could be read. */
  readonly net: Big;
  /** unit_price x qty_order less discount, if it differs from `net_amount` by more than 0.01. */
  readonly differs: Big | undefined;
  /** An amount was expected but could not be read: then `net` is not a figure to show. */
  readonly unreadable: boolean;
  /** Fields of an existing line that were sent but can't be read; `net_amount` if `unreadable`. */
  readonly unread: readonly string[];
  /** R7: Halo's reports drop both kinds. */
  readonly heading: boolean;
  readonly inactive: boolean;
  readonly one_time: boolean;
  /** The template (negative id) that the line names, 0 for none. */
  readonly template: number;
  /** Whether any link field was sent at all, even a sentinel (C9). */
  readonly template_sent: boolean;
  readonly template_line: number;
  readonly pro_rata: number;
  readonly ticket: number;
  readonly sales_line: number;
  readonly milestone: number;
  readonly deposit: boolean;
  readonly prepay: number;
  readonly recurring_item: boolean;
  readonly contract: number;
  readonly contract_sent: boolean;
  readonly period: Period | undefined;
  /** R9: the credit note that this line applies. */
  readonly applies_credit: number;
  /** C1: the line that this line credits. */
  readonly credited_line: number;
  readonly recognised: boolean;
  readonly original_client: number;
  readonly meter: boolean;
  /** Halo recomputes the quantity at each run, from users, devices or licences. */
  readonly auto_quantity: boolean;
  /** How many are sold, which tells a quantity change from a price change; null if it was sent but can't be read. */
  readonly quantity: number | null | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly autorenew: boolean;
  readonly item_group: number | string | null;
  readonly item_group_name: string | undefined;
}

interface Row {
  readonly id: number;
  /** `last_modified` as sent; '' when absent. */
  readonly modified: string;
}

interface MoneyRow extends Row {
  /** Fields of the header that were sent but can't be read, `lines` included; each line lists its own. */
  readonly unread: readonly string[];
  readonly client: number;
  readonly client_name: string | undefined;
  readonly currency: CurrencyRef;
}

/** A document. In a book its fields are read by name: a spread does not copy all of them. */
export interface Invoice extends MoneyRow {
  readonly number: string | undefined;
  readonly original_client: number;
  /** R6: invoice_date, else dateposted. */
  readonly date: string | undefined;
  readonly posted: boolean;
  readonly voided: boolean;
  readonly is_template: boolean;
  readonly is_bill: boolean;
  readonly is_recognition: boolean;
  readonly is_deposit: boolean;
  readonly template: number;
  readonly template_sent: boolean;
  readonly credited_invoice: number;
  readonly period_start: string | undefined;
  readonly period_end: string | undefined;
  readonly contract: number;
  readonly ticket: number;
  readonly sales_order: number;
  readonly header: HeaderNet;
  readonly lines: readonly Line[];
}

export interface RecurringInvoice extends MoneyRow {
  /** What people call it. */
  readonly ref: string | undefined;
  readonly bill_to: number;
  readonly disabled: boolean;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly next: string | undefined;
  /** Whether Halo said anything about the next date, even that it is unset: silence is not a missing date. */
  readonly next_sent: boolean;
  readonly period: Period | undefined;
  readonly contract: number;
  readonly header: HeaderNet;
  readonly minimum: Big | undefined;
  readonly lines: readonly Line[];
}

export interface Contract extends MoneyRow {
  readonly ref: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** `active` is explicitly false. */
  readonly archived: boolean;
  readonly rolling: boolean;
  readonly previous: number;
  /** Halo's own list says that another contract renews it, perhaps one outside the data. */
  readonly renewed?: boolean;
  readonly not_invoiced: boolean;
  readonly period: Period | undefined;
  readonly charge: Big | undefined;
  /** Recurring prepay that is billed, else undefined. */
  readonly prepay: Big | undefined;
  readonly prepay_period: Period | undefined;
}

export interface Client extends Row {
  readonly name: string | undefined;
  /** Undefined if it can't be read. */
  readonly inactive: boolean | undefined;
  readonly bill_to: number;
  readonly bill_to_recurring: number;
  readonly currency: CurrencyRef;
}
