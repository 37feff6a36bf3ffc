import type { Halo, Row, ToolContext } from '../../core/index.js';
import { currenciesOf, emptyWhereForbidden, readIfThere, today, withLines } from '../../revenue/halo/index.js';
import {
  type Currency,
  codeOf,
  type Invoice,
  type InvoiceKind,
  invoiceKind,
  invoiceNet,
  type Known,
  keepContract,
  keepInvoice,
  LINES,
  lineVerdicts,
} from '../../revenue/index.js';
import { BESIDE, JUDGED } from './judged.js';

/** An invoice with its lines, and what was read beside it. */
interface Completed extends Row {
  [BESIDE]?: { known: Known; currencies: readonly Currency[]; today: string };
}

/** An invoice with what the money rules say of it: nothing of a row without an id. */
export interface InvoiceRow extends Completed {
  [JUDGED]?: {
    invoice: Invoice;
    known: Known;
    /** Undefined where it can't be told. */
    kind: InvoiceKind | undefined;
    /** Null where it can't be read. */
    net: string | null;
    currency: string | undefined;
    /** The day that it is, in the zone of the config; undefined where nothing was read beside the row. */
    today: string | undefined;
  };
}

/**
 * The rows with their lines, and with what the money rules ask for beside them. Credited invoices and contracts are
 * looked up only where a rule asks for them.
 */
export async function completed(rows: Row[], { halo, zone }: ToolContext, linked: boolean): Promise<Completed[]> {
  const whole = await withLines(rows, '/Invoice', halo);
  const currencies = await currenciesOf(whole, halo);
  const invoices = whole.flatMap((row) => keepInvoice(row) ?? []);
  const credited = linked ? await creditedBy(invoices, halo) : [];
  const contracts = await contractsAsked([...invoices, ...credited], halo);
  const known: Known = { contracts, invoices: [...invoices, ...credited] };
  return whole.map((row) => ({ ...row, [BESIDE]: { known, currencies, today: today({ zone }) } }));
}

/** The row with what the money rules say of it. */
export function judged(row: Completed): InvoiceRow {
  const invoice = keepInvoice(row);
  if (invoice === undefined) return row;
  const { known = {}, currencies = [], today: day } = row[BESIDE] ?? {};
  return {
    ...row,
    [JUDGED]: {
      invoice,
      known,
      kind: isKindUnread(invoice) ? undefined : invoiceKind(invoice, known),
      net: invoiceNet(invoice, currencies).net,
      currency: codeOf(invoice.currency, currencies),
      today: day,
    },
  };
}

/** The invoices that credit notes undo. */
async function creditedBy(invoices: readonly Invoice[], halo: Halo): Promise<Invoice[]> {
  const ids = new Set(invoices.map(({ credited_invoice: id }) => id).filter((id) => id > 0));
  const rows = await Promise.all([...ids].map((id) => readIfThere(halo, '/Invoice', id)));
  return rows.flat().flatMap((row) => keepInvoice(row) ?? []);
}

/** Rule C10 asks for a contract's billing period; few lines get that far. Without read:contracts the line's own decides. */
async function contractsAsked(invoices: readonly Invoice[], halo: Halo) {
  const asking = invoices.filter(
    (invoice) => invoice.period_start !== undefined && lineVerdicts(invoice).some(({ rule }) => rule === 'C11'),
  );
  const ids = new Set(
    asking
      .flatMap((invoice) => [invoice.contract, ...invoice.lines.map(({ contract }) => contract)])
      .filter((id) => id > 0),
  );
  const rows = await Promise.all([...ids].map((id) => readIfThere(halo, '/ClientContract', id))).catch(
    emptyWhereForbidden,
  );
  return rows.flat().flatMap((row) => keepContract(row) ?? []);
}

/** What decides whether a document counts at all, and as what. */
const STANDING = [LINES, 'voided', 'hideinvoice', 'is_recurring_invoice'];
const isKindUnread = ({ unread }: Pick<Invoice, 'unread'>): boolean => unread.some((field) => STANDING.includes(field));
