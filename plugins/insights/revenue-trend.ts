import { defineTool, filter, table, untrusted, z } from '../../core/index.js';
import { CLIENT, today } from '../../revenue/halo/index.js';
import { ask, monthsOf } from './ask.js';
import { MOVES } from './moves.js';
import { PROOF, textOf } from './proof.js';
import { trendOf } from './trend.js';

const money = z.string();
const Moves = { new: money, expansion: money, contraction: money, churn: money, reactivation: money };
const Billed = { recurring: money, non_recurring: money };

/** Month by month. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const revenueTrend = defineTool({
  name: 'revenue_trend',
  title: 'Revenue trend',
  description:
    'By month: recurring and non-recurring net billed, and billed MRR with its movements (new, expansion, contraction, churn, reactivation), by client. Billed MRR is rebuilt from invoices; for the run rate of today use revenue_breakdown.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders', months: 3 }],
  input: z.strictObject({
    ...CLIENT,
    months: z.int().min(1).max(60).optional().describe('Complete months up to the last; default 12'),
    from: filter.Day.optional().describe('A day in the first month'),
    to: filter.Day.optional().describe('A day in the last month'),
  }),
  output: z.object({
    ...PROOF,
    from: z.string(),
    to: z.string(),
    months: z.array(z.object({ month: z.string(), currency: z.string(), ...Billed, billed_mrr: money, ...Moves })),
    movements: z.array(
      z.object({
        month: z.string(),
        currency: z.string(),
        client_id: z.int(),
        client: untrusted(z.string()),
        kind: z.enum(MOVES),
        amount: money,
        billed_mrr: money,
      }),
    ),
    totals: z.record(z.string(), z.object({ ...Billed, opening_mrr: money, ...Moves, closing_mrr: money })),
  }),
  async run({ months, from, to, ...client }, context) {
    const asked = {
      ...client,
      ...monthsOf({ months, from, to }, today(context)),
      month_basis: 'service_period' as const,
    };
    const { book, params } = await ask(asked, context);
    return trendOf(book, params);
  },
  text(result) {
    const { from, to, months, movements, totals } = result;
    const sums = Object.entries(totals).map(([currency, total]) => ({ currency, ...total }));
    const title =
      months.length === 0
        ? `Nothing was billed from ${from} to ${to}.`
        : `Revenue by month from ${from} to ${to}; billed MRR is not the run rate.`;
    const tables = [
      months.length > 0 && table(months),
      sums.length > 0 && `The whole window:\n${table(sums)}`,
      movements.length > 0 && `Movements of billed MRR by client, the newest first:\n${table(movements)}`,
    ];
    return textOf(result, title, tables.filter(Boolean).join('\n\n'));
  },
});
