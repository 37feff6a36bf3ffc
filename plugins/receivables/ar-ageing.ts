import { defineTool, filter, z } from '../../core/index.js';
import {
  answeredInSlices,
  byClient,
  clientAsked,
  clientRows,
  FORM,
  fetchOwed,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { type Aged, ageingIn } from '../../revenue/index.js';

const money = z.string();

const Figures = z.object({
  not_due: money,
  '1_30': money,
  '31_60': money,
  '61_90': money,
  over_90: money,
  no_due_date: money,
  open: money,
  overdue: money,
  unallocated: money,
  net: money,
  documents: z.int(),
  oldest_days: z.int().nullable(),
  dso_days: z.string().nullable(),
  days_to_pay: z.object({ mean: z.string(), largest: z.int(), documents: z.int() }).nullable(),
});

/** Who owes how much, and for how long. Halo: /Invoice, /InvoicePayment, /Client, /Currency. */
export const arAgeing = defineTool({
  name: 'ar_ageing',
  title: 'Receivables by age',
  description:
    'What clients owe, with tax, by days past due: not due, 1-30, 31-60, 61-90, over 90; credits and overpayments apart; DSO and days to pay. A past as_of is worked out from the payments.',
  effect: 'read',
  scopes: ['read:invoices', 'read:customers'],
  examples: [{}],
  input: z.strictObject({ ...MONEY, as_of: filter.Day.optional().describe('Default today') }),
  output: z.object({ ...FORM, as_of: z.string(), clients: byClient(Figures), totals: z.record(z.string(), Figures) }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ as_of, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = { ...client, ...policyOf(policy), as_of: as_of ?? day };
    const books = await fetchOwed({ ...client, until: asked.as_of }, context);
    return answeredInSlices(() => ageingIn(books, asked, day), context.signal);
  },
  text: (result, { format }) =>
    formText(result, [['', clientRows(result, columns, format)]], { name: 'receivables', format }),
});

function columns({ days_to_pay: pay, dso_days: dso, oldest_days: oldest, documents: _, ...amounts }: Aged) {
  const shown = Object.entries(amounts).filter(
    ([name, amount]) => name !== 'no_due_date' || !/^0(\.0+)?$/.test(amount),
  );
  return {
    ...Object.fromEntries(shown),
    oldest_days: oldest ?? undefined,
    dso_days: dso ?? undefined,
    days_to_pay: pay === null ? undefined : `${pay.mean} (most ${pay.largest}, of ${pay.documents})`,
  };
}
