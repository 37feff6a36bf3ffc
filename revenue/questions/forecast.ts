/** What recurring invoices will bill, run by run (`billing_forecast`). Pure: a book in, answer out. */
import type Big from 'big.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { type Facts, factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import { knownDay } from '../ledger/params.js';
import type { Book } from '../rows/book.js';
import { standingUnread } from '../rows/contracts.js';
import { isHeaderOnly, livingLines, openInTemplate } from '../rows/documents.js';
import type { Prices } from '../rows/prices.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import { runDates, runsBefore } from '../rules/run-dates.js';
import { contractsOf } from '../rules/runrate.js';
import { monthsAfter } from '../values/calendar.js';
import { collectIn } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { leaf, type Shown } from '../values/exchange.js';
import { money, sum, ZERO } from '../values/money.js';
import { endOfMonth, firstOf, monthOf, monthsIn, type Span } from '../values/months.js';
import { repeats } from '../values/periods.js';
import { each, flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { type Asked, compare, exchangeFor, type Framed, frame, naming, proofOf, type Said } from './frame.js';

export interface ForecastAsked extends Partial<Asked> {
  readonly as_of: string;
  /** Complete months after the month of `as_of`. */
  readonly months: number;
}

export interface Run {
  id: number;
  date: string;
  client_id: number;
  client: string;
  currency: string;
  net: string;
}

export interface ForecastAnswer extends Framed {
  as_of: string;
  from: string;
  to: string;
  /** By month and currency; includes every month, and every currency of what runs. */
  months: Record<string, Record<string, string>>;
  totals: Record<string, string>;
  /** Up to the end of the month of `as_of`; not part of the totals. */
  rest_of_month: Record<string, string>;
  /** Runs whose day had passed, on the day asked about or today if that is earlier; not part of the totals. */
  overdue: Record<string, { runs: number; net: string }>;
  /** Part of the totals: what runs after the contract has ended. */
  after_contract_end: Record<string, string>;
  runs: Run[];
}

interface Coming {
  readonly template: RecurringInvoice;
  readonly date: string;
  readonly amount: Big;
  readonly code: string;
  readonly late: boolean;
  readonly after_end: boolean;
}

/**
 * The future runs and what each would bill: a calendar of invoices, not a run rate. The end day still runs; a one-time
 * line runs once; metered lines are left out and named.
 */
export const forecastOf = inOneGo(forecastIn);

const within = (day: string | undefined, { from, to }: Span): boolean => day !== undefined && day >= from && day <= to;

/** The same in steps. */
export function* forecastIn(book: Book, prices: Prices, asked: ForecastAsked): Steps<ForecastAnswer> {
  const { as_of: asOf, months: count, client_id: client } = asked;
  const known = knownDay(asked);
  const { today = asOf } = asked;
  const made = asOf < today ? { from: asOf, to: today } : undefined;
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, asOf);
  const nameOf = naming(book, facts.templates);
  const from = monthsAfter(firstOf(asOf), 1);
  const to = endOfMonth(monthsAfter(from, count - 1));
  const [unread, flags, coming]: [Unread[], Said[], Coming[]] = [[], [], []];
  const codes = new Set<string>();
  for (const template of facts.templates) {
    yield;
    if (template.disabled || (client !== undefined && template.client !== client)) continue;
    if (isOver(template, asOf)) continue;
    const said = { entity: entityOf('recurring_invoice', template.id), client: template.client };
    const code = exchange.code(template.currency);
    // One that ended since may have lost its next date, by which the runs made since are counted.
    const isLost = made !== undefined && template.next === undefined && within(template.end, made);
    const gaps = [...openInTemplate(template, code), ...(isLost ? ['nextcreationdate'] : [])];
    if (gaps.length > 0) unread.push({ entity: said.entity, fields: gaps });
    for (const id of contractsOf(template)) {
      const fields = standingUnread(facts.contracts.get(id));
      if (fields.length > 0) unread.push({ entity: entityOf('contract', id), fields });
    }
    if (code === undefined) continue;
    const { runs, problem } = runsOf(template, prices, () => exchange.show(code), { asOf, known, made, to, facts });
    if (problem !== undefined) flags.push({ ...said, code: problem });
    for (const run of runs) codes.add(run.code);
    coming.push(...runs);
    flags.push(...flagsOf(template, runs).map((flag) => ({ ...said, ...flag })));
  }
  const inTime = yield* byDay(coming);
  const all = [...codes].sort((a, b) => Number(b === exchange.home) - Number(a === exchange.home) || compare(a, b));
  const sums = new Map<string, Big>();
  const add = (what: string, { code, amount }: Coming) =>
    sums.set(`${what} ${code}`, (sums.get(`${what} ${code}`) ?? ZERO).plus(amount));
  yield* each(inTime, (run) => {
    if (run.late || run.date < from) add(run.late ? 'late' : 'rest', run);
    else for (const what of ['all', monthOf(run.date), ...(run.after_end ? ['after end'] : [])]) add(what, run);
  });
  const total = (what: string, code: string) => money(sums.get(`${what} ${code}`) ?? ZERO, decimalsOf(code));
  const byCode = (what: string) => Object.fromEntries(all.map((code) => [code, total(what, code)]));
  const late = inTime.filter((run) => run.late);
  const whose = client === undefined ? '' : `, ${nameOf(client)}`;
  const answer = {
    ...{ as_of: asOf, from, to },
    months: Object.fromEntries(monthsIn({ from, to }).map((month) => [month, byCode(month)])),
    totals: byCode('all'),
    rest_of_month: byCode('rest'),
    overdue: Object.fromEntries(
      all
        .filter((code) => late.some((run) => run.code === code))
        .map((code) => [code, { runs: late.filter((run) => run.code === code).length, net: total('late', code) }]),
    ),
    after_contract_end: byCode('after end'),
    runs: yield* flatMapped(
      inTime.filter((run) => !run.late),
      ({ template, date, amount, code }) => ({
        ...{ id: template.id, date, client_id: template.client, client: nameOf(template.client) },
        ...{ currency: code, net: money(amount, decimalsOf(code)) },
      }),
    ),
  };
  return {
    ...frame({
      ...{ books: book, asked, exchange, flags, unread, nameOf },
      method: {
        ...{ as_of: asOf, from, to },
        runs: 'dates of runs x what each would bill today, net of tax; price rises, new and lost business are not part of it',
        months: 'complete months after the month of as_of; the rest of that month and overdue runs stand apart',
      },
      evidence: {
        overdue: proofOf(
          late.map(({ template, date, amount, code }) => ({
            amount,
            code,
            item: { id: template.id, date, client_id: template.client, client: nameOf(template.client) },
          })),
        ),
      },
      sentences: [
        ...(all.length === 0 ? [`No recurring invoice runs${whose} from ${asOf} to ${to}.`] : []),
        ...all.map((code) => sentence(code, answer, whose, asked)),
        saidOfDay('billing_forecast', asOf, asked.today),
      ],
    }),
    ...answer,
  };
}

/** In order of time; of one day, the latest recurring invoice first. */
function* byDay(coming: readonly Coming[]): Steps<Coming[]> {
  const days = yield* collectIn(coming, ({ date }) => date);
  return yield* flatMapped([...days.keys()].sort(), (day) =>
    (days.get(day) ?? []).sort((a, b) => b.template.id - a.template.id),
  );
}

const hasEnded = ({ end }: RecurringInvoice, asOf: string): boolean => end !== undefined && end < asOf;

/** It has ended, and no run up to its end is left. */
function isOver(template: RecurringInvoice, asOf: string): boolean {
  const { end = '', next, unread } = template;
  return hasEnded(template, asOf) && (next === undefined ? !unread.includes('nextcreationdate') : next > end);
}

interface Around {
  readonly asOf: string;
  /** The last day that is known: what was due before it is late. */
  readonly known: string;
  /** For a past day: the days from it to today, whose runs are no longer next ones. */
  readonly made: Span | undefined;
  readonly to: string;
  readonly facts: Facts;
}

function runsOf(
  template: RecurringInvoice,
  prices: Prices,
  show: () => Shown,
  { asOf, known, made, to, facts }: Around,
): { runs: Coming[]; problem?: Said['code'] } {
  const first = template.next ?? (template.start !== undefined && template.start >= known ? template.start : undefined);
  if (template.period === undefined) return { runs: [], problem: 'unknown_period' };
  if (first === undefined) return { runs: [], ...(!hasEnded(template, asOf) && { problem: 'run_unscheduled' }) };
  const ends = contractsOf(template).flatMap((id) => {
    const contract = facts.contracts.get(id);
    return contract?.end !== undefined && !contract.rolling ? [contract.end] : [];
  });
  const lastOfContract = ends.length > 0 ? ends.sort()[0] : undefined;
  const last = template.end !== undefined && template.end < to ? template.end : to;
  const dates = repeats(template.period)
    ? [
        ...(made === undefined ? [] : runsBefore(first, template.start, template.period, made)),
        ...runDates(first, template.start, template.period, last),
      ]
    : [first].filter((day) => day <= last && !prices.hasRun(template.id));
  const isLate = (date: string) => date < known;
  const runs = dates
    .filter((date) => date <= last && (template.start === undefined || date >= template.start))
    .filter((date) => isLate(date) || date >= asOf)
    .map((date): Coming => {
      const shown = show();
      return {
        ...{ template, date, code: shown.code, late: isLate(date) },
        // A one-time line goes on the next run.
        amount: leaf(netOn(template, prices, date, date === first), shown),
        after_end: lastOfContract !== undefined && date > lastOfContract,
      };
    });
  return { runs };
}

/** What a run on a day bills: lines within their dates, without metered ones. */
function netOn(template: RecurringInvoice, prices: Prices, date: string, isFirst: boolean): Big {
  if (isHeaderOnly(template)) return template.header.net;
  return sum(
    livingLines(template)
      .filter((line) => bills(line, template, prices, date, isFirst))
      .map(({ net }) => net),
  );
}

function bills(line: Line, template: RecurringInvoice, prices: Prices, date: string, isFirst: boolean): boolean {
  if (line.meter || line.unreadable) return false;
  if (line.start !== undefined && line.start > date) return false;
  if (line.end !== undefined && line.end < date && !line.autorenew) return false;
  return !line.one_time || (isFirst && prices.of(template.id, line.id)?.charged !== true);
}

function flagsOf(template: RecurringInvoice, runs: readonly Coming[]): Pick<Said, 'code' | 'amount'>[] {
  const lines = livingLines(template);
  const late = runs.filter((run) => run.late);
  const after = runs.filter((run) => run.after_end && !run.late);
  const amountOf = (some: readonly Coming[]) => ({
    amount: sum(some.map(({ amount }) => amount)),
    code: some[0]?.code ?? '',
  });
  if (runs.length === 0) return [];
  return [
    ...(late.length > 0 ? [{ code: 'ri_past_next_date' as const, amount: amountOf(late) }] : []),
    ...(after.length > 0 ? [{ code: 'contract_ends' as const, amount: amountOf(after) }] : []),
    ...(lines.some(({ meter }) => meter) ? [{ code: 'meter_unknown' as const }] : []),
    ...(lines.some((line) => line.auto_quantity && !line.meter) ? [{ code: 'auto_quantity' as const }] : []),
    ...(template.minimum?.gt(sum(lines.map(({ net }) => net))) ? [{ code: 'minimum_charge_applies' as const }] : []),
  ];
}

type Sums = Pick<ForecastAnswer, 'totals' | 'rest_of_month' | 'overdue' | 'after_contract_end' | 'from' | 'to'>;

function sentence(
  code: string,
  { totals, rest_of_month, overdue, after_contract_end, from, to }: Sums,
  whose: string,
  { as_of: asOf, today = asOf, months: count }: ForecastAsked,
): string {
  const isNone = (amount: string | undefined) => amount === undefined || /^-?0(\.0+)?$/.test(amount);
  const parts = [
    `${code}${whose}: recurring invoices are to bill ${totals[code]} net from ${from} to ${to} (${count} month${count === 1 ? '' : 's'})`,
  ];
  if (!isNone(rest_of_month[code]))
    parts.push(
      `${rest_of_month[code]} more in the rest of ${monthOf(asOf) === monthOf(today) ? 'this month' : monthOf(asOf)}`,
    );
  const late = overdue[code];
  if (late !== undefined)
    parts.push(
      late.runs === 1
        ? `1 overdue run of ${late.net} is not in it`
        : `${late.runs} overdue runs, ${late.net} in all, are not in it`,
    );
  if (!isNone(after_contract_end[code]))
    parts.push(`${after_contract_end[code]} of it runs after its contract has ended`);
  return `${parts.join('; ')}.`;
}
