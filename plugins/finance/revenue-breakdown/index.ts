import { defineTool, filter, type ToolContext, z } from '../../../core/index.js';
import {
  answered,
  answeredInSlices,
  CLIENT,
  clientAsked,
  fetchViews,
  policyOf,
  RATES,
  today,
  viewsText,
  WINDOW,
  withOf,
} from '../../../revenue/halo/index.js';
import {
  type Book,
  breakdownIn,
  CHOICES,
  checkParams,
  DEFAULTS,
  GROUPS,
  type Params,
  paramsOf,
  windowOf,
} from '../../../revenue/index.js';
import { revenueCsv } from './csv.js';
import { RevenueOutput } from './output.js';
import { revenueText } from './text.js';

const input = z.strictObject({
  ...CLIENT,
  ...WINDOW,
  as_of: filter.Day.optional().describe('Default today'),
  group_by: z.array(z.enum(GROUPS)).default(['client']),
  attribute_to: z.enum(CHOICES.attribute_to).default(DEFAULTS.attribute_to),
  currency_policy: z.enum(CHOICES.currency_policy).default(DEFAULTS.currency_policy),
  rates: RATES.optional().describe('Home units per unit'),
  include_contracts: z.boolean().default(DEFAULTS.include_contracts),
  include_unposted: z.boolean().default(DEFAULTS.include_unposted),
  month_basis: z.enum(CHOICES.month_basis).default(DEFAULTS.month_basis),
  renewal_horizon_days: z.int().min(0).default(DEFAULTS.renewal_horizon_days),
  format: z.enum(['table', 'csv']).default('table'),
  with: withOf('revenue_breakdown'),
});

type Args = z.output<typeof input>;

/** The most items of evidence in all buckets of one kind together, and in one bucket. */
const EVIDENCE = { all: 60, one: DEFAULTS.evidence_cap };

/** Many items for one client, only the largest for many clients: models read the structured answer, too. */
function evidenceCap({ invoices, recurring_invoices: recurring }: Book, { client_id: one }: Params): number {
  const clients = new Set<number>();
  if (one === undefined) for (const rows of [invoices, recurring]) for (const { client } of rows) clients.add(client);
  return Math.max(1, Math.min(EVIDENCE.one, Math.floor(EVIDENCE.all / Math.max(1, clients.size))));
}

/** Recurring versus non-recurring revenue. Halo: /RecurringInvoice, /Invoice, /ClientContract, /Client, /Currency. */
export const revenueBreakdown = defineTool({
  name: 'revenue_breakdown',
  title: 'Revenue, MRR and ARR',
  description:
    'Recurring versus one-off (non-recurring) revenue (income, turnover, sales) by client or for all: monthly run rate (MRR, ARR), and billings in a period, without tax; never added together.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  optionalScopes: ['read:projects'],
  examples: [{ client_name: 'Northwind Traders' }, {}],
  input,
  output: RevenueOutput,
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run(args, context) {
    const params = await asked(args, context);
    answered(() => checkParams(params));
    const own = { view: 'revenue_breakdown' as const, params, needs: { billed: true, runRate: true } };
    const { book, answers } = await fetchViews(own, args.with, context);
    const capped = { ...params, evidence_cap: evidenceCap(book, params) };
    const made = await answeredInSlices(() => breakdownIn(book, capped), context.signal);
    const { method, months: _months, groups: _groups, ...answer } = made;
    return { method: { ...method }, ...answer, _months, _groups, ...answers };
  },
  text(result, { client_id: id, client_name: name, format }) {
    const { head, data } = revenueText(result, id !== undefined || name !== undefined, format);
    return {
      ...{ head, data: [data, viewsText(result.with)].filter(Boolean).join('\n\n') },
      ...(format === 'csv' && { file: revenueCsv(result) }),
    };
  },
});

async function asked(
  { client_id, client_name, from, to, as_of, currency_policy, rates, format: _format, with: _with, ...rest }: Args,
  context: ToolContext,
): Promise<Params> {
  const day = today(context);
  const client = await clientAsked({ client_id, client_name }, context);
  return paramsOf(
    {
      ...rest,
      ...client,
      ...windowOf(from, to, day),
      ...(as_of !== undefined && { as_of }),
      ...policyOf({ currency_policy, rates }),
    },
    day,
  );
}
