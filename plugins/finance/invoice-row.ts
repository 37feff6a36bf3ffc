import type { Halo, Row, ToolContext } from '../../core/index.js';
import { currenciesOf, emptyWhereForbidden, readIfThere, today, withLines } from '../../revenue/halo/index.js';
import {
  type Currency,
  type Invoice,
  type InvoiceVerdict,
  judgeInvoice,
  type Known,
  keepContract,
  keepInvoice,
  lineVerdicts,
} from '../../revenue/index.js';
import { BESIDE, JUDGED } from './judged.js';

/** An invoice with its lines, and what was read besides. */
interface Completed extends Row {
  [BESIDE]?: { known: Known; currencies: readonly Currency[]; today: string };
}

/** An invoice with what the money rules say about it, which is nothing for a row without an id. */
export interface InvoiceRow extends Completed {
  [JUDGED]?: InvoiceVerdict & {
    invoice: Invoice;
    known: Known;
    /** Today in the config's time zone; undefined if nothing was read besides the row. */
    today: string | undefined;
  };
}

/**
 * The rows with their lines, and with what else the money rules need. Credited invoices and contracts are looked up
 * only if a rule needs them.
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

/** The row with what the money rules say about it. */
export function judged(row: Completed): InvoiceRow {
  const invoice = keepInvoice(row);
  if (invoice === undefined) return row;
  const { known = {}, currencies = [], today: day } = row[BESIDE] ?? {};
  return { ...row, [JUDGED]: { invoice, known, ...judgeInvoice(invoice, currencies, known), today: day } };
}

/** The invoices that these credit notes undo. */
async function creditedBy(invoices: readonly Invoice[], halo: Halo): Promise<Invoice[]> {
  const ids = new Set(invoices.map(({ credited_invoice: id }) => id).filter((id) => id > 0));
  const rows = await Promise.all([...ids].map((id) => readIfThere(halo, '/Invoice', id)));
  return rows.flat().flatMap((row) => keepInvoice(row) ?? []);
}

/**
 * Rule C10 needs a contract's billing period, but few lines get that far. Without read:contracts the line's own
 * decides.
 */
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
