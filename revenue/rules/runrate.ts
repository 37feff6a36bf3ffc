/** The run rate of one template at an instant (M1-M4): a balance, never a sum over a window. */
import type Big from 'big.js';
import { isHeaderOnly, livingLines } from '../rows/documents.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import { LINES } from '../rows/unread.js';
import { sum } from '../values/money.js';
import { MONTHS_IN_60_YEARS, over60Years, YEARS_IN_60_YEARS } from '../values/periods.js';

export type TemplateState = 'active' | 'disabled' | 'not_started' | 'ended';

/** Why a template's line is not part of its run rate (M2). */
export type LineReason = 'one_time' | 'meter' | 'not_started' | 'ended';

export interface RunLine {
  readonly line: Line;
  /** Undefined if the line counts. */
  readonly left_out: LineReason | undefined;
}

/** What recurs of a template, whatever its state. */
export interface Recurring {
  readonly state: TemplateState;
  readonly lines: readonly RunLine[];
  /** There are no lines: `net` is the header's. */
  readonly header_only: boolean;
  /** What recurs per period, exact, in the template's currency. */
  readonly net: Big;
  /** A recurring amount could not be read: the figures here cover only what could be. */
  readonly unreadable: boolean;
  /** What that comes to in 60 years, exact; 0 if the period does not repeat or is unknown (M4). */
  readonly over_60_years: Big;
}

export interface Run extends Recurring {
  /** The same per month and per year, not rounded. */
  readonly mrr: Big;
  readonly arr: Big;
}

/** M1: not disabled, started, and not ended; the end day still counts. */
export function templateState(template: RecurringInvoice, asOf: string): TemplateState {
  if (template.disabled) return 'disabled';
  if (template.end !== undefined && template.end < asOf) return 'ended';
  return template.start !== undefined && template.start > asOf ? 'not_started' : 'active';
}

/** M2: a line counts unless one-time, metered, or outside its own dates; an ended line that renews itself counts. */
function leftOut(line: Line, asOf: string): LineReason | undefined {
  if (line.one_time) return 'one_time';
  if (line.meter) return 'meter';
  if (line.start !== undefined && line.start > asOf) return 'not_started';
  return line.end !== undefined && line.end < asOf && !line.autorenew ? 'ended' : undefined;
}

/** The fields that decide whether a line recurs today. */
const RECURRING_FIELDS = [
  ...['onetimecharge', 'onetimechargeinvoiceid', 'is_meter', 'meter_id'],
  ...['startdate', 'enddate', 'autorenew'],
];

/** True if it is unknown what a line adds to the run rate. */
const isOpen = ({ unreadable, unread }: Line) => unreadable || unread.some((field) => RECURRING_FIELDS.includes(field));

/**
 * What a template is worth, whatever its state: the caller adds only those that are `active`. Month and year are both
 * taken from the same exact amount (M3).
 */
export function runOf(template: RecurringInvoice, asOf: string): Run {
  const recurring = recurringOf(template, asOf);
  const { over_60_years } = recurring;
  return {
    ...recurring,
    mrr: over_60_years.div(MONTHS_IN_60_YEARS),
    arr: over_60_years.div(YEARS_IN_60_YEARS),
  };
}

/** The same without the two divisions, which cost more than all the rest. */
export function recurringOf(template: RecurringInvoice, asOf: string): Recurring {
  const header_only = isHeaderOnly(template);
  const lines = livingLines(template).map((line) => ({ line, left_out: leftOut(line, asOf) }));
  const counting = lines.filter(({ left_out }) => left_out === undefined);
  const net = header_only ? template.header.net : sum(counting.map(({ line }) => line.net));
  return {
    state: templateState(template, asOf),
    lines,
    header_only,
    net,
    // The header may state less than the lines do, so unreadable lines leave the run rate open.
    unreadable:
      template.unread.includes(LINES) ||
      (header_only ? !template.header.certain : counting.some(({ line }) => isOpen(line))),
    over_60_years: over60Years(net, template.period),
  };
}

/** The contract of a template's line: its own, else the template's; 0 for none. */
export function contractOfLine(line: Line, template: RecurringInvoice): number {
  return line.contract || template.contract;
}

/** C-b: every contract that a template bills, by its header or by any living line. */
export function contractsOf(template: RecurringInvoice): number[] {
  const ids = [template.contract, ...livingLines(template).map(({ contract }) => contract)];
  return [...new Set(ids.filter((id) => id > 0))].sort((a, b) => a - b);
}
