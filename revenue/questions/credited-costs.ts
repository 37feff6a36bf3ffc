/** What a piece of a document cost; a credit takes the cost of what it credits. */
import type Big from 'big.js';
import type { Facts } from '../ledger/facts.js';
import type { Costs } from '../rows/costs.js';
import { creditedAmong } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import type { Piece } from '../rules/credits.js';
import { sum } from '../values/money.js';

/** The costs of pieces, with the sign of their amounts. */
export class CreditedCosts {
  readonly #byId: ReadonlyMap<number, Invoice>;

  constructor(
    private readonly facts: Facts,
    private readonly costs: Costs,
    linked: readonly Invoice[] = [],
  ) {
    this.#byId = creditedAmong(facts.invoices, linked);
  }

  /** The cost of a piece in the currency of its line; undefined if unknown. */
  of(invoice: Invoice, piece: Piece): Big | undefined {
    if (!this.facts.classed(invoice).credit) return this.costs.of(invoice.id, piece.line.id).cost;
    const credited = this.#byId.get(invoice.credited_invoice);
    const own = credited === undefined ? undefined : this.#undone(credited, piece);
    if (own !== undefined) return own;
    const cost = this.costs.of(invoice.id, piece.line.id).cost;
    return cost === undefined ? undefined : cost.abs().neg();
  }

  /** What can't be read of the costs of a document, or of what it credits. */
  unreadOf({ id, credited_invoice: credited }: Invoice): string[] {
    return [
      ...this.costs.unreadOf(id),
      ...this.costs.unreadOf(credited).map((field) => `${field} of invoice ${credited}`),
    ];
  }

  /** The share of what was credited: from the named line, else from the lines of the same class and contract. */
  #undone(credited: Invoice, piece: Piece): Big | undefined {
    const parts = [...this.facts.classed(credited).pieces];
    const named = parts.filter(({ line }) => line.id !== 0 && line.id === piece.line.credited_line);
    const like = parts.filter(
      ({ class: own, kind, contract }) => own === piece.class && kind === piece.kind && contract === piece.contract,
    );
    const lines = named.length > 0 ? named : like;
    const told = lines.flatMap(({ line, amount }) => {
      const { cost } = this.costs.of(credited.id, line.id);
      return cost === undefined ? [] : [{ cost, amount }];
    });
    const net = sum(told.map(({ amount }) => amount));
    if (told.length < lines.length || net.eq(0)) return undefined;
    return sum(told.map(({ cost }) => cost))
      .times(piece.amount)
      .div(net);
  }
}
