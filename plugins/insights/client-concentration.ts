import { defineTool, table, untrusted, z } from '../../core/index.js';
import { answeredInSlices, PROOF, textOf, today, WINDOW } from '../../revenue/halo/index.js';
import { CHOICES, DEFAULTS, windowOf } from '../../revenue/index.js';
import { ask } from './ask.js';
import { concentrationIn } from './concentration.js';

const Percent = z.string().nullable();

/** How dependent revenue is on few clients. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const clientConcentration = defineTool({
  name: 'client_concentration',
  title: 'Client concentration',
  description:
    'The largest clients by net billed in a window, with shares: top 1, 3, 10 and N, HHI, and how much of each recurs. By currency; clients of one parent are not joined.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ top: 3 }],
  input: z.strictObject({
    top: z.int().min(1).max(500).default(10).describe('Clients to list by currency'),
    ...WINDOW,
    attribute_to: z.enum(CHOICES.attribute_to).default(DEFAULTS.attribute_to),
  }),
  output: z.object({
    ...PROOF,
    from: z.string(),
    to: z.string(),
    top: z.int(),
    clients: z.array(
      z.object({
        currency: z.string(),
        rank: z.int(),
        client_id: z.int(),
        client: untrusted(z.string()),
        total_net: z.string(),
        share_pct: Percent,
        cumulative_pct: Percent,
        recurring_net: z.string(),
        recurring_share_pct: Percent,
      }),
    ),
    totals: z.record(
      z.string(),
      z.object({
        total_net: z.string(),
        recurring_share_pct: Percent,
        clients: z.int(),
        clients_below_zero: z.int(),
        below_zero_net: z.string(),
        top_1_pct: Percent,
        top_3_pct: Percent,
        top_10_pct: Percent,
        top_pct: Percent,
        hhi: z.int().nullable(),
      }),
    ),
  }),
  async run({ top, from, to, attribute_to }, context) {
    const { book, params } = await ask({ ...windowOf(from, to, today(context)), attribute_to }, context);
    return answeredInSlices(() => concentrationIn(book, params, top), context.signal);
  },
  text(result) {
    const { from, to, top, clients, totals } = result;
    const sums = Object.entries(totals).map(([currency, { top_pct, ...total }]) => ({
      currency,
      ...total,
      [`top_${top}_pct`]: top_pct,
    }));
    const led = Object.entries(totals)
      .map(([code, { total_net, top_1_pct, top_pct, clients: count }]) => {
        const first = clients.find(({ currency }) => currency === code);
        const lead =
          first === undefined ? 'no client stands above zero' : leadOf(count, top_1_pct, top_pct, Math.min(top, count));
        return `${code} ${total_net} net was billed: ${lead}`;
      })
      .join('; ');
    const title =
      clients.length === 0
        ? `Nothing above zero was billed from ${from} to ${to}.`
        : result.complete
          ? `From ${from} to ${to}, ${led}. HHI: 10000 is one client alone.`
          : `What was read from ${from} to ${to}, without shares.`;
    const tables = [sums.length > 0 && table(sums), clients.length > 0 && table(clients)];
    return textOf(result, title, tables.filter(Boolean).join('\n\n'));
  },
});

/** How much of what was billed the largest client has, and the first few, if there are more. */
function leadOf(count: number, largest: string | null, several: string | null, first: number): string {
  if (count === 1) return `the only client above zero has ${largest}% of it`;
  const others = first === 1 ? '' : `, the first ${first} ${several}%`;
  return `the largest of ${count} clients has ${largest}%${others} of it`;
}
