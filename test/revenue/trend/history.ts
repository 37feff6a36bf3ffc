/** Books for tests of the trend: bills of template -5001 by their service periods, and the trend's answers. */
import { decimalsOf, money, paramsOf, type Trend, trendOf } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../book.js';
import { ACME, AUD, type Fields, invoice, JPY, KWD, template, USD } from '../rows.js';

export const AS_OF = '2026-07-10';
export const WINDOW = { from: '2026-01-01', to: '2026-06-30' };
export const OTHER = { id: 102, name: 'Other' };

/** A line made from line 11 of template -5001. */
export const line = (id: number, net: number, fields: Fields = {}): Fields => ({
  ...{ id, net_amount: net, recurring_invoice_id: -5001, recurring_invoice_line_id: 11 },
  ...fields,
});

/** A bill of template -5001 for some days. Its line's id is ten times its own. */
export const bill = (id: number, from: string, to: string, net: number, fields: Fields = {}): Fields =>
  invoice(id, {
    ...{ invoice_date: from, period_start_date: from, period_end_date: to, recurring_invoice_id: -5001 },
    lines: [line(id * 10, net)],
    ...fields,
  });

const ENDS = ['31', '28', '31', '30', '31', '30'];

/** One bill per month from January 2026, except months with zero; ids by month from 1. */
export const monthly = (nets: readonly number[], fields: Fields = {}, base = 0): Fields[] =>
  nets.flatMap((net, index) => {
    const month = `2026-0${index + 1}`;
    return net === 0 ? [] : [bill(base + index + 1, `${month}-01`, `${month}-${ENDS[index]}`, net, fields)];
  });

/** A credit note of a bill, by default through its line. */
export const credit = (of: number, net: number, date: string, fields: Fields = {}): Fields =>
  invoice(9000 + of, {
    ...{ invoice_date: date, creditlinkedtoinvoiceid: of, recurring_invoice_id: 0 },
    lines: [line(90_000 + of, net, { creditlinkedidid: of * 10 })],
    ...fields,
  });

/** A template that no longer bills. */
export const over = (fields: Fields = {}) => template(-5001, { disabled: true, ...fields });
export const period = (code: number, fields: Fields = {}) =>
  template(-5001, { period: code, schedule: { period: code, ...(fields.schedule as Fields) }, ...fields });

export function trend(raw: Raw, asked: Fields = {}): Trend {
  const rows = {
    clients: [ACME, OTHER],
    currencies: [AUD, USD, JPY, KWD],
    recurring_invoices: [template(-5001)],
    ...raw,
  };
  return trendOf(bookOf(rows), paramsOf({ ...WINDOW, ...asked }, AS_OF));
}

/** MRR at each month end. */
export const mrr = (raw: Raw, code = 'AUD', of: 'mrr' | 'billed_mrr' | 'not_billed' = 'mrr') =>
  trend(raw)
    .months.filter(({ currency }) => currency === code)
    .map((row) => Number(money(row[of], decimalsOf(code))));

/** Movements in order of time: month, kind, amount, cause. */
export const moves = (raw: Raw, asked: Fields = {}) =>
  trend(raw, asked)
    .movements.toReversed()
    .map(({ month, kind, amount, cause, currency }) =>
      [month.slice(5), kind, money(amount, decimalsOf(currency)), cause].join(' '),
    );
