import { defineTool, filter, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  byClient,
  clientAsked,
  clientRows,
  FORM,
  fetchUninvoiced,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { checkOrder, monthsAfter, type Uninvoiced, uninvoicedIn } from '../../revenue/index.js';

const money = z.string();
const Amounts = z.object({ hours: z.string(), amount: money });

const Figures = Amounts.extend({
  unpriced_hours: z.string(),
  age: z.object({ '0_30': money, '31_60': money, '61_90': money, over_90: money }),
  on_draft: Amounts,
  travel: Amounts,
  milestones: money.nullable(),
  order_lines: money.nullable(),
});

/** How far back to look for work by default. */
const USUAL_MONTHS = 12;

/** Work not yet invoiced. Halo: /Actions, /TimesheetEvent, /Tickets, /Invoice, /Projects, /SalesOrder, /Client. */
export const uninvoicedTime = defineTool({
  name: 'uninvoiced_time',
  title: 'Uninvoiced time',
  description:
    'Hours to be charged that no posted invoice holds, by client and age; on drafts, without a price, travel, milestones and order lines apart. Agreement and prepaid hours are not to be invoiced.',
  effect: 'read',
  scopes: ['read:tickets', 'read:invoices', 'read:customers'],
  optionalScopes: ['read:timesheets', 'read:projects', 'read:sos'],
  examples: [{}],
  input: z.strictObject({
    ...MONEY,
    as_of: filter.Day.optional().describe('Default today'),
    from: filter.Day.optional().describe('First day of work; default 12 months before'),
  }),
  output: z.object({
    ...FORM,
    as_of: z.string(),
    from: z.string(),
    clients: byClient(Figures),
    totals: z.record(z.string(), Figures),
  }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ as_of, from, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const last = as_of ?? day;
    const first = from ?? monthsAfter(last, -USUAL_MONTHS);
    answered(() => checkOrder(first, last, { name: 'as_of', today: day }));
    const asked = { ...client, ...policyOf(policy), as_of: last, from: first, today: day };
    const books = await fetchUninvoiced(asked, context);
    return answeredInSlices(() => uninvoicedIn(books, asked), context.signal);
  },
  text: (result, { format }) =>
    formText(result, [['', clientRows(result, columns, format)]], { name: 'uninvoiced_time', format }),
});

function columns({ hours, amount, unpriced_hours, age, on_draft, travel, milestones, order_lines }: Uninvoiced) {
  const other = { milestones: milestones ?? undefined, order_lines: order_lines ?? undefined };
  return {
    ...{ hours, amount, unpriced_hours, ...age },
    ...{ draft_hours: on_draft.hours, draft: on_draft.amount, travel: travel.amount, ...other },
  };
}
