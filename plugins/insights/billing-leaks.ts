import { defineTool, filter, type ToolContext, table, untrusted, z } from '../../core/index.js';
import { answeredInSlices, CLIENT, fetchMade, PROOF, textOf } from '../../revenue/halo/index.js';
import { type Book, billTo, type Params } from '../../revenue/index.js';
import { ask } from './ask.js';
import { billedFrom } from './direct.js';
import { LEAKS } from './leak-finder.js';
import { leaksIn, unbilledContracts } from './leaks.js';

const Total = z.object({ count: z.int(), monthly_value: z.string() });

/**
 * Agreed but not billed, or billed but not agreed, on any day (L7). Halo: /ClientContract, /RecurringInvoice, /Client,
 * /Currency.
 */
export const billingLeaks = defineTool({
  name: 'billing_leaks',
  title: 'Billing leaks',
  description:
    'Money that may be lost: contracts that nothing bills, recurring invoices past their next date, on an expired contract, disabled with a live contract, or of an inactive client. Largest monthly value first.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{}],
  input: z.strictObject({
    ...CLIENT,
    as_of: filter.Day.optional().describe('Day to look at; default today'),
  }),
  output: z.object({
    ...PROOF,
    as_of: z.string(),
    leaks: z.array(
      z.object({
        kind: z.enum(LEAKS),
        severity: z.enum(['high', 'medium', 'info']),
        client_id: z.int(),
        client: untrusted(z.string()),
        entity: z.string(),
        monthly_value: z.string().optional(),
        currency: z.string().optional(),
        runs_missed: z.int().optional(),
        lost: z.string().optional(),
        look_at: z.string(),
      }),
    ),
    billed_by_invoice: z.array(
      z.object({
        client_id: z.int(),
        client: untrusted(z.string()),
        entity: z.string(),
        monthly_value: z.string().optional(),
        currency: z.string().optional(),
        invoices: z.array(z.int()),
        last_billed: z.string(),
      }),
    ),
    totals: z.record(
      z.string(),
      z.object({
        ...Object.fromEntries(LEAKS.map((kind) => [kind, Total.optional()])),
        total: Total.extend({ lost: z.string() }),
      }),
    ),
  }),
  async run({ as_of: day, ...client }, context) {
    const asked = { ...client, ...(day !== undefined && { as_of: day }) };
    const { book, params } = await ask(asked, context, { invoices: false });
    const made = await madeByHand(book, params, context);
    return answeredInSlices(() => leaksIn(made.book, params, made.invoices), context.signal);
  },
  text(result) {
    const { as_of, leaks, totals, billed_by_invoice: billed } = result;
    const sums = Object.entries(totals).flatMap(([currency, kinds]) =>
      Object.entries(kinds).map(([kind, total]) => ({
        currency,
        kind: kind === 'total' ? 'EACH ONCE' : kind,
        ...total,
      })),
    );
    const title =
      leaks.length === 0
        ? `No billing leak of these kinds was found on ${as_of}.`
        : `Billing leaks on ${as_of}. ${lostOf(totals)}`;
    const tables = [
      leaks.length > 0 && table(leaks),
      sums.length > 0 && `Totals a month by kind, which overlap:\n${table(sums)}`,
      billed.length > 0 &&
        `No recurring invoice, but billed by invoices made from the contract, so no leak:\n${table(billed)}`,
    ];
    return textOf(result, title, tables.filter(Boolean).join('\n\n'));
  },
});

/** What a director would sign: one sentence per currency. */
const lostOf = (totals: Record<string, { total: { count: number; monthly_value: string; lost: string } }>): string =>
  Object.entries(totals)
    .map(([currency, { total }]) => {
      const gone = /[1-9]/.test(total.lost) ? `; runs already missed come to ${total.lost}` : '';
      const some = total.count === 1 ? '1 record' : `${total.count} records`;
      return `${currency}: ${some} worth ${total.monthly_value} a month to look at${gone}.`;
    })
    .join(' ');

/**
 * The documents that may bill a contract without a recurring invoice: those of its client, and of the client it is
 * billed to.
 */
async function madeByHand(book: Book, params: Params, context: ToolContext) {
  const ids = new Set(await answeredInSlices(() => unbilledContracts(book, params), context.signal));
  const known = new Map(book.clients.map((client) => [client.id, client]));
  const open = book.contracts.filter(({ id }) => ids.has(id));
  const from = open.flatMap((contract) => billedFrom(contract, params.as_of) ?? []).sort()[0];
  const clients = new Set(open.flatMap((contract) => [contract.client, billTo(contract, known)]));
  return fetchMade(book, from === undefined ? [] : [...clients], { from: from ?? '', to: params.as_of }, context);
}
