import { defineTool, filter, table, untrusted, z } from '../../core/index.js';
import {
  answerBridgeIn,
  answeredInSlices,
  CLIENT,
  PROOF,
  textOf,
  titled,
  viewsText,
  WITH,
  withOf,
} from '../../revenue/halo/index.js';
import { completeMonths, sumsTitle, WAYS } from '../../revenue/index.js';
import { askWith, dayAsked } from './ask.js';

const money = z.string();

/** From billed to run rate to contracted. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const revenueBridge = defineTool({
  name: 'revenue_bridge',
  title: 'Revenue bridge',
  description:
    'Why billed MRR at the last month end and the run rate differ: not billed yet, started, ended, price, quantity and other, each step with its recurring invoice. It closes to the minor unit: billed_mrr + not_billed + started - ended + price + quantity + other = mrr. Its contracted_mrr is all of the run rate and contracts that nothing bills, unlike that of revenue_breakdown.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }],
  input: z.strictObject({
    ...CLIENT,
    as_of: filter.Day.optional().describe('The day of the run rate; default today'),
    with: withOf('revenue_bridge'),
  }),
  output: z.object({
    ...PROOF,
    ...WITH,
    statement: z.string(),
    as_of: z.string(),
    month_end: z.string(),
    bridge: z.array(
      z.object({
        ...{ currency: z.string(), billed_mrr: money, not_billed: money, started: money, ended: money },
        ...{ price: money, quantity: money, other: money, mrr: money },
        ...{ contract_only_mrr: money, contracted_mrr: money, difference: money },
      }),
    ),
    steps: z.array(
      z.object({
        currency: z.string(),
        way: z.enum(WAYS),
        amount: money,
        entity: z.string(),
        client_id: z.int(),
        client: untrusted(z.string()),
        reason: z.string(),
      }),
    ),
  }),
  async run({ as_of: day, with: views, ...client }, context) {
    const { asOf } = dayAsked('revenue_bridge', day, context);
    const asked = { ...client, ...completeMonths(asOf, 1), as_of: asOf, month_basis: 'service_period' as const };
    const { book, params, answers } = await askWith('revenue_bridge', asked, views, context);
    return { ...(await answeredInSlices(() => answerBridgeIn(book, params), context.signal)), ...answers };
  },
  text(result) {
    const { statement, bridge, steps } = result;
    const tables = [
      bridge.length > 0 && titled([sumsTitle(result), bridge]),
      steps.length > 0 && `Step by step, the largest first:\n${table(steps)}`,
    ];
    return textOf(
      result,
      result.complete ? statement : '',
      [...tables, viewsText(result.with)].filter(Boolean).join('\n\n'),
    );
  },
});
