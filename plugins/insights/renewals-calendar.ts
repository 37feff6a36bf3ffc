import { defineTool, filter, type ToolContext, table, untrusted, z } from '../../core/index.js';
import {
  answeredInSlices,
  CLIENT,
  fetchBlocks,
  fetchLicences,
  PROOF,
  textOf,
  today,
} from '../../revenue/halo/index.js';
import { type Book, DEFAULTS, type Params } from '../../revenue/index.js';
import { ask } from './ask.js';
import { type Beside, INCLUDE, type Include } from './expiring.js';
import { renewalsIn } from './renewals.js';

const Sum = z.object({ count: z.int(), monthly_value: z.string() });

/** What ends soon. Halo: /ClientContract, /RecurringInvoice, /Client, /Currency. */
export const renewalsCalendar = defineTool({
  name: 'renewals_calendar',
  title: 'Renewals calendar',
  description:
    'Contracts and recurring invoices that end within a number of days, soonest first, with monthly value and what bills them. Rolling, open-ended and superseded ones are left out.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  optionalScopes: ['read:softwarelicensing', 'read:tickets', 'read:timesheets'],
  examples: [{}, { include: ['prepaid'] }],
  input: z.strictObject({
    ...CLIENT,
    days: z.int().min(0).max(1830).default(DEFAULTS.renewal_horizon_days),
    as_of: filter.Day.optional().describe('Day to count from; default today'),
    include: z.array(z.enum(INCLUDE)).default([]).describe('What else expires'),
  }),
  output: z.object({
    ...PROOF,
    from: z.string(),
    to: z.string(),
    renewals: z.array(
      z.object({
        end: z.string(),
        days_left: z.int(),
        kind: z.enum(['contract', 'recurring_invoice', 'licence', 'prepaid']),
        entity: z.string(),
        ref: untrusted(z.string()).optional(),
        client_id: z.int(),
        client: untrusted(z.string()),
        monthly_value: z.string().optional(),
        currency: z.string().optional(),
        billed_by: z.array(z.string()).optional(),
        bills: z.array(z.string()).optional(),
        note: z.string().optional(),
      }),
    ),
    totals: z.record(z.string(), z.object({ contracts: Sum, recurring_invoices: Sum })),
    left_out: z.record(z.string(), z.int()),
  }),
  async run({ days, as_of: day, include, ...client }, context) {
    const asked = { ...client, as_of: day ?? today(context), renewal_horizon_days: days };
    const { book, params } = await ask(asked, context, { invoices: false });
    const asIs = await withExpiring(book, params, include, context);
    return answeredInSlices(() => renewalsIn(...asIs), context.signal);
  },
  text(result) {
    const { from, to, renewals, totals, left_out: left } = result;
    const sums = Object.entries(totals).flatMap(([currency, kinds]) =>
      Object.entries(kinds).map(([kind, sum]) => ({ currency, kind, ...sum })),
    );
    const rest = Object.entries(left).map(([what, count]) => `${what.replaceAll('_', ' ')} ${count}`);
    const found = renewals.length === 0 ? 'Nothing ends' : 'What ends';
    const title = `${found} from ${from} to ${to}.${worthOf(totals)} Left out: ${rest.join(', ')}.`;
    const tables = [renewals.length > 0 && table(renewals), sums.length > 0 && `Totals a month:\n${table(sums)}`];
    return textOf(result, title, tables.filter(Boolean).join('\n\n'));
  },
});

/** What a director would sign: the worth of the contracts that end. */
const worthOf = (totals: Record<string, Record<'contracts' | 'recurring_invoices', z.output<typeof Sum>>>): string =>
  Object.entries(totals)
    .map(([currency, { contracts, recurring_invoices: bills }]) => {
      const of = ({ count, monthly_value }: z.output<typeof Sum>, noun: string) =>
        `${count} ${noun}${count === 1 ? '' : 's'} worth ${monthly_value} a month`;
      return ` ${currency}: ${of(contracts, 'contract')}, and ${of(bills, 'recurring invoice')}.`;
    })
    .join('');

/** The book with what else may expire; if that can't be read completely, the answer is incomplete. */
async function withExpiring(
  book: Book,
  params: Params,
  include: readonly Include[],
  context: ToolContext,
): Promise<[Book, Params, readonly Include[], Beside]> {
  const [licences, prepaid] = await Promise.all([
    include.includes('licences') ? fetchLicences(params.client_id, context) : undefined,
    include.includes('prepaid') ? fetchBlocks(params, context) : undefined,
  ]);
  const reasons = [...(book.reason ?? []), ...(licences?.reasons ?? [])];
  const pages = book.pages + (licences?.pages ?? 0) + (prepaid?.pages ?? 0);
  const whole = reasons.length === 0 ? book : { ...book, complete: false, reason: reasons };
  return [{ ...whole, pages }, params, include, { licences: licences?.rows, prepaid }];
}
