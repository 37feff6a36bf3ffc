import { defineTool, filter, untrusted, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  clientAsked,
  FORM,
  fetchViews,
  formText,
  MONEY,
  policyOf,
  today,
  WITH,
  withOf,
} from '../../revenue/halo/index.js';
import { checkParams, forecastIn, Prices, paramsOf } from '../../revenue/index.js';

const Money = z.record(z.string(), z.string());

const Run = z.object({
  id: z.int(),
  date: z.string(),
  client_id: z.int(),
  client: untrusted(z.string()),
  currency: z.string(),
  net: z.string(),
});

/** A calendar of runs. Halo: /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const billingForecast = defineTool({
  name: 'billing_forecast',
  title: 'Billing forecast',
  description:
    'What recurring invoices will bill, by the dates of their runs, for 1 to 24 complete months after this one; the rest of this month and overdue runs apart. No price rises, new or lost business.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }],
  input: z.strictObject({
    ...MONEY,
    as_of: filter.Day.optional().describe('Default today'),
    months: z.int().min(1).max(24).default(3),
    with: withOf('billing_forecast'),
  }),
  output: z.object({
    ...FORM,
    ...WITH,
    as_of: z.string(),
    from: z.string(),
    to: z.string(),
    months: z.record(z.string(), Money),
    totals: Money,
    rest_of_month: Money,
    overdue: z.record(z.string(), z.object({ runs: z.int(), net: z.string() })),
    after_contract_end: Money,
    runs: z.array(Run),
  }),
  whenCut: 'Months and totals cover all. For the runs of one client ask with client_id or client_name.',
  async run({ as_of, months, client_id, client_name, format: _, with: views, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = { ...client, ...policyOf(policy), as_of: as_of ?? day, today: day };
    const params = paramsOf({ ...asked, evidence_cap: 0 }, day);
    answered(() => checkParams(params));
    const prices = new Prices();
    const own = { view: 'billing_forecast' as const, params, needs: { billed: false, runRate: false }, prices };
    const { book, answers } = await fetchViews(own, views, context);
    const forecast = await answeredInSlices(() => forecastIn(book, prices, { ...asked, months }), context.signal);
    return { ...forecast, ...answers };
  },
  text(result, { format }) {
    const months = Object.entries(result.months).flatMap(([month, codes]) =>
      Object.entries(codes).map(([currency, net]) => ({ month, currency, net })),
    );
    const one = new Set(result.runs.map(({ client_id: id }) => id)).size < 2;
    const runs = result.runs.map(({ client_id: _, ...run }) => run);
    return formText(
      result,
      [['', months], one ? ['Runs', runs] : ['Recurring invoices, net of each run', templates(result.runs)]],
      {
        ...{ name: 'billing_forecast', format },
      },
    );
  },
});

/** What each recurring invoice bills, whether or not its runs have equal amounts. */
function templates(runs: readonly z.output<typeof Run>[]): Record<string, unknown>[] {
  const byId = new Map<number, z.output<typeof Run>[]>();
  for (const run of runs) byId.set(run.id, [...(byId.get(run.id) ?? []), run]);
  return [...byId.values()].map((own) => ({
    ...{ id: own[0]?.id, client: own[0]?.client, currency: own[0]?.currency, first: own[0]?.date, runs: own.length },
    net: [...new Set(own.map(({ net }) => net))],
  }));
}
