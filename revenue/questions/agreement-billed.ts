/** What documents billed on agreements, and what that cost. */
import type Big from 'big.js';
import { entityOf } from '../ledger/entity.js';
import type { Exchange } from '../ledger/exchange.js';
import type { Facts } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import type { Costs } from '../rows/costs.js';
import { isClassUnread, openIn, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { clientOfLine } from '../rules/attribution.js';
import { collect } from '../values/collect.js';
import { leaf, type Shown } from '../values/exchange.js';
import { settle, sum, ZERO } from '../values/money.js';
import type { Span } from '../values/months.js';
import { CreditedCosts } from './credited-costs.js';

/** What one document bills on one contract, rounded once. */
export interface Part {
  readonly invoice: number;
  readonly contract: number;
  readonly client: number;
  readonly shown: Shown;
  readonly net: Big;
  readonly recurring: Big;
  readonly cost: Big;
  readonly unknown: Big;
}

/** One part for each contract and served client, from the posted documents of a window; undefined before each document. */
export function* billedParts(
  facts: Facts,
  costs: Costs,
  exchange: Exchange,
  { from, to }: Span,
  { unread, linked }: { unread: Unread[]; linked: readonly Invoice[] },
): Generator<Part | undefined> {
  const credited = new CreditedCosts(facts, costs, linked);
  for (const invoice of facts.invoices) {
    yield undefined;
    if (standing(invoice) !== 'document' || !invoice.posted) continue;
    if (invoice.date !== undefined && (invoice.date < from || invoice.date > to)) continue;
    const code = exchange.code(invoice.currency);
    const { pieces, net } = facts.classed(invoice);
    const gaps = [...openIn(invoice, code), ...credited.unreadOf(invoice)];
    // The unreadable field may be its contract, or what it credits.
    const named = pieces.some(({ contract }) => contract > 0) || isClassUnread(invoice);
    if (!named) continue;
    if (gaps.length > 0) unread.push({ entity: entityOf('invoice', invoice.id), fields: gaps });
    if (code === undefined || invoice.date === undefined) continue;
    const shown = exchange.show(code);
    const groups = [
      ...collect(
        pieces,
        (piece) => `${piece.contract} ${clientOfLine(piece.line, invoice, 'service_client')}`,
      ).values(),
    ];
    const exact = groups.map((some) => sum(some.map(({ amount }) => amount)).times(shown.rate));
    const amounts = settle(leaf(net, shown), exact, shown.decimals);
    for (const [index, some] of groups.entries()) {
      const [first] = some;
      if (first === undefined || first.contract === 0) continue;
      const told = some.map((piece) => ({ piece, cost: credited.of(invoice, piece) }));
      // The cost of labour is counted by its hours.
      const isUnknown = ({ piece, cost }: (typeof told)[number]) => cost === undefined && piece.kind !== 'labour';
      const known = sum(told.filter((one) => !isUnknown(one)).map(({ piece }) => piece.amount));
      const unknown = sum(told.filter(isUnknown).map(({ piece }) => piece.amount));
      const recurring = sum(some.flatMap((piece) => (piece.class === 'recurring' ? [piece.amount] : [])));
      const amount = amounts[index] ?? ZERO;
      const [, unknownNet] = settle(amount, [known.times(shown.rate), unknown.times(shown.rate)], shown.decimals);
      const [recurringNet] = settle(
        amount,
        [recurring, sum(some.map((one) => one.amount)).minus(recurring)].map((one) => one.times(shown.rate)),
        shown.decimals,
      );
      yield {
        ...{
          invoice: invoice.id,
          contract: first.contract,
          client: clientOfLine(first.line, invoice, 'service_client'),
          shown,
        },
        ...{ net: amount, recurring: recurringNet ?? ZERO, unknown: unknownNet ?? ZERO },
        cost: leaf(sum(told.map(({ cost }) => cost ?? ZERO)), shown),
      };
    }
  }
}
