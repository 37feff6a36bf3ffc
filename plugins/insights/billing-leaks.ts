import { defineTool, table, untrusted, z } from '../../core/index.js';
import { CLIENT } from '../../revenue/halo/index.js';
import { ask } from './ask.js';
import { LEAKS } from './leak-finder.js';
import { leaksOf } from './leaks.js';
import { PROOF, textOf } from './proof.js';

const Total = z.object({ count: z.int(), monthly_value: z.string() });

/** Agreed but not billed, billed but not agreed. Halo: /ClientContract, /RecurringInvoice, /Client, /Currency. */
export const billingLeaks = defineTool({
  name: 'billing_leaks',
  title: 'Billing leaks',
  description:
    'Money that may be lost: contracts that nothing bills, recurring invoices past their next date, on an expired contract, disabled with a live contract, or of an inactive client. Largest monthly value first.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{}],
  input: z.strictObject(CLIENT),
  output: z.object({
    ...PROOF,
    leaks: z.array(
      z.object({
        kind: z.enum(LEAKS),
        severity: z.enum(['high', 'medium', 'info']),
        client_id: z.int(),
        client: untrusted(z.string()),
        entity: z.string(),
        monthly_value: z.string().optional(),
        currency: z.string().optional(),
        look_at: z.string(),
      }),
    ),
    totals: z.record(z.string(), z.partialRecord(z.enum(LEAKS), Total)),
  }),
  async run(args, context) {
    const { book, params } = await ask(args, context, { invoices: false });
    return leaksOf(book, params);
  },
  text(result) {
    const { leaks, totals } = result;
    const sums = Object.entries(totals).flatMap(([currency, kinds]) =>
      Object.entries(kinds).map(([kind, total]) => ({ currency, kind, ...total })),
    );
    const title = leaks.length === 0 ? 'No billing leak of these kinds was found.' : 'Billing leaks, money first.';
    const tables = [leaks.length > 0 && table(leaks), sums.length > 0 && `Totals a month by kind:\n${table(sums)}`];
    return textOf(result, title, tables.filter(Boolean).join('\n\n'));
  },
});
