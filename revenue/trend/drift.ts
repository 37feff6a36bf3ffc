/** The difference between a template's last bill and what it states today, line by line (B1). */
import type Big from 'big.js';
import { entityOf } from '../ledger/entity.js';
import type { Unread } from '../ledger/gaps.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import type { Run } from '../rules/runrate.js';
import { collect } from '../values/collect.js';
import { settle, sum, ZERO } from '../values/money.js';
import { perMonth } from '../values/periods.js';
import { byQuantity, quantityOf } from './quantity.js';
import type { InForce } from './subscription.js';

/** The ways from what is billed to the run rate; `other` is what fits none of the rest. */
export const WAYS = ['not_billed', 'started', 'ended', 'price', 'quantity', 'other'] as const;
export type Way = (typeof WAYS)[number];

/** One step on the way, exact; negative for what ended. */
export interface Step {
  readonly way: Way;
  readonly amount: Big;
  readonly reason: string;
  /** What can't be read, so that nobody can tell which way it is. */
  readonly unread?: readonly Unread[];
}

interface Compared {
  readonly template: RecurringInvoice;
  readonly run: Run;
  /** The prices in force at the month's end: those in question, and all of them. */
  readonly prices: readonly InForce[];
  readonly all: readonly InForce[];
  /** The rounded difference that the steps add up to. */
  readonly total: Big;
  readonly decimals: number;
}

/** The steps from the prices of a template to its run rate; they add up to `total`. */
export function stepsOf({ template, run, prices, all, total, decimals }: Compared): Step[] {
  const lines = run.lines.filter(({ left_out }) => left_out === undefined).map(({ line }) => line);
  const known = !run.header_only && prices.every(({ price }) => price.template_line !== 0);
  const steps = (known ? byLine(lines, prices, all, template) : asOne(run.mrr, prices)).filter(
    ({ amount }) => !amount.eq(0),
  );
  if (total.eq(0)) return [];
  const rest = total.minus(sum(steps.map(({ amount }) => amount)));
  // The rest is the rounding of both sides; if no step can absorb it, it becomes a step of its own.
  if (steps.length === 0) return [{ way: 'other', amount: rest, reason: 'rounding' }];
  const settled = settle(
    total,
    steps.map(({ amount }) => amount),
    decimals,
  );
  return steps
    .map((step, index) => ({ ...step, amount: settled[index] ?? ZERO }))
    .filter(({ amount }) => !amount.eq(0));
}

const monthly = (prices: readonly InForce[]) => sum(prices.map(({ price }) => price.monthly));

function asOne(mrr: Big, prices: readonly InForce[]): Step[] {
  return [{ way: 'price', amount: mrr.minus(monthly(prices)), reason: 'it bills another amount now' }];
}

function byLine(
  lines: readonly Line[],
  prices: readonly InForce[],
  all: readonly InForce[],
  { id: template, period }: RecurringInvoice,
): Step[] {
  const billed = collect(prices, ({ price }) => price.template_line);
  const elsewhere = new Set(all.map(({ price }) => price.template_line));
  const now = collect(lines, ({ id }) => id);
  const gone = [...billed].filter(([id]) => !now.has(id));
  return [
    ...gone.map(([, some]): Step => ({ way: 'ended', amount: monthly(some).neg(), reason: 'a line of it has ended' })),
    ...[...now].flatMap(([id, some]): Step[] => {
      const says = sum(some.map(({ net }) => perMonth(net, period)));
      const was = billed.get(id);
      if (was !== undefined) return changesOf(some, says, was, template);
      return elsewhere.has(id)
        ? [{ way: 'other', amount: says, reason: 'billed for other clients' }]
        : [{ way: 'started', amount: says, reason: 'a line of it has started' }];
    }),
  ];
}

/** The change in quantity at the old price; the rest is a change in price. */
function changesOf(lines: readonly Line[], says: Big, was: readonly InForce[], template: number): Step[] {
  const before = monthly(was);
  const more = byQuantity(before, quantityOf(was.map(({ price }) => price)), quantityOf(lines));
  if (more === undefined) return [{ ...UNTOLD, amount: says.minus(before), unread: unreadIn(lines, was, template) }];
  return [
    { way: 'quantity', amount: more, reason: 'it bills another quantity now' },
    { way: 'price', amount: says.minus(before).minus(more), reason: 'it bills another price now' },
  ];
}

const UNTOLD = { way: 'other', reason: 'price and quantity can’t be told apart' } as const;

/** The quantities that can't be read, of a template's line and of what was billed for it. */
function unreadIn(lines: readonly Line[], was: readonly InForce[], template: number): Unread[] {
  return [
    ...lines.map(({ id, quantity }) => ({ quantity, of: entityOf('recurring_invoice', template), line: id })),
    ...was.map(({ price: { quantity, line, document } }) => ({ quantity, of: entityOf('invoice', document), line })),
  ].flatMap(({ of, line, quantity }) =>
    quantity === null ? [{ entity: of, fields: [`qty_order of line ${line}`] }] : [],
  );
}
