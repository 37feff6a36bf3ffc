/** What the four questions share: whom they ask about, in which window, and the book that answers. */
import { HaloError, resolveClient, type ToolContext, z } from '../../core/index.js';
import { fetchBook } from '../../revenue/halo/book.js';
import { today } from '../../revenue/halo/queries.js';
import {
  type Book,
  checkParams,
  completeMonths,
  daysAfter,
  monthsAfter,
  type Params,
  RevenueInputError,
  type Span,
} from '../../revenue/index.js';

/** The arguments that name one client. */
export const CLIENT = {
  client_id: z.int().positive().optional(),
  client_name: z.string().min(1).optional(),
};

interface Client {
  client_id?: number | undefined;
  client_name?: string | undefined;
}

/** What a question sets of the engine's parameters; the rest is as revenue_breakdown has it. */
export type Asked = Client & Partial<Omit<Params, 'client_id'>>;

/** The question as the engine takes it: all clients, the last 12 complete months, today, each currency by itself. */
export function paramsOf(asked: Partial<Params>, day = today()): Params {
  return {
    ...completeMonths(day, 12),
    as_of: day,
    group_by: ['client'],
    attribute_to: 'service_client',
    currency_policy: 'separate',
    include_contracts: true,
    include_unposted: false,
    month_basis: 'billed',
    renewal_horizon_days: 90,
    evidence_cap: 0,
    ...asked,
  };
}

/**
 * The book that answers a question; without its invoices where only agreements are asked about.
 * @throws HaloError BAD_ARGUMENTS for what can't be asked, with the way out
 */
export async function ask(
  { client_id, client_name, ...asked }: Asked,
  context: ToolContext,
  parts: { invoices?: boolean } = {},
): Promise<{ book: Book; params: Params }> {
  const client = await clientOf({ client_id, client_name }, context);
  const params = paramsOf({ ...asked, ...(client !== undefined && { client_id: client }) });
  check(params);
  return { book: await fetchBook(params, context, parts), params };
}

async function clientOf({ client_id: id, client_name: name }: Client, { halo }: ToolContext) {
  if (id !== undefined && name !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
  return name === undefined ? id : (await resolveClient(halo, name)).id;
}

function check(params: Params): void {
  try {
    checkParams(params);
  } catch (error) {
    if (!(error instanceof RevenueInputError)) throw error;
    throw new HaloError('BAD_ARGUMENTS', error.message.replace(error.wayOut, '').trim(), error.wayOut);
  }
}

/** Days from and to; an end that is left out is set so that the window is twelve months, or ends with the last month. */
export function daysOf(from: string | undefined, to: string | undefined, day = today()): Span {
  const preset = completeMonths(day, 12);
  if (from === undefined && to !== undefined) return { from: monthsAfter(daysAfter(to, 1), -12), to };
  if (from !== undefined && to === undefined) return { from, to: from <= preset.to ? preset.to : day };
  return { from: from ?? preset.from, to: to ?? preset.to };
}

/**
 * Whole months: those that `from` and `to` lie in, or the last `months` complete ones.
 * @throws HaloError BAD_ARGUMENTS where both are given, or the last month is not over
 */
export function monthsOf(
  { from, to, months }: { from?: string | undefined; to?: string | undefined; months?: number | undefined },
  day = today(),
): Span {
  if (months !== undefined && (from ?? to) !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'months is given beside from or to.', 'Give months, or from and to.');
  const last = completeMonths(day, 1).to;
  if (months !== undefined) return completeMonths(day, months);
  const latest = [from, to].find((one) => one !== undefined && endOfMonth(one) > last);
  if (latest !== undefined)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `The month of ${latest} is not over, and would look like churn.`,
      `Ask for months up to ${last}.`,
    );
  const span = daysOf(from, to && endOfMonth(to), day);
  return { from: `${span.from.slice(0, 7)}-01`, to: span.to };
}

/** The last day of a day's month. */
export function endOfMonth(day: string): string {
  return daysAfter(monthsAfter(`${day.slice(0, 7)}-01`, 1), -1);
}
