/** Why a client's MRR moved (T8): the parts of a change, each with its cause and the rows behind it. */
import type Big from 'big.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { settle, sum, ZERO } from '../values/money.js';
import type { Price } from './prices.js';
import { byQuantity, quantityOf } from './quantity.js';
import { type Cell, NOTHING, type Strand, takesOverFrom } from './strands.js';
import type { InForce } from './subscription.js';

/**
 * The causes of a movement. What a client took over from another also names that client; `price or quantity` is a change
 * of one or both where a quantity can't be read.
 */
export const CAUSES = [
  'new',
  'ended',
  'price',
  'quantity',
  'price or quantity',
  'swap',
  'credit',
  'moved',
  'gap',
] as const;
export type Cause = (typeof CAUSES)[number];

/** A part of a change, exact to the currency's minor unit. */
export interface Part {
  readonly cause: Cause;
  readonly amount: Big;
  /** For what moved: the client that it came from or went to. */
  readonly other: number | undefined;
  readonly documents: readonly number[];
  readonly templates: readonly number[];
}

/** One strand at two consecutive month ends. */
interface Step {
  readonly strand: Strand;
  readonly before: Cell;
  readonly after: Cell;
}

/** The data that a month's causes are found in. */
export interface Months {
  readonly strands: readonly Strand[];
  /** The month ends. */
  readonly days: readonly string[];
  /** Prices that were credited in full. */
  readonly gone: readonly Price[];
}

/**
 * The parts of one client's change in one currency, from the month before `index` to that month. They add up to the
 * change.
 * @param own the strands of that client and currency
 */
export function partsOf(own: readonly Strand[], index: number, months: Months): Part[] {
  const steps = own.map((strand) => stepOf(strand, index));
  return steps.flatMap((step) => {
    const { before, after } = step;
    if (before.mrr.eq(after.mrr)) return [];
    if (before.prices.length > 0 && after.prices.length > 0) return changesOf(step);
    return [began(step, steps, index, months) ?? stopped(step, steps, index, months)];
  });
}

const stepOf = (strand: Strand, index: number): Step => ({
  strand,
  before: strand.cells[index - 1] ?? NOTHING,
  after: strand.cells[index] ?? NOTHING,
});

const begins = ({ before, after }: Step) => before.prices.length === 0 && after.prices.length > 0;
const stops = ({ before, after }: Step) => before.prices.length > 0 && after.prices.length === 0;

function began(step: Step, steps: readonly Step[], index: number, months: Months): Part | undefined {
  if (!begins(step)) return undefined;
  const { strand, after } = step;
  const from = siblings(strand, months).find((other) => stops(stepOf(other, index)));
  if (from !== undefined) return partOf('moved', step, [...cellAt(from, index - 1), ...after.prices], from.owner);
  const last = months.days[index - 1] ?? '';
  const earlier = pricesOf(strand).filter(({ from: start }) => start <= last);
  if (earlier.length > 0) {
    const credits = creditedBy(strand, last, months);
    const behind = [...earlier.slice(-1), ...credits];
    return partOf(credits.length > 0 ? 'credit' : 'gap', step, [...behind.map(asBilled), ...after.prices]);
  }
  const ending = steps.find((other) => stops(other) && takesOverFrom(strand, other.strand));
  return partOf(ending === undefined ? 'new' : 'swap', step, [...(ending?.before.prices ?? []), ...after.prices]);
}

function stopped(step: Step, steps: readonly Step[], index: number, months: Months): Part {
  const { strand, before } = step;
  const to = siblings(strand, months).find((other) => begins(stepOf(other, index)));
  if (to !== undefined) return partOf('moved', step, [...before.prices, ...cellAt(to, index)], to.owner);
  const day = months.days[index] ?? '';
  const credits = creditedBy(strand, day, months);
  if (credits.length > 0) return partOf('credit', step, [...before.prices, ...credits.map(asBilled)]);
  const later = pricesOf(strand).filter(({ from: start }) => start > day);
  if (later.length > 0) return partOf('gap', step, [...before.prices, ...later.slice(0, 1).map(asBilled)]);
  const beginning = steps.find((other) => begins(other) && takesOverFrom(other.strand, strand));
  return partOf(beginning === undefined ? 'ended' : 'swap', step, [
    ...before.prices,
    ...(beginning?.after.prices ?? []),
  ]);
}

const asBilled = (price: Price): InForce => ({ price, billed: true });
const cellAt = (strand: Strand, index: number) => strand.cells[index]?.prices ?? [];

/** The other clients' strands of the same template, in the same currency. */
function siblings(strand: Strand, { strands }: Months): Strand[] {
  if (strand.subscription.template === undefined) return [];
  return strands.filter(
    ({ subscription, owner, currency }) =>
      subscription === strand.subscription && owner !== strand.owner && currency === strand.currency,
  );
}

/** The prices of a strand, in order of time. */
const pricesOf = ({ subscription: { prices }, owner, currency }: Strand): Price[] =>
  prices.filter((price) => price.owner === owner && price.currency === currency);

/**
 * What a credit took off a strand on a day: bills for the day credited in full, and the last bill before it if a credit
 * ended that.
 */
function creditedBy(strand: Strand, day: string, { gone }: Months): Price[] {
  const { subscription, owner, currency } = strand;
  const whole = gone.filter(
    (price) =>
      price.source === subscription.source &&
      price.owner === owner &&
      price.currency === currency &&
      price.from <= day &&
      day <= price.to,
  );
  const last = pricesOf(strand).findLast(({ from }) => from <= day);
  return last?.cut && last.to < day ? [...whole, last] : whole;
}

/** A strand that continues at another price: line by line, each change with its cause. */
function changesOf({ strand, before, after }: Step): Part[] {
  const lines = linesOf(before, after);
  const changes = lines.filter((line) => !monthly(line.before).eq(monthly(line.after)));
  const gained = changes.some(({ before: some }) => some.length === 0);
  const lost = changes.some(({ after: some }) => some.length === 0);
  const exact = changes.flatMap((line) => causesOf(line, gained && lost).map((change) => ({ ...change, line })));
  const total = after.mrr.minus(before.mrr);
  const decimals = decimalsOf(strand.currency ?? '');
  const settled = settle(
    total,
    exact.map(({ amount }) => amount),
    decimals,
  );
  return exact.map(({ cause, line }, index) => ({
    cause,
    amount: settled[index] ?? ZERO,
    other: undefined,
    ...behind([...line.before, ...line.after]),
  }));
}

interface Line {
  readonly before: readonly InForce[];
  readonly after: readonly InForce[];
}

/** What is in force before and after, by template line; parts of a period are kept separate. */
function linesOf(before: Cell, after: Cell): Line[] {
  const key = ({ price: { template, template_line, document, pro_rata } }: InForce) =>
    `${pro_rata ? 'part' : ''} ${template === 0 ? document : template_line}`;
  const [was, is] = [collect(before.prices, key), collect(after.prices, key)];
  return [...new Set([...was.keys(), ...is.keys()])].map((one) => ({
    before: was.get(one) ?? [],
    after: is.get(one) ?? [],
  }));
}

const monthly = (prices: readonly InForce[]) => sum(prices.map(({ price }) => price.monthly));

function causesOf({ before, after }: Line, isSwap: boolean): { cause: Cause; amount: Big }[] {
  const amount = monthly(after).minus(monthly(before));
  const [one] = before.length > 0 ? before : after;
  if (one?.price.pro_rata) return [{ cause: 'quantity', amount }];
  if (before.length === 0) return [{ cause: isSwap ? 'swap' : 'new', amount }];
  // A price that a credit corrected is an ordinary one afterwards.
  if (after.some(({ price }) => price.credit !== 0) || before.some(({ price }) => price.cut))
    return [{ cause: 'credit', amount }];
  if (after.length === 0) return [{ cause: isSwap ? 'swap' : 'ended', amount }];
  const [was, is] = [before, after].map((some) => quantityOf(some.map(({ price }) => price)));
  const more = byQuantity(monthly(before), was, is);
  if (more === undefined) return [{ cause: 'price or quantity', amount }];
  return [
    { cause: 'quantity' as const, amount: more },
    { cause: 'price' as const, amount: amount.minus(more) },
  ].filter((part) => !part.amount.eq(0));
}

function partOf(cause: Cause, { before, after }: Step, evidence: readonly InForce[], other?: number): Part {
  return { cause, amount: after.mrr.minus(before.mrr), other, ...behind(evidence) };
}

function behind(evidence: readonly InForce[]): Pick<Part, 'documents' | 'templates'> {
  const documents = evidence.flatMap(({ price }) => [price.document, price.credit]).filter((id) => id !== 0);
  const templates = evidence.map(({ price }) => price.template).filter((id) => id !== 0);
  return { documents: inOrder(documents), templates: inOrder(templates) };
}

const inOrder = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);
