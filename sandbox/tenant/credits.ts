import { type Clock, DAY } from './clock.js';
import type { Doc } from './doc.js';
import { line } from './money.js';
import { manual } from './one-off.js';
import { must } from './random.js';

/** Credit notes are negative: one whole document, one item, one seat of a run, one that names no invoice. */
export function credits(clock: Clock, docs: readonly Doc[]): Doc[] {
  const before = (day: number, test: (doc: Doc) => boolean) =>
    must(
      docs.findLast((doc) => doc.posted && !doc.voided && doc.kind === 'INV' && doc.date < day && test(doc)),
      'document to credit',
    );
  const labour = before(clock.month(-1), (doc) => doc.ticket > 0 && doc.client !== 29);
  const product = before(clock.month(-4), (doc) => doc.salesOrder > 0);
  const run = before(clock.month(-2, 2), (doc) => doc.template === -99);
  const mixed = before(clock.month(-1), (doc) => doc.template === -94);
  const goodwill = [line({ item: 'LAB', qty: -1, price: 60_00, text: 'Goodwill' })];
  return [
    credit(labour, labour.date + 12 * DAY, 'all'),
    credit(product, product.date + 20 * DAY, 1),
    credit(run, run.date + 15 * DAY, 1),
    credit(mixed, mixed.date + 10 * DAY, 2),
    manual(34, clock.month(-3, 19), goodwill, { kind: 'CN' }),
  ].map((doc) => ({ ...doc, date: Math.min(doc.date, clock.today) }));
}

/** `all` lines, or that many units of the first line that has a price. */
function credit(of: Doc, date: number, units: 'all' | number): Doc {
  const priced = of.lines.filter((each) => each.net !== 0);
  const lines = (units === 'all' ? priced : priced.slice(0, 1)).map((each) => {
    const { item, price, contract, ticket, template, templateLine, period } = each;
    const qty = units === 'all' ? -each.qty : -Math.min(units, each.qty);
    return {
      ...line({ item, price, qty, contract, ticket, template, templateLine, period, text: `Credit: ${each.text}` }),
      undoes: each,
    };
  });
  const { currency, original } = of;
  return manual(of.client, date, lines, { kind: 'CN', credits: of, currency, original });
}
