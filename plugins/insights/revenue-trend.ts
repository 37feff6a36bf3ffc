import { defineTool, filter, table, untrusted, z } from '../../core/index.js';
import {
  answeredInSlices,
  answerTrendIn,
  CLIENT,
  PROOF,
  textOf,
  titled,
  viewsText,
  WITH,
  withOf,
} from '../../revenue/halo/index.js';
import { MOVES, sumsTitle } from '../../revenue/index.js';
import { askWith, dayAsked, monthsOf } from './ask.js';

const money = z.string();
const Moves = { new: money, expansion: money, contraction: money, churn: money, reactivation: money };
const Billed = { recurring: money, non_recurring: money };

/** Month by month. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const revenueTrend = defineTool({
  name: 'revenue_trend',
  title: 'Revenue trend',
  description:
    'By month: recurring and non-recurring net billed, and MRR (billed and not billed yet) with its movements (new, expansion, contraction, churn, reactivation), each by client with its cause. Rebuilt from invoices; for the run rate of today use revenue_breakdown, for the way from one to the other revenue_bridge.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders', months: 3 }],
  input: z.strictObject({
    ...CLIENT,
    months: z.int().min(1).max(60).optional().describe('Complete months up to the last; default 12'),
    from: filter.Day.optional().describe('A day in the first month'),
    to: filter.Day.optional().describe('A day in the last month; default: the last complete one'),
    as_of: filter.Day.optional().describe('As seen on that day: invoices dated later are left out; default today'),
    with: withOf('revenue_trend'),
  }),
  output: z.object({
    ...PROOF,
    ...WITH,
    statement: z.string(),
    from: z.string(),
    to: z.string(),
    as_of: z.string(),
    look_back: z.string(),
    months: z.array(
      z.object({
        ...{ month: z.string(), currency: z.string(), ...Billed },
        ...{ billed_mrr: money, not_billed: money, mrr: money, ...Moves },
      }),
    ),
    movements: z.array(
      z.object({
        month: z.string(),
        currency: z.string(),
        client_id: z.int(),
        client: untrusted(z.string()),
        kind: z.enum(MOVES),
        amount: money,
        mrr: money,
        cause: z.string(),
        causes: z.array(z.object({ cause: z.string(), amount: money })).optional(),
        documents: z.array(z.int()),
        templates: z.array(z.int()),
      }),
    ),
    totals: z.record(
      z.string(),
      z.object({ ...Billed, opening_mrr: money, ...Moves, closing_mrr: money, closing_not_billed: money }),
    ),
  }),
  whenCut: 'Totals cover all. Ask for fewer months, or for one client.',
  oldestFirst: { months: 'month' },
  async run({ months, from, to, as_of: day, with: views, ...client }, context) {
    const { asOf } = dayAsked('revenue_trend', day, context);
    const window = { ...monthsOf({ months, from, to }, asOf), as_of: asOf };
    const asked = { ...client, ...window, month_basis: 'service_period' as const };
    const { book, params, answers } = await askWith('revenue_trend', asked, views, context);
    return { ...(await answeredInSlices(() => answerTrendIn(book, params), context.signal)), ...answers };
  },
  text(result) {
    const { statement, months, movements, totals } = result;
    const sums = Object.entries(totals).map(([currency, total]) => ({ currency, ...total }));
    const tables = [
      months.length > 0 && titled([sumsTitle(result), months]),
      sums.length > 0 && `The whole window:\n${table(sums)}`,
      movements.length > 0 &&
        `Movements of MRR by client, the newest first:\n${table(movements.map(({ causes: _, ...move }) => move))}`,
    ];
    return textOf(
      result,
      result.complete ? statement : '',
      [...tables, viewsText(result.with)].filter(Boolean).join('\n\n'),
    );
  },
});
