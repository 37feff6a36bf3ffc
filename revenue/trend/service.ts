/** How long a line of a document pays for, and what that comes to per month (T1, T4). */
import type Big from 'big.js';
import type { Invoice, Line, RecurringInvoice } from '../rows/rows.js';
import { daysAfter, daysBetween, monthsAfter } from '../values/calendar.js';
import { Exact, sum } from '../values/money.js';
import { endOfMonth, monthsIn, type Span, wholeMonths } from '../values/months.js';
import { type Period, perMonth, repeats } from '../values/periods.js';

/** The days that a line pays for, and the billing period of its price. */
export interface Service extends Span {
  /** False if Halo names no days: then they run from the document's date for one billing period. */
  readonly named: boolean;
  /** Undefined if nothing states one; then only the days tell the price of a month. */
  readonly period: Period | undefined;
}

/** What a line says of its time. */
type Timed = Pick<Line, 'start' | 'end' | 'period' | 'template_line'>;

/** How many days a service period may differ from its billing period: an exclusive end, a leap day. */
export const SLACK_DAYS = 3;

/**
 * T1: the line's own days; else its own billing period, if that differs from the template's; else the document's days;
 * else one billing period from the document's date. Undefined if there is none of these.
 * @param usual the billing period of its template, or of the contract that it is billed from
 */
export function serviceOf(
  line: Timed,
  invoice: Invoice,
  template: RecurringInvoice | undefined,
  usual: Period | undefined,
): Service | undefined {
  const own = repeats(line.period) ? line.period : undefined;
  const period = repeats(usual) ? usual : own;
  const days = spanOf(line.start, line.end);
  if (days !== undefined && !isValidity(line, template)) return { ...days, named: true, period: own ?? period };
  const document = spanOf(invoice.period_start, invoice.period_end);
  if (own !== undefined && goesBefore(own, usual, document)) {
    const from = document?.from ?? invoice.date;
    return from === undefined ? undefined : { ...onePeriod(from, own), named: document !== undefined, period: own };
  }
  if (document !== undefined) return { ...document, named: true, period };
  if (invoice.date === undefined || period === undefined) return undefined;
  return { ...onePeriod(invoice.date, period), named: false, period };
}

function spanOf(from: string | undefined, to: string | undefined): Span | undefined {
  return from !== undefined && to !== undefined && from <= to ? { from, to } : undefined;
}

/** Days that the template's line also has say when the line is billed, not what one bill pays for. */
function isValidity(line: Timed, template: RecurringInvoice | undefined): boolean {
  const source = template?.lines.find(({ id }) => id !== 0 && id === line.template_line);
  return source !== undefined && source.start === line.start && source.end === line.end;
}

/** A yearly line on a monthly bill. If the template is unknown, only a line that pays for longer than the bill. */
function goesBefore(own: Period, usual: Period | undefined, document: Span | undefined): boolean {
  if (repeats(usual)) return own.code !== usual.code;
  return document !== undefined && daysAfter(document.to, SLACK_DAYS) < onePeriod(document.from, own).to;
}

function onePeriod(from: string, period: Period): Span {
  const next = period.months === null ? daysAfter(from, 7) : monthsAfter(from, period.months);
  return { from, to: daysAfter(next, -1) };
}

/** An amount for a service period as an amount per month, exact; a part of a period (T4) goes by its days alone. */
export function monthlyOf(amount: Big, service: Service, isPart = false): Big {
  const { period } = service;
  if (isPart) return amount.div(wholeMonths(service) ?? calendarMonths(service));
  if (period?.months === null && repeats(period)) return perMonth(amount.div(weeksIn(service)), period);
  return amount.div(wholeMonths(service) ?? nearlyWhole(service) ?? calendarMonths(service));
}

/** Whole weeks, to within a day; else its days. */
function weeksIn(span: Span): Big {
  const days = lengthOf(span);
  const weeks = Math.round(days / 7);
  return weeks > 0 && Math.abs(days - 7 * weeks) <= 1 ? new Exact(weeks) : new Exact(days).div(7);
}

/** The months in as many billing periods as the days come to, within the slack; whole months if there is no period. */
function nearlyWhole({ from, to, period }: Service): number | undefined {
  const unit = period?.months ?? 1;
  const count = Math.round(calendarMonths({ from, to }).div(unit).toNumber());
  if (count < 1) return undefined;
  const off = Math.abs(daysBetween(daysAfter(to, 1), monthsAfter(from, count * unit)));
  return off <= (period === undefined ? 1 : SLACK_DAYS) ? count * unit : undefined;
}

/** Whether a period ends before its billing period does, as a subscription's first and last periods may. */
export function isShort({ from, to, period }: Service): boolean {
  if (!repeats(period)) return wholeMonths({ from, to }) === undefined && calendarMonths({ from, to }).lt(1);
  return daysAfter(to, period.months === null ? 1 : SLACK_DAYS) < onePeriod(from, period).to;
}

/** Calendar months: each month counts by the share of its days. 16 to 31 March is 16/31. */
export function calendarMonths({ from, to }: Span): Big {
  const parts = monthsIn({ from, to }).map((month) => {
    const first = `${month}-01`;
    const last = endOfMonth(first);
    const span = { from: first > from ? first : from, to: last < to ? last : to };
    return new Exact(lengthOf(span)).div(lengthOf({ from: first, to: last }));
  });
  return sum(parts);
}

/** The number of days, both ends included. */
export const lengthOf = ({ from, to }: Span): number => daysBetween(from, daysAfter(to, 1));
