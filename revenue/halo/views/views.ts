/** Views of one book: read once, it answers several questions in one call. */
import { HaloError, type ToolContext, untrusted, z } from '../../../core/index.js';
import {
  type Book,
  type breakdown,
  breakdownIn,
  completeMonths,
  endOfMonth,
  forecastIn,
  type forecastOf,
  type Invoice,
  monthOf,
  monthsAfter,
  type Params,
  Prices,
  paramsOf,
  retentionIn,
  type retentionOf,
  type Span,
  type Steps,
  saidOfDay,
  sumsTitle,
} from '../../index.js';
import { answered, answeredInSlices } from '../ask.js';
import { fetchBook, type Needs, windowFor } from '../book.js';
import { type answerBridge, answerBridgeIn } from './bridge.js';
import { titled } from './proof.js';
import { type answerTrend, answerTrendIn } from './trend.js';

export const VIEWS = ['revenue_breakdown', 'revenue_trend', 'revenue_bridge', 'billing_forecast', 'retention'] as const;
export type View = (typeof VIEWS)[number];

/** What all views of a call share; everything else has its default. */
type Shared = Pick<Params, 'client_id' | 'as_of' | 'currency_policy' | 'rates'>;

interface Sight {
  readonly params: Params;
  /** Which documents it needs, if any. */
  readonly needs: Needs;
  answer(book: Book, prices: Prices): Steps<object>;
  /** Its tables, shown below its statement, by the key whose rows they show. */
  tables(result: never): Readonly<Record<string, readonly Record<string, unknown>[]>>;
  /** The tables in order of time, of which the last rows are shown. */
  readonly inTime?: readonly string[];
}

/** The argument that names the other views of a call. */
export const withOf = (own: View) =>
  z
    .array(z.enum(VIEWS.filter((view) => view !== own)))
    .default([])
    .describe('Further answers, same client');

/** The other views' answers, by name, each in the form of its own tool. */
export const WITH = { with: untrusted(z.record(z.string(), z.looseObject({}))).optional() };

/** The most rows of each of their tables shown as text; the structured answer has them all. */
const MOST_ROWS = 12;

const byCurrency = (totals: Record<string, object>) =>
  Object.entries(totals).map(([currency, total]) => ({ currency, ...total }));

const BILLED = { billed: true, runRate: false };

const SIGHTS: Record<View, (shared: Partial<Shared> & { as_of: string }, day: string) => Sight> = {
  revenue_breakdown(shared, day) {
    const params = usual({ ...shared, evidence_cap: 1 }, day);
    return {
      ...{ params, needs: { billed: true, runRate: true }, answer: (book) => breakdownIn(book, params) },
      tables: ({ totals }: ReturnType<typeof breakdown>) => ({
        totals: Object.entries(totals).map(([currency, { recurring, non_recurring, total_net, mrr, arr }]) => ({
          ...{ currency, mrr, arr, recurring: recurring.net, non_recurring: non_recurring.net, total: total_net },
        })),
      }),
    };
  },
  revenue_trend(shared, day) {
    const { client_id, as_of } = shared;
    saidOfDay('revenue_trend', as_of, day);
    const params = usual({ client_id, as_of, ...completeMonths(as_of, 12), month_basis: 'service_period' }, day);
    return {
      ...{ params, needs: BILLED, answer: (book) => answerTrendIn(book, params) },
      tables: ({ months, totals }: ReturnType<typeof answerTrend>) => ({ months, totals: byCurrency(totals) }),
      inTime: ['months'],
    };
  },
  revenue_bridge(shared, day) {
    const { client_id, as_of } = shared;
    saidOfDay('revenue_bridge', as_of, day);
    const params = usual({ client_id, as_of, ...completeMonths(as_of, 1), month_basis: 'service_period' }, day);
    return {
      ...{ params, needs: BILLED, answer: (book) => answerBridgeIn(book, params) },
      tables: ({ bridge, steps }: ReturnType<typeof answerBridge>) => ({
        bridge,
        steps: steps.map((step) => ({ ...step })),
      }),
    };
  },
  billing_forecast(shared, day) {
    const params = usual({ ...shared, evidence_cap: 0 }, day);
    return {
      ...{ params, needs: { billed: false, runRate: false } },
      answer: (book, prices) => forecastIn(book, prices, { ...shared, today: day, months: 3 }),
      tables: ({ months }: ReturnType<typeof forecastOf>) => ({
        months: Object.entries(months).flatMap(([month, codes]) =>
          Object.entries(codes).map(([currency, net]) => ({ month, currency, net })),
        ),
      }),
    };
  },
  retention(shared, day) {
    const { as_of } = shared;
    saidOfDay('retention', as_of, day);
    const to = monthOf(completeMonths(as_of, 1).to);
    const from = monthOf(monthsAfter(`${to}-01`, -12));
    const window = { from: `${from}-01`, to: endOfMonth(`${to}-01`) };
    const params = usual({ ...shared, ...window, month_basis: 'service_period', evidence_cap: 0 }, day);
    return {
      ...{ params, needs: BILLED, answer: (book) => retentionIn(book, { ...shared, today: day, from, to }) },
      tables: ({ changed }: ReturnType<typeof retentionOf>) => ({
        changed: changed.map(({ client_id: _, ...row }) => row),
      }),
    };
  },
};

const usual = (asked: Partial<Params>, day: string): Params => paramsOf({ evidence_cap: 0, ...asked }, day);

/** What the main question needs. */
interface Own {
  readonly view: View;
  readonly params: Params;
  readonly needs: Needs;
  readonly prices?: Prices;
}

/**
 * Reads, once, the book for a question and for the views asked with it: the documents of every day that any of them
 * needs. The question and each view get the book that they would have read alone.
 * @throws HaloError BAD_ARGUMENTS if they can't be asked together
 */
export async function fetchViews(
  { view: own, params, needs, prices: given }: Own,
  names: readonly View[],
  context: Pick<ToolContext, 'halo' | 'progress' | 'log' | 'signal'>,
): Promise<{ book: Book; answers: { with?: Record<string, Record<string, unknown>> } }> {
  const { client_id, as_of, currency_policy, rates, attribute_to } = params;
  const wanted = [...new Set(names)].filter((name) => name !== own);
  if (wanted.length > 0 && attribute_to === 'billed_client')
    throw new HaloError('BAD_ARGUMENTS', 'with goes with attribute_to service_client alone.', 'Leave one of them out.');
  const day = params.today ?? as_of;
  const shared = {
    as_of,
    currency_policy,
    ...(client_id !== undefined && { client_id }),
    ...(rates !== undefined && { rates }),
  };
  const sights = wanted.map((name) => ({ name, sight: answered(() => SIGHTS[name](shared, day)) }));
  const all = [{ params, needs }, ...sights.map(({ sight }) => sight)];
  const windows = all.flatMap((one) => windowFor(one.params, one.needs) ?? []);
  const prices = given ?? new Prices();
  // Line by line they take as much as the recurring invoices do, and only this question asks for them.
  const priced = given !== undefined || wanted.includes('billing_forecast');
  const horizon = Math.max(...all.map((one) => one.params.renewal_horizon_days));
  const whole = await fetchBook({ ...params, renewal_horizon_days: horizon }, context, {
    ...{ window: hull(windows), seen: priced ? { template: prices.see } : {} },
  });
  const answers: [View, Record<string, unknown>][] = [];
  for (const { name, sight } of sights) {
    const book = within(whole, windowFor(sight.params, sight.needs));
    const answer = await answeredInSlices(() => sight.answer(book, prices), context.signal);
    answers.push([name, answer as Record<string, unknown>]);
  }
  return {
    book: within(whole, windowFor(params, needs)),
    answers: answers.length === 0 ? {} : { with: Object.fromEntries(answers) },
  };
}

function hull(windows: readonly Span[]): Span | undefined {
  if (windows.length === 0) return undefined;
  const [froms, tos] = [windows.map(({ from }) => from).sort(), windows.map(({ to }) => to).sort()];
  return { from: froms[0] ?? '', to: tos.at(-1) ?? '' };
}

/** A book as if read for a window: documents outside it stay if those inside undo or apply them. */
function within(book: Book, window: Span | undefined): Book {
  if (window === undefined) {
    const { invoices_of: _of, others_post: _post, ...rest } = book;
    return { ...rest, invoices: [], linked_invoices: [] };
  }
  const inside = ({ date }: Invoice) => date === undefined || (date >= window.from && date <= window.to);
  const invoices = book.invoices.filter(inside);
  if (invoices.length === book.invoices.length) return book;
  const named = new Set(
    invoices.flatMap(({ credited_invoice: credited, lines }) => [
      credited,
      ...lines.map((line) => line.applies_credit),
    ]),
  );
  const linked = [...(book.linked_invoices ?? []), ...book.invoices.filter((one) => !inside(one))];
  return { ...book, invoices, linked_invoices: linked.filter(({ id }) => named.has(id)) };
}

/** `1 flag`, `2 flags`. */
const counted = (count: number, key: string) => `${count} ${count === 1 ? key.replace(/s$/, '') : key}`;

/** The text of the views below the answer they were asked with: each statement, its tables, and what they leave out. */
export function viewsText(answers: Record<string, unknown> | undefined): string {
  return Object.entries(answers ?? {})
    .map(([name, answer]) => {
      const result = answer as { statement: string; complete?: boolean; method: { complete?: boolean } | string };
      // The breakdown says it in its method.
      const complete = result.complete ?? (typeof result.method === 'object' && result.method.complete === true);
      const sight = SIGHTS[name as View]({ as_of: '2000-01-01' }, '2000-01-01');
      const tables = Object.entries(sight.tables(result as never)).filter(([, rows]) => rows.length > 0);
      const shown = tables.map(([key, rows]) =>
        titled([
          sumsTitle({ complete }),
          sight.inTime?.includes(key) ? rows.slice(-MOST_ROWS) : rows.slice(0, MOST_ROWS),
        ]),
      );
      const cut = tables.flatMap(([key, { length }]) =>
        length > MOST_ROWS ? `${length - MOST_ROWS} more rows of ${key}` : [],
      );
      const keys = new Set(tables.map(([key]) => key));
      const apart = Object.entries(result).flatMap(([key, rows]) =>
        Array.isArray(rows) && rows.length > 0 && !keys.has(key) ? counted(rows.length, key) : [],
      );
      const left = [...cut, ...apart];
      const where = `Not shown here: ${left.join(', ')}; structuredContent.with.${name} has them, and so has ${name} by itself.`;
      return [`${name}: ${result.statement}`, ...shown, ...(left.length > 0 ? [where] : [])].join('\n\n');
    })
    .join('\n\n');
}
