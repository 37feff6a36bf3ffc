import { defineTool, filter, HaloError, resolveClient, type ToolContext, z } from '../../../core/index.js';
import { fetchBook } from '../../../revenue/halo/book.js';
import { today } from '../../../revenue/halo/queries.js';
import {
  type Book,
  breakdown,
  checkParams,
  completeMonths,
  daysAfter,
  GROUPS,
  monthsAfter,
  type Params,
  RevenueInputError,
} from '../../../revenue/index.js';
import { revenueCsv } from './csv.js';
import { RevenueOutput } from './output.js';
import { revenueText } from './text.js';

const Group = z.enum(GROUPS);

const input = z.strictObject({
  client_id: z.int().positive().optional(),
  client_name: z.string().min(1).optional(),
  from: filter.Day.optional().describe('First day billed; default: the last 12 complete months'),
  to: filter.Day.optional(),
  as_of: filter.Day.optional().describe('Day of the run rate; default today'),
  group_by: z
    .union([Group, z.array(Group)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .prefault('client'),
  attribute_to: z.enum(['service_client', 'billed_client']).default('service_client'),
  currency_policy: z.enum(['separate', 'convert']).default('separate'),
  rates: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('For convert: home units per unit, by code'),
  include_contracts: z.boolean().default(true),
  include_unposted: z.boolean().default(false),
  month_basis: z.enum(['billed', 'service_period']).default('billed'),
  renewal_horizon_days: z.int().min(0).default(90),
  format: z.enum(['table', 'csv']).default('table').describe('csv: the table of clients as a file'),
});

type Args = z.output<typeof input>;

/** Items of evidence in all buckets of one kind together, and in one bucket at most. */
const EVIDENCE = { all: 60, one: 25 };

/** Many for one client, the largest alone where there are many: the structured answer is read by models, too. */
function evidenceCap({ invoices, recurring_invoices: recurring }: Book, { client_id: one }: Params): number {
  const clients = one === undefined ? new Set([...invoices, ...recurring].map(({ client }) => client)).size : 1;
  return Math.max(1, Math.min(EVIDENCE.one, Math.floor(EVIDENCE.all / Math.max(1, clients))));
}

/** Recurring versus non-recurring revenue. Halo: /RecurringInvoice, /Invoice, /ClientContract, /Client, /Currency. */
export const revenueBreakdown = defineTool({
  name: 'revenue_breakdown',
  title: 'Revenue breakdown',
  description:
    'Recurring versus non-recurring revenue, per client and in total, net of tax: the run rate (MRR, ARR) at a day, and what was billed in a window. The two are never added. Quote the statement; flags name what to look at.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }, {}],
  input,
  output: RevenueOutput,
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run(args, context) {
    try {
      const params = await paramsOf(args, context);
      checkParams(params);
      const book = await fetchBook(params, context);
      const { method, ...answer } = breakdown(book, { ...params, evidence_cap: evidenceCap(book, params) });
      return { method: { ...method }, ...answer };
    } catch (error) {
      if (error instanceof RevenueInputError)
        throw new HaloError('BAD_ARGUMENTS', error.message.replace(error.wayOut, '').trim(), error.wayOut);
      throw error;
    }
  },
  text: (result, { client_id: id, client_name: name, format }) => ({
    ...revenueText(result, id !== undefined || name !== undefined, format),
    ...(format === 'csv' && { file: revenueCsv(result) }),
  }),
});

async function paramsOf(
  { client_id: id, client_name: name, from, to, as_of, rates, format: _format, ...rest }: Args,
  { halo }: ToolContext,
): Promise<Params> {
  if (id !== undefined && name !== undefined)
    throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
  const client = name === undefined ? id : (await resolveClient(halo, name)).id;
  return {
    ...rest,
    ...windowOf(from, to),
    as_of: as_of ?? today(),
    ...(client !== undefined && { client_id: client }),
    ...(rates !== undefined && { rates }),
  };
}

/** The window asked for; an end that is left out is set so that the window is twelve months, or ends today. */
function windowOf(from: string | undefined, to: string | undefined): { from: string; to: string } {
  const preset = completeMonths(today(), 12);
  if (from === undefined && to !== undefined) return { from: monthsAfter(daysAfter(to, 1), -12), to };
  if (from !== undefined && to === undefined) return { from, to: from <= preset.to ? preset.to : today() };
  return { from: from ?? preset.from, to: to ?? preset.to };
}
