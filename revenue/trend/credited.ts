/** What credits do to prices (T3): a price is removed, ends, is corrected, or stays and the credit is named. */
import type Big from 'big.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import { runOf } from '../rules/runrate.js';
import { daysAfter } from '../values/calendar.js';
import { collect, collectIn } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { round, sum } from '../values/money.js';
import { perMonth, repeats } from '../values/periods.js';
import type { Steps } from '../values/steps.js';
import type { Claim, Price } from './prices.js';
import { calendarMonths, lengthOf } from './service.js';

export interface Credited {
  /** The remaining prices, as changed by credits. */
  readonly prices: readonly Price[];
  /** Prices that were credited in full, and so removed from their start. */
  readonly gone: readonly Price[];
  /** Credit notes that change no price, with the days of what they credit. */
  readonly named: readonly Named[];
}

export interface Named {
  readonly credit: number;
  readonly date: string;
  /** A whole bill between other bills of its template, with no replacement; else the reason is unknown. */
  readonly goodwill: boolean;
}

/** The lines that some claims concern, all of one document, and what they take off. */
interface Target {
  readonly prices: readonly Price[];
  readonly claims: readonly Claim[];
}

/** Applies credits to prices, in steps. */
export function* applyCredits(
  prices: readonly Price[],
  claims: readonly Claim[],
  templates: ReadonlyMap<number, RecurringInvoice>,
): Steps<Credited> {
  const targets = yield* targetsOf(prices, claims);
  const whole = new Set(targets.filter(isWhole));
  yield;
  const credited = new Map(
    [...whole].flatMap(({ prices: some, claims: by }) => some.map((price) => [price, by] as const)),
  );
  const bySource = yield* collectIn(prices, ({ source }) => source);
  const gone: Price[] = [];
  const named: Named[] = [];
  for (const [price, by] of credited) {
    yield;
    const others = (bySource.get(price.source) ?? []).filter((other) => other !== price);
    const standing = others.filter((other) => !credited.has(other));
    if (isGoodwill(price, standing)) named.push(...by.map(({ credit, date }) => ({ credit, date, goodwill: true })));
    else {
      price.credit = by.at(-1)?.credit ?? 0;
      gone.push(price);
    }
  }
  const left = new Set(gone);
  for (const target of targets) {
    yield;
    if (!whole.has(target) && !changePrice(target, templates))
      named.push(...target.claims.map(({ credit, date }) => ({ credit, date, goodwill: false })));
  }
  return { prices: prices.filter((price) => !left.has(price)), gone, named };
}

/** Groups claims by what they concern: the line that they name, else all priced lines of the document. */
function* targetsOf(prices: readonly Price[], claims: readonly Claim[]): Steps<Target[]> {
  if (claims.length === 0) return [];
  const byDocument = yield* collectIn(prices, ({ document }) => document);
  const byLine = yield* collectIn(
    prices.filter(({ line }) => line > 0),
    ({ line }) => line,
  );
  const found = claims.flatMap((claim) => {
    const own = byDocument.get(claim.document) ?? [];
    const inDocument = own.filter(({ line }) => line === claim.line);
    const elsewhere = byLine.get(claim.line) ?? [];
    const documents = new Set(elsewhere.map(({ document }) => document));
    const some = claim.line === 0 ? own : inDocument.length > 0 ? inDocument : documents.size === 1 ? elsewhere : [];
    return some.length === 0 ? [] : [{ claim, some }];
  });
  return [...collect(found, ({ some }) => some[0]?.document ?? 0).values()].flatMap((ofDocument) => {
    const all = byDocument.get(ofDocument[0]?.some[0]?.document ?? 0) ?? [];
    const everything = { prices: all, claims: ofDocument.map(({ claim }) => claim).sort(byDay) };
    // Several credits may undo a document together, whatever each names.
    if (isWhole(everything)) return [everything];
    return [...collect(ofDocument, ({ some }) => some.map(({ line }) => line).join()).values()].map((same) => ({
      prices: same[0]?.some ?? [],
      claims: same.map(({ claim }) => claim).sort(byDay),
    }));
  });
}

const byDay = (a: Claim, b: Claim) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.credit - b.credit);

const amountOf = ({ prices }: Target): Big => sum(prices.map(({ amount }) => amount));
const claimed = ({ claims }: Target): Big => sum(claims.map(({ amount }) => amount));

/** Nothing is left of it, or less than nothing. */
function isWhole(target: Target): boolean {
  const amount = amountOf(target);
  const left = round(amount.plus(claimed(target)), decimalsOf(target.prices[0]?.currency ?? ''));
  return !amount.eq(0) && !claimed(target).eq(0) && left.times(amount.s).lte(0);
}

/** Its source is billed before and after it, and nothing replaces it: the client never left. */
function isGoodwill(price: Price, standing: readonly Price[]): boolean {
  const others = standing.filter(({ document }) => document !== price.document);
  const before = others.some(({ to }) => to < price.from);
  const after = others.some(({ from }) => from > price.to);
  return before && after && !others.some((other) => takesPlaceOf(other, price));
}

/** Whether the other pays for more than half of the same days. */
function takesPlaceOf(other: Price, price: Price): boolean {
  const from = other.from > price.from ? other.from : price.from;
  const to = other.to < price.to ? other.to : price.to;
  return other.pro_rata === price.pro_rata && from <= to && 2 * lengthOf({ from, to }) > lengthOf(price);
}

/** Ends or corrects the prices of a target that is credited in part. False where nobody can tell why it was. */
function changePrice(target: Target, templates: ReadonlyMap<number, RecurringInvoice>): boolean {
  const amount = amountOf(target);
  // A credit of nothing on a bill of nothing changes nothing.
  if (amount.eq(0)) return claimed(target).eq(0);
  const credit = target.claims.at(-1)?.credit ?? 0;
  const end = endOfService(target, templates) ?? endByCredit(target);
  if (end !== undefined) {
    for (const price of target.prices)
      if (price.to > end) {
        price.to = end;
        price.credit = credit;
        price.cut = true;
      }
    return true;
  }
  const factor = amount.plus(claimed(target)).div(amount);
  if (factor.gt(1) || !isTemplatePrice(target, factor, templates)) return false;
  for (const price of target.prices) {
    price.monthly = price.monthly.times(factor);
    price.credit = credit;
  }
  return true;
}

/** The last day of the template or its line, if it ended within these days. */
function endOfService({ prices }: Target, templates: ReadonlyMap<number, RecurringInvoice>): string | undefined {
  const ends = prices.map((price) => {
    const template = templates.get(price.template);
    const line = lineOf(price, template);
    const days = [template?.end, line?.autorenew ? undefined : line?.end].filter((day) => day !== undefined);
    return days.sort().find((day) => day >= price.from && day < price.to);
  });
  return ends.every((end) => end === ends[0]) ? ends[0] : undefined;
}

const lineOf = ({ template_line: id }: Price, template: RecurringInvoice | undefined): Line | undefined =>
  id === 0 ? undefined : template?.lines.find((line) => line.id === id);

/** The last day before the credited part, if a credit dated within the days is for what is left of them. */
function endByCredit(target: Target): string | undefined {
  const { prices, claims } = target;
  const [first] = prices;
  const date = claims.at(-1)?.date ?? '';
  if (first === undefined || prices.some(({ from, to }) => from !== first.from || to !== first.to)) return undefined;
  const { from, to } = first;
  if (date <= from || date > to) return undefined;
  const amount = amountOf(target);
  const credit = claimed(target).neg();
  const day = amount.div(lengthOf(first)).abs();
  // The credit may be dated on the first day without service or the last with it; a year may be split by months or
  // days.
  const found = [daysAfter(date, -1), date]
    .filter((end) => end < to)
    .flatMap((end) => {
      const rest = { from: daysAfter(end, 1), to };
      const byDays = amount.times(lengthOf(rest)).div(lengthOf(first));
      const byMonths = amount.times(calendarMonths(rest)).div(calendarMonths(first));
      return [byDays, byMonths].map((left) => ({ end, off: left.minus(credit).abs() }));
    })
    .filter(({ off }) => off.lte(day))
    .sort((a, b) => a.off.cmp(b.off));
  return found[0]?.end;
}

/** Whether what is left is what the template states today. */
function isTemplatePrice(target: Target, factor: Big, templates: ReadonlyMap<number, RecurringInvoice>): boolean {
  const [first] = target.prices;
  const template = templates.get(first?.template ?? 0);
  if (first === undefined || template === undefined || !repeats(template.period)) return false;
  const left = sum(target.prices.map(({ monthly }) => monthly)).times(factor);
  const decimals = decimalsOf(first.currency ?? '');
  const lines = target.prices.map((price) => lineOf(price, template));
  const known = lines.filter((line) => line !== undefined);
  const says = known.length === lines.length ? sum(known.map(({ net }) => net)) : runOf(template, first.from).net;
  return round(perMonth(says, template.period), decimals).eq(round(left, decimals)) && !says.eq(0);
}
