/** M7: what the last posted invoice of a recurring invoice billed per month, compared with its template. */
import type Big from 'big.js';
import { isUnread, standing } from '../rows/documents.js';
import type { Invoice, RecurringInvoice } from '../rows/rows.js';
import { leaf, type Shown } from '../values/exchange.js';
import { Exact, sum } from '../values/money.js';
import { MONTHS_IN_60_YEARS, over60Years, repeats } from '../values/periods.js';
import type { Facts } from './facts.js';
import type { Posting } from './posting.js';

const TOLERATED = new Exact('0.01');

/** More than 1 % apart. */
export function driftsFrom(mrr: Big, billed: Big): boolean {
  return billed.minus(mrr).abs().gt(mrr.abs().times(TOLERATED));
}

/** Finds the last posted invoice of every template, up to and including `as_of`, among those it takes. */
export class LastBilled {
  readonly #last = new Map<number, Invoice>();

  constructor(private readonly posting: Posting) {}

  /** Takes one row of the invoice list. */
  see(invoice: Invoice): void {
    const { facts, params } = this.posting;
    const { date } = invoice;
    if (!invoice.posted || date === undefined || date > params.as_of || standing(invoice) !== 'document') return;
    if (facts.classed(invoice).credit) return;
    for (const template of [invoice.template, ...invoice.lines.map((line) => line.template)]) {
      if (template !== 0 && (this.#last.get(template)?.date ?? '') <= date) this.#last.set(template, invoice);
    }
  }

  /** The rounded monthly value of a template's last posted invoice; undefined if there is none in the data. */
  of(template: RecurringInvoice, shown: Shown): Big | undefined {
    const { facts, exchange } = this.posting;
    const invoice = this.#last.get(template.id);
    if (invoice === undefined || isUnread(invoice) || !repeats(template.period)) return undefined;
    if (isMeterUntold(template)) return undefined;
    if (exchange.code(invoice.currency) !== exchange.code(template.currency)) return undefined;
    return leaf(over60Years(recurringOf(template, invoice, facts), template.period), shown, MONTHS_IN_60_YEARS);
  }
}

/** K3: the id of a template's line tells which invoice lines come from a meter; here a metered line has none. */
export const isMeterUntold = ({ lines }: RecurringInvoice): boolean => lines.some(({ meter, id }) => meter && id === 0);

/**
 * The template's own recurring lines: not pro-rata, usage, or lines added by hand. K3: what the template's line meters
 * is usage too, since the line it creates may not say so.
 */
function recurringOf(template: RecurringInvoice, invoice: Invoice, facts: Facts): Big {
  const rules = new Set(['C3', 'C6', 'C9']);
  const metered = new Set(template.lines.flatMap(({ meter, id }) => (meter && id !== 0 ? [id] : [])));
  const own = facts
    .classed(invoice)
    .pieces.filter((piece) => piece.template === template.id && rules.has(piece.rule))
    .filter(({ line }) => !line.meter && line.pro_rata === 0 && !metered.has(line.template_line));
  return sum(own.map(({ amount }) => amount));
}
