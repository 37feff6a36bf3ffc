/** What the insights share: which client and window they are about, and the book that answers. */
import { HaloError, type ToolContext } from '../../core/index.js';
import { answered, clientAsked, fetchBook, fetchViews, today } from '../../revenue/halo/index.js';
import {
  type Book,
  checkParams,
  completeMonths,
  type DayQuestion,
  endOfMonth,
  firstOf,
  type Params,
  type Span,
  saidOfDay,
  paramsOf as usual,
  windowOf,
} from '../../revenue/index.js';

/** The engine parameters that a question sets; the rest are defaults. */
export type Asked = Parameters<typeof clientAsked>[0] & Partial<Omit<Params, 'client_id'>>;

/** The question for the engine; insights show no evidence. */
export const paramsOf = (asked: Partial<Params>, day: string): Params => usual({ evidence_cap: 0, ...asked }, day);

/**
 * The book that answers a question; without invoices if only agreements are needed.
 * @throws HaloError BAD_ARGUMENTS for what can't be asked, with the way out
 */
export async function ask(
  { client_id, client_name, ...asked }: Asked,
  context: ToolContext,
  parts: { invoices?: boolean } = {},
): Promise<{ book: Book; params: Params }> {
  const client = await clientAsked({ client_id, client_name }, context);
  const params = paramsOf({ ...asked, ...client }, today(context));
  answered(() => checkParams(params));
  return { book: await fetchBook(params, context, parts), params };
}

/** The same, with further views of the book. @throws HaloError BAD_ARGUMENTS for what can't be asked, with the way out */
export async function askWith(
  view: Parameters<typeof fetchViews>[0]['view'],
  { client_id, client_name, ...asked }: Asked,
  views: Parameters<typeof fetchViews>[1],
  context: ToolContext,
) {
  const client = await clientAsked({ client_id, client_name }, context);
  const params = paramsOf({ ...asked, ...client }, today(context));
  answered(() => checkParams(params));
  return { params, ...(await fetchViews({ view, params, needs: { billed: true, runRate: false } }, views, context)) };
}

/**
 * The day that a question is asked about, and today.
 * @throws HaloError BAD_ARGUMENTS for a day of which the question can know nothing
 */
export function dayAsked(question: DayQuestion, day: string | undefined, context: Pick<ToolContext, 'zone'>) {
  const now = today(context);
  const asOf = day ?? now;
  answered(() => saidOfDay(question, asOf, now));
  return { asOf, now };
}

/**
 * Whole months: those that contain `from` and `to`, or the last `months` complete ones.
 * @throws HaloError BAD_ARGUMENTS if both are given, or the last month is not over
 */
export function monthsOf(
  { from, to, months }: { from?: string | undefined; to?: string | undefined; months?: number | undefined },
  day: string,
): Span {
  if (months !== undefined && (from ?? to) !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'months is given together with from or to.', 'Give months, or from and to.');
  const last = completeMonths(day, 1).to;
  if (months !== undefined) return completeMonths(day, months);
  const latest = [from, to].find((one) => one !== undefined && endOfMonth(one) > last);
  if (latest !== undefined)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `The month of ${latest} is not over, and would look like churn.`,
      `Ask for months up to ${last}. What has started and ended since is in revenue_bridge.`,
    );
  const span = windowOf(from, to && endOfMonth(to), day);
  return { from: firstOf(span.from), to: span.to };
}
