import { defineTool, untrusted, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  byClient,
  clientAsked,
  clientRows,
  FORM,
  fetchProfit,
  formText,
  MONEY,
  policyOf,
  today,
  WINDOW,
} from '../../revenue/halo/index.js';
import { checkParams, type Profit, paramsOf, profitIn, sumsLabel, sumsTitle, windowOf } from '../../revenue/index.js';

const money = z.string();

const Figures = z.object({
  billed: money,
  recurring_billed: money,
  additions_cost: money,
  cost_unknown_net: money,
  hours: z.string(),
  rate: money.nullable(),
  labour_cost: money.nullable(),
  margin: money.nullable(),
  margin_pct: z.string().nullable(),
});

const Agreement = Figures.extend({
  contract_id: z.int(),
  ref: untrusted(z.string()).optional(),
  client_id: z.int(),
  client: untrusted(z.string()),
  currency: z.string(),
});

/** What agreements earn. Halo: /Invoice, /ClientContract, /Actions, /TimesheetEvent, /Tickets, /Agent, /Client. */
export const agreementProfit = defineTool({
  name: 'agreement_profit',
  title: 'Profit of agreements',
  description:
    'Per agreement: what it billed, what its lines cost, the hours worked on it, and the effective hourly rate = (billed - cost of additions) / hours. Labour cost only where the cost of each agent is known.',
  effect: 'read',
  scopes: ['read:contracts', 'read:invoices', 'read:tickets', 'read:timesheets', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }],
  input: z.strictObject({
    ...MONEY,
    ...WINDOW,
  }),
  output: z.object({
    ...FORM,
    from: z.string(),
    to: z.string(),
    clients: byClient(Figures),
    agreements: z.array(Agreement),
    totals: z.record(z.string(), Figures),
  }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ from, to, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = { ...client, ...policyOf(policy), ...windowOf(from, to, day), today: day };
    const params = paramsOf({ ...asked, as_of: asked.to, evidence_cap: 0 }, day);
    answered(() => checkParams(params));
    const books = await fetchProfit(params, context);
    return answeredInSlices(() => profitIn(books, asked), context.signal);
  },
  text(result, { format }) {
    const rows = result.agreements.map(({ contract_id, ref, client, client_id: _, currency, ...figures }) => ({
      ...{ contract: contract_id, ref, client, currency },
      ...columns(figures),
    }));
    const sums = clientRows(result, columns, 'table').filter(({ client }) => client === sumsLabel(result));
    return formText(
      result,
      [
        ['', rows],
        [sumsTitle(result, 'Totals'), sums],
      ],
      { name: 'agreement_profit', format },
    );
  },
});

/** What the lines without a cost billed has a column only if there are any. */
function columns({ rate, labour_cost, margin, margin_pct, cost_unknown_net: costless, ...figures }: Profit) {
  const { hours, additions_cost, ...billed } = figures;
  const known = /^0(\.0+)?$/.test(costless);
  return {
    ...{ ...billed, additions_cost, ...(!known && { cost_unknown: costless }), hours },
    rate: rate ?? (known ? undefined : 'unknown'),
    labour_cost: labour_cost ?? 'unknown',
    margin: margin ?? 'unknown',
    'margin %': margin_pct ?? undefined,
  };
}
