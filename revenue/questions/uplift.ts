/** Prices that have not been raised for a long time (`price_uplift`). Pure: a book in, answer out. */
import type Big from 'big.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import { RevenueInputError } from '../ledger/params.js';
import type { Book } from '../rows/book.js';
import { openInTemplate } from '../rows/documents.js';
import type { ListPrice, PriceChange, Prices } from '../rows/prices.js';
import { decimal } from '../rows/row.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import { runOf } from '../rules/runrate.js';
import { monthsBetween } from '../values/calendar.js';
import { decimalsOf } from '../values/currency.js';
import { leaf } from '../values/exchange.js';
import { money, round, sum, ZERO } from '../values/money.js';
import { MONTHS_IN_60_YEARS, over60Years, repeats, YEARS_IN_60_YEARS } from '../values/periods.js';
import { inOneGo, type Steps } from '../values/steps.js';
import { type Asked, exchangeFor, type Framed, frame, naming, type Said } from './frame.js';
import { takes } from './takes.js';

export interface UpliftBooks {
  readonly book: Book;
  readonly prices: Prices;
  /** Undefined if the price list was not read. */
  readonly list: readonly ListPrice[] | undefined;
  /** By recurring invoice, for those whose changes were read. */
  readonly changes: ReadonlyMap<number, readonly PriceChange[]>;
}

export interface UpliftAsked extends Partial<Asked> {
  readonly as_of: string;
  readonly min_months: number;
  /** The percentage of a proposed rise; without it no rise is computed. */
  readonly percent?: string | number | undefined;
}

export const SINCE = ['auto_increase_last_date', 'price_change', 'line_start', 'recurring_invoice_start'] as const;

export interface Candidate {
  recurring_invoice: number;
  line: number;
  item?: string;
  client_id: number;
  client: string;
  currency: string;
  monthly_value: string;
  months_since: number;
  since: string;
  since_from: (typeof SINCE)[number];
  unit_price?: string;
  list_price?: string;
  uplift_month?: string;
  uplift_year?: string;
}

export interface UpliftAnswer extends Framed {
  as_of: string;
  min_months: number;
  candidates: Candidate[];
  excluded: { recurring_invoice: number; line: number; client_id: number; client: string; reason: string }[];
  totals: Record<string, { candidates: number; monthly_value: string; uplift_month?: string; uplift_year?: string }>;
}

/** What one line is worth, exact. */
interface Value {
  readonly code: string;
  readonly month: Big;
  readonly riseMonth: Big;
  readonly riseYear: Big;
}

/**
 * Lines of active recurring invoices whose price has not changed for that many months. A larger quantity is not a rise.
 * @throws RevenueInputError for an invalid percentage
 */
export const upliftOf = inOneGo(upliftIn);

/** The same in steps. */
export function* upliftIn({ book, prices, list, changes }: UpliftBooks, asked: UpliftAsked): Steps<UpliftAnswer> {
  const { as_of: asOf, min_months, client_id: client } = asked;
  const percent = percentOf(asked.percent);
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, asOf);
  const nameOf = naming(book, facts.templates);
  const listed = list && new Map(list.map(({ id, price }) => [id, price]));
  const found: { candidate: Candidate; value: Value }[] = [];
  const excluded: UpliftAnswer['excluded'] = [];
  const [unread, flags]: [Unread[], Said[]] = [[], []];
  let recent = 0;
  let undated = 0;
  for (const template of facts.templates) {
    yield;
    const run = runOf(template, asOf);
    if (run.state !== 'active' || (client !== undefined && template.client !== client)) continue;
    const code = exchange.code(template.currency);
    const entity = entityOf('recurring_invoice', template.id);
    const gaps = openInTemplate(template, code);
    if (gaps.length > 0) unread.push({ entity, fields: gaps });
    if (!repeats(template.period)) {
      if (template.period === undefined) flags.push({ code: 'unknown_period', entity, client: template.client });
      continue;
    }
    if (code === undefined) continue;
    const shown = exchange.show(code);
    for (const { line, left_out } of run.lines) {
      if (left_out !== undefined || line.unreadable || line.net.lte(0)) continue;
      const price = prices.of(template.id, line.id);
      const of = {
        recurring_invoice: template.id,
        line: line.id,
        client_id: template.client,
        client: nameOf(template.client),
      };
      if (price !== undefined && price.unread.length > 0)
        unread.push({ entity, fields: price.unread.map((field) => `${field} of line ${line.id}`) });
      if (price?.excluded) {
        excluded.push({ ...of, reason: 'exclude_auto_increase' });
        continue;
      }
      const since = sinceOf(line, template, price?.raised, changes.get(template.id) ?? [], asOf);
      if (since === undefined) {
        undated += 1;
        continue;
      }
      const months = monthsBetween(since.day, asOf).months;
      if (months < min_months) {
        recent += 1;
        continue;
      }
      const worth = over60Years(line.net, template.period);
      const value: Value = {
        code: shown.code,
        month: leaf(worth, shown, MONTHS_IN_60_YEARS),
        riseMonth: round(
          percent === undefined
            ? ZERO
            : worth
                .times(shown.rate)
                .times(percent)
                .div(100 * MONTHS_IN_60_YEARS),
          shown.decimals,
        ),
        riseYear: round(
          percent === undefined
            ? ZERO
            : worth
                .times(shown.rate)
                .times(percent)
                .div(100 * YEARS_IN_60_YEARS),
          shown.decimals,
        ),
      };
      const show = (amount: Big) => money(amount, decimalsOf(shown.code));
      const onList = price === undefined ? undefined : listed?.get(price.item);
      found.push({
        value,
        candidate: {
          ...of,
          ...(price?.name !== undefined && { item: price.name }),
          ...{ currency: shown.code, monthly_value: show(value.month), months_since: months },
          ...{ since: since.day, since_from: since.from },
          ...(price?.unit_price !== undefined && { unit_price: price.unit_price.times(shown.rate).toFixed() }),
          ...(onList !== undefined && { list_price: onList.toFixed() }),
          ...(percent !== undefined && { uplift_month: show(value.riseMonth), uplift_year: show(value.riseYear) }),
        },
      });
    }
  }
  yield;
  found.sort((a, b) => b.value.month.cmp(a.value.month) || a.candidate.line - b.candidate.line);
  yield;
  const codes = [...new Set(found.map(({ value }) => value.code))].sort();
  const totals = Object.fromEntries(
    codes.map((code) => [
      code,
      totalOf(
        found.flatMap(({ value }) => (value.code === code ? [value] : [])),
        code,
        percent,
      ),
    ]),
  );
  yield;
  const whose = client === undefined ? '' : ` of ${nameOf(client)}`;
  const read = facts.templates.filter(({ id }) => changes.has(id)).length;
  return {
    ...frame({
      ...{ books: book, asked, exchange, flags, unread, nameOf },
      method: {
        ...{ as_of: asOf, min_months, ...(percent !== undefined && { percent: percent.toFixed() }) },
        since:
          "the last automatic rise, else a change of the price that was made by hand, else the line's or the recurring invoice's start",
        changes_by_hand: `read of ${read} recurring invoices`,
        list_price: listed === undefined ? 'list price not read (read:items)' : 'price list of today, home currency',
        ...{ raised_since: recent, without_a_day: undated },
      },
      evidence: {},
      sentences: [
        ...(codes.length === 0 ? [`No price${whose} has been unchanged for ${min_months} months on ${asOf}.`] : []),
        ...codes.map((code) => sentence(code, totals[code], whose, asked, percent)),
        excluded.length > 0 ? `${excluded.length} lines are excluded from rises.` : '',
        listed === undefined ? `List price not read: ${takes('read:items')}.` : '',
        saidOfDay('price_uplift', asOf, asked.today),
      ],
    }),
    ...{ as_of: asOf, min_months },
    candidates: found.map(({ candidate }) => candidate),
    excluded,
    totals,
  };
}

function percentOf(value: UpliftAsked['percent']): Big | undefined {
  if (value === undefined) return undefined;
  const percent = decimal(typeof value === 'string' ? value.replace(/\s*%\s*$/, '') : value);
  if (percent === undefined || percent.lte(0) || percent.gt(1000))
    throw new RevenueInputError(`percent "${value}" is not a percentage.`, 'Give a number above 0, "5" for 5 %.');
  return percent;
}

/** The day a price dates from, and what says so; nothing after the day in question counts. */
function sinceOf(
  line: Line,
  template: RecurringInvoice,
  raised: string | undefined,
  changes: readonly PriceChange[],
  asOf: string,
): { day: string; from: Candidate['since_from'] } | undefined {
  const past = (day: string | undefined) => (day !== undefined && day <= asOf ? day : undefined);
  const changed = changes
    .filter(({ line: id, date }) => id === line.id && date <= asOf)
    .map(({ date }) => date)
    .sort()
    .at(-1);
  const rise = past(raised);
  if (changed !== undefined && (rise === undefined || changed > rise)) return { day: changed, from: 'price_change' };
  if (rise !== undefined) return { day: rise, from: 'auto_increase_last_date' };
  const start = past(line.start);
  if (start !== undefined) return { day: start, from: 'line_start' };
  const first = past(template.start);
  return first === undefined ? undefined : { day: first, from: 'recurring_invoice_start' };
}

function totalOf(all: readonly Value[], code: string, percent: Big | undefined) {
  const show = (of: (value: Value) => Big) => money(sum(all.map(of)), decimalsOf(code));
  return {
    candidates: all.length,
    monthly_value: show(({ month }) => month),
    ...(percent !== undefined && {
      uplift_month: show(({ riseMonth }) => riseMonth),
      uplift_year: show(({ riseYear }) => riseYear),
    }),
  };
}

function sentence(
  code: string,
  total: UpliftAnswer['totals'][string] | undefined,
  whose: string,
  { as_of, min_months }: UpliftAsked,
  percent: Big | undefined,
): string {
  const { candidates = 0, monthly_value = '', uplift_month, uplift_year } = total ?? {};
  const rise =
    percent === undefined ? '' : `; a rise of ${percent.toFixed()}% is ${uplift_month} a month, ${uplift_year} a year`;
  return `${code}: ${candidates} lines${whose}, worth ${monthly_value} a month, have had the same price for ${min_months} months or more on ${as_of}${rise}.`;
}
