/** The price in force on a day, of one template or of what is billed without one (T1, T2, T4, T5). */
import { livingLines } from '../rows/documents.js';
import type { RecurringInvoice } from '../rows/rows.js';
import { daysAfter, daysBetween } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import { endOfMonth } from '../values/months.js';
import { isLater } from './duplicates.js';
import type { Price } from './prices.js';
import { SLACK_DAYS } from './service.js';

/** Everything that one template billed, for any client; or an agreement or a document without a template. */
export interface Subscription {
  readonly source: string;
  /** Undefined if it is not in the data. */
  readonly template: RecurringInvoice | undefined;
  /** The remaining prices, in order of time. */
  readonly prices: readonly Price[];
  /** Whole prices by what they are for, each list in order of time. */
  readonly whole: ReadonlyMap<string, readonly Price[]>;
  readonly parts: readonly Price[];
  /** What continues after its last bill, and until when. */
  readonly tails: readonly Tail[];
}

interface Tail {
  readonly price: Price;
  /** Undefined if nothing says that it ends. */
  readonly until: string | undefined;
}

/** A price on a day; not `billed` if it only continues. */
export interface InForce {
  readonly price: Price;
  readonly billed: boolean;
}

export function subscriptionOf(
  source: string,
  prices: readonly Price[],
  template: RecurringInvoice | undefined,
): Subscription {
  const inTime = [...prices].sort((a, b) => compare(a.from, b.from) || (isLater(a, b) ? 1 : -1));
  const whole = collect(
    inTime.filter(({ pro_rata }) => !pro_rata),
    keyOf,
  );
  const parts = inTime.filter(({ pro_rata }) => pro_rata);
  return { source, template, prices: inTime, whole, parts, tails: tailsOf(inTime, whole, parts, template) };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What a price is for: a client's line of a template. For an agreement, each bill stands for itself. */
const keyOf = ({ template, template_line, document, owner, currency }: Price) =>
  [template === 0 ? document : template_line, owner, currency].join(' ');

/** All prices in force on a day: those billed for it, and those that continue. */
export function pricesOn(subscription: Subscription, day: string): InForce[] {
  const { whole, parts, tails } = subscription;
  const billed = [...whole.values()].flatMap((some) => holding(some, day, subscription));
  const added = parts.filter((part) => holds(part, day) && !isTakenOver(part, day, whole));
  const going = tails.filter(({ price, until }) => day > price.to && (until === undefined || day <= until));
  return [
    ...[...billed, ...added].map((price) => ({ price, billed: true })),
    ...going.filter(({ price }) => !billed.includes(price)).map(({ price }) => ({ price, billed: false })),
  ];
}

const holds = ({ from, to }: Price, day: string) => from <= day && day <= to;

/**
 * All lines of the newest bill for a day; if the day falls between two bills that nearly meet, those of the earlier
 * one.
 */
function holding(inTime: readonly Price[], day: string, { template, prices }: Subscription): readonly Price[] {
  const some = inTime.filter((price) => holds(price, day));
  if (template === undefined && inTime[0]?.template === 0)
    return some.filter(
      ({ document, to }) => to !== day || !prices.some((p) => p.from === day && p.document !== document),
    );
  const last = some.at(-1);
  if (last !== undefined) return some.filter((price) => price.document === last.document && price.from === last.from);
  const before = inTime.findLast(({ to }) => to < day && daysBetween(to, day) <= SLACK_DAYS);
  if (before === undefined || before.cut) return [];
  const next = inTime.find(({ from }) => from > day);
  if (next === undefined || daysBetween(before.to, next.from) > SLACK_DAYS + 1) return [];
  return inTime.filter(({ document, to }) => document === before.document && to === before.to);
}

/** T4: a part ends where the next whole line for the same thing begins. */
function isTakenOver(part: Price, day: string, whole: Subscription['whole']): boolean {
  return nextWhole(part, whole).some(({ from }) => from > part.from && from <= day);
}

/** The whole lines that may take over a part: those of its own line if known, else all. */
export function nextWhole(part: Price, whole: Subscription['whole']): readonly Price[] {
  const all = [...whole.values()].flat().filter((one) => one.owner === part.owner && one.currency === part.currency);
  const same = all.filter(({ template_line }) => template_line === part.template_line);
  return same.length > 0 ? same : all;
}

/** T2: what no later bill follows continues while the template is active: not disabled, and until it ends. */
function tailsOf(
  prices: readonly Price[],
  whole: Subscription['whole'],
  parts: readonly Price[],
  template: RecurringInvoice | undefined,
): Tail[] {
  if (template === undefined || template.disabled) return [];
  const newest = prices.filter(({ pro_rata }) => !pro_rata).at(-1);
  const last = [...whole.values()].flatMap((inTime) => {
    const end = inTime.reduce((latest, { to }) => (to > latest ? to : latest), '');
    const final = inTime.filter(({ to }) => to === end);
    const document = final.at(-1)?.document;
    return final.filter((price) => price.document === document && !isFinal(price, inTime));
  });
  const open = [...last, ...parts].filter(({ to, cut }) => !cut && !(newest && newest.from > to));
  const going = open.filter((price) => !price.pro_rata || nextWhole(price, whole).every(({ to }) => to <= price.to));
  const ids = new Set(livingLines(template).map(({ id }) => id));
  const known = going.filter(({ template_line }) => ids.has(template_line));
  // Lines that the template no longer has are not billed again; if it has none of them, they were recreated.
  return (known.length > 0 ? known : going).map((price) => ({ price, until: untilOf(price, template) }));
}

/** Whether a bill is the last: it ends before its period does, has earlier bills, and does not end with a month. */
function isFinal(price: Price, inTime: readonly Price[]): boolean {
  return price.short && price.to !== endOfMonth(price.to) && inTime.some(({ to }) => to < price.from);
}

/** The last day of the template or of its line. */
function untilOf({ template_line }: Price, template: RecurringInvoice): string | undefined {
  const line = template_line === 0 ? undefined : template.lines.find(({ id }) => id === template_line);
  const ends = [template.end, line?.autorenew ? undefined : line?.end].filter((day) => day !== undefined);
  return ends.sort()[0];
}

/** The day after the last billed day. */
export function dayAfterLast({ prices }: Subscription): string {
  return daysAfter(
    prices.reduce((latest, { to }) => (to > latest ? to : latest), ''),
    1,
  );
}
