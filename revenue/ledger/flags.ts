/** Everything the breakdown may point out: code, severity, and the sentence a reader sees. */
import type Big from 'big.js';
import { type Entity, labelOf } from './entity.js';

export type Severity = 'high' | 'medium' | 'info';

const HIGH = {
  contract_no_recurring_invoice: 'The contract is in force and no active recurring invoice bills it.',
  ri_past_next_date: 'The recurring invoice is active but its next date has passed: it should have been billed.',
  ri_on_expired_contract: 'The recurring invoice still bills although its contract has ended or is archived.',
  duplicate_invoice_suspected: 'Two posted invoices of one recurring invoice cover the same period; both are counted.',
  unknown_period: 'The billing period is not one that Halo defines; the amount is left out, not guessed.',
  no_posted_invoices: 'No invoice at all is posted here; everything billed is in unposted_net.',
  incomplete_data: 'Something could not be read completely; no total that depends on it is complete.',
  mixed_currencies: 'Money in several currencies; they are shown separately and never added.',
  line_period_differs:
    'A line has a billing period of its own that differs from its recurring invoice, whose period counts.',
  ri_no_next_date: 'The recurring invoice is active and has no next date: nothing will bill it.',
} as const;

const MEDIUM = {
  template_on_predecessor:
    'Only the recurring invoice of its predecessor bills the contract; amount is what is missing per month.',
  inactive_client_active_ri: 'The client is inactive but a recurring invoice still bills it.',
  unclassified: 'No lines and no link: nothing says whether it recurs. Counted as non-recurring.',
  credit_unlinked: 'The credit names nothing in the data that it credits; its class comes from its own fields.',
  credit_note_missing: 'A line applies a credit note that is not in the data; the line is counted.',
  contract_missing: 'It names a contract that is not in the data.',
  contract_superseded: 'A renewal of this contract has started; only the renewal counts.',
  contract_ending_soon: 'The contract ends within the renewal horizon.',
  negative_mrr: 'The recurring invoice has a negative monthly value.',
  labour_on_recurring_run: 'Ticket work was merged onto a recurring run; counted as non-recurring.',
  recurring_item_on_manual_invoice: 'A recurring item was typed onto an invoice by hand; counted as recurring.',
  line_amount_mismatch: 'net_amount differs from price x quantity less discount; net_amount is used.',
  template_drift:
    'The last posted invoice differs from the recurring invoice by more than 1 %; amount is the difference per month.',
  minimum_charge_applies: 'The minimum charge is above the lines; amount is the difference, which is not applied.',
  undated_invoice: 'No invoice date and no posting date; not counted.',
} as const;

const INFO = {
  zero_value_ri: 'The recurring invoice is active and worth nothing.',
  ri_future_start: 'The recurring invoice starts later; not in the run rate yet.',
  ri_header_only: 'No lines came; the net of the header is used.',
  invoice_header_only: 'No lines came; the net of the header is used.',
  one_time_line_on_ri: 'A one-time charge inside a recurring invoice; not in the run rate.',
  usage_excluded_from_mrr: 'Metered usage; recurring when billed, not in the run rate.',
  ri_quantity_auto: 'Quantities follow users, devices or licences; what is stored may be stale until the next run.',
  credit_sign_normalised: 'A credit note stored with positive amounts; counted as negative.',
  credit_application_excluded: 'A line that applies a credit note which is counted itself; settlement, not revenue.',
  recognition_excluded: 'Recognition of revenue that was counted when it was invoiced; not counted again.',
  supplier_invoice_excluded: 'A supplier bill in the invoice list; cost, not revenue.',
  template_in_invoice_list: 'A recurring invoice (template) in the invoice list; not billed revenue.',
  unposted_excluded: 'Not posted; only in unposted_net.',
  billed_to_other_client: 'Served to one client, billed to another.',
  ri_one_time_period: 'A recurring invoice with a one-time period; not in the run rate.',
} as const;

const TABLES = { high: HIGH, medium: MEDIUM, info: INFO };

export type FlagCode = keyof typeof HIGH | keyof typeof MEDIUM | keyof typeof INFO;

export const FLAGS = Object.fromEntries(
  Object.entries(TABLES).flatMap(([severity, table]) =>
    Object.entries(table).map(([code, message]) => [code, { severity, message }]),
  ),
) as Readonly<Record<FlagCode, { readonly severity: Severity; readonly message: string }>>;

/** An amount to show with a flag. */
export interface FlagAmount {
  readonly amount: Big;
  readonly code: string;
  readonly decimals: number;
}

const RANK: Readonly<Record<Severity, number>> = { high: 0, medium: 1, info: 2 };

/** One flag as raised, with exact amounts. */
export interface Raised {
  readonly code: FlagCode;
  readonly entity: Entity;
  readonly amount: FlagAmount | undefined;
  /** For incomplete_data: the fields that could not be read, if known. */
  readonly fields: readonly string[];
  /** What applies to this flag alone, besides its code's sentence: only ids and our own words, nothing from Halo. */
  readonly detail?: string | undefined;
}

/** Collects flags, one per code and entity; amounts of the same flag add up. */
export class FlagSet {
  readonly #raised = new Map<string, Raised>();

  raise(code: FlagCode, entity: Entity, amount?: FlagAmount, fields: readonly string[] = [], detail?: string): void {
    const key = `${code} ${labelOf(entity)}`;
    const before = this.#raised.get(key);
    const sum =
      before?.amount === undefined || amount === undefined
        ? (amount ?? before?.amount)
        : { ...amount, amount: before.amount.amount.plus(amount.amount) };
    const all = [...new Set([...(before?.fields ?? []), ...fields])];
    this.#raised.set(key, { code, entity, amount: sum, fields: all, detail: detail ?? before?.detail });
  }

  /** By severity, then code, then entity. */
  list(): Raised[] {
    return sortFlags([...this.#raised.values()]);
  }
}

/** Flags in the order in which they are shown. Each sort key is computed once. */
export function sortFlags<F extends Raised>(flags: readonly F[]): F[] {
  return flags
    .map((flag) => ({ flag, rank: RANK[FLAGS[flag.code].severity], label: labelOf(flag.entity) }))
    .sort((a, b) => a.rank - b.rank || compareText(a.flag.code, b.flag.code) || compareText(a.label, b.label))
    .map(({ flag }) => flag);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
