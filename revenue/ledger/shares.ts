/**
 * Splits one document: rounded once, then by class, kind, client and month, so that every cut adds up to it. The
 * literals use no spread, as in keep.ts.
 */
import type Big from 'big.js';
import type { Invoice } from '../rows/rows.js';
import { clientOfLine } from '../rules/attribution.js';
import type { ClassedDocument, Piece } from '../rules/credits.js';
import { CLASSES, KINDS, type Kind, type LineClass } from '../rules/lineclass.js';
import { collect } from '../values/collect.js';
import { leaf, type Shown } from '../values/exchange.js';
import { settle, sum, ZERO } from '../values/money.js';
import { atOnce, monthOf, type Step, spread } from '../values/months.js';
import type { Params } from './params.js';

/** What one client has of one class and kind of a document, in the window. */
export interface Share {
  readonly client: number;
  readonly class: LineClass;
  readonly kind: Kind | undefined;
  readonly amount: Big;
  readonly months: ReadonlyMap<string, Big>;
  /** The exact pieces behind it; `part` (0 to 1) of them is in the window. */
  readonly pieces: readonly Piece[];
  readonly part: Big;
}

interface Portion extends Pick<Share, 'class' | 'kind' | 'pieces'> {
  readonly amount: Big;
}

type Cut = Pick<Params, 'from' | 'to' | 'attribute_to' | 'month_basis'>;

/** The shares of a dated document. Empty if none of it is in the window. */
export function sharesOf(invoice: Invoice, classed: ClassedDocument, shown: Shown, cut: Cut): Share[] {
  return portionsOf(classed, shown).flatMap((portion) => divide(portion, invoice, shown, cut));
}

/** The document's rounded net by class, then non-recurring by kind; both by largest remainder. */
function portionsOf({ net, pieces }: ClassedDocument, shown: Shown): Portion[] {
  const split = <Key>(total: Big, keys: readonly Key[], some: readonly Piece[], keyOf: (piece: Piece) => Key) => {
    const parts = keys
      .map((key) => ({ key, pieces: some.filter((piece) => keyOf(piece) === key) }))
      .filter((part) => part.pieces.length > 0);
    const amounts = settle(
      total,
      parts.map((part) => exactOf(part.pieces, shown)),
      shown.decimals,
    );
    return parts.map(({ key, pieces }, index) => ({ key, pieces, amount: amounts[index] ?? ZERO }));
  };
  return split(leaf(net, shown), CLASSES, pieces, (piece) => piece.class).flatMap((part): Portion[] => {
    const { key, amount, pieces: own } = part;
    if (key === 'recurring') return [{ class: key, kind: undefined, amount, pieces: own }];
    return split(amount, KINDS, own, kindOf).map(({ key: kind, pieces, amount }) => ({
      class: key,
      kind,
      pieces,
      amount,
    }));
  });
}

const kindOf = ({ kind }: Piece): Kind => kind ?? 'adhoc';

function exactOf(pieces: readonly Piece[], { rate }: Shown): Big {
  return sum(pieces.map(({ amount }) => amount)).times(rate);
}

/** A portion by client (ids ascending) along its steps in time. The running sum is settled, so no cent drifts. */
function divide(portion: Portion, invoice: Invoice, shown: Shown, cut: Cut): Share[] {
  const byClient = collect(portion.pieces, ({ line }) => clientOfLine(line, invoice, cut.attribute_to));
  const clients = [...byClient].sort(([a], [b]) => a - b);
  const exact = clients.map(([, pieces]) => exactOf(pieces, shown));
  const shares = clients.map(([client, pieces]) => ({ client, pieces, months: new Map<string, Big>() }));
  let before = clients.map(() => ZERO);
  let partBefore = ZERO;
  let part = ZERO;
  for (const step of stepsOf(portion, invoice, shown, cut)) {
    const after = settle(
      step.done,
      exact.map((amount) => amount.times(step.part)),
      shown.decimals,
    );
    if (step.day >= cut.from && step.day <= cut.to) {
      part = part.plus(step.part).minus(partBefore);
      for (const [index, { months }] of shares.entries()) {
        const added = (after[index] ?? ZERO).minus(before[index] ?? ZERO);
        months.set(monthOf(step.day), (months.get(monthOf(step.day)) ?? ZERO).plus(added));
      }
    }
    before = after;
    partBefore = step.part;
  }
  return shares
    .filter(({ months }) => months.size > 0)
    .map(({ client, pieces, months }) => ({
      client,
      class: portion.class,
      kind: portion.kind,
      amount: sum(months.values()),
      months,
      pieces,
      part,
    }));
}

/** Recurring money is spread over the header's service period if asked; all else counts on the document's day. */
function stepsOf(portion: Portion, invoice: Invoice, shown: Shown, cut: Cut): Step[] {
  const { period_start: from, period_end: to } = invoice;
  const spreads = cut.month_basis === 'service_period' && portion.class === 'recurring';
  if (spreads && from !== undefined && to !== undefined && from <= to) {
    return spread(portion.amount, { from, to }, shown.decimals, cut);
  }
  return invoice.date === undefined ? [] : atOnce(invoice.date, portion.amount);
}
