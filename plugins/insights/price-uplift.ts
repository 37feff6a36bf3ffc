import { defineTool, filter, untrusted, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  clientAsked,
  FORM,
  fetchUplift,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { checkParams, paramsOf, SINCE, sumsTitle, upliftIn } from '../../revenue/index.js';

const money = z.string();

const Candidate = z.object({
  recurring_invoice: z.int(),
  line: z.int(),
  item: untrusted(z.string()).optional(),
  client_id: z.int(),
  client: untrusted(z.string()),
  currency: z.string(),
  monthly_value: money,
  months_since: z.int(),
  since: z.string(),
  since_from: z.enum(SINCE),
  unit_price: z.string().optional(),
  list_price: z.string().optional(),
  uplift_month: money.optional(),
  uplift_year: money.optional(),
});

const Excluded = z.object({
  recurring_invoice: z.int(),
  line: z.int(),
  client_id: z.int(),
  client: untrusted(z.string()),
  reason: z.string(),
});

const Total = z.object({
  candidates: z.int(),
  monthly_value: money,
  uplift_month: money.optional(),
  uplift_year: money.optional(),
});

/** Long unchanged prices. Halo: /RecurringInvoice, /InvoiceChange, /Item, /ClientContract, /Client, /Currency. */
export const priceUplift = defineTool({
  name: 'price_uplift',
  title: 'Price uplift',
  description:
    'Lines of recurring invoices whose price has not changed for a number of months and that are not excluded from rises, largest first; with percent, what a rise would bring.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  optionalScopes: ['read:items'],
  examples: [{ percent: '5' }],
  input: z.strictObject({
    ...MONEY,
    as_of: filter.Day.optional().describe('Default today'),
    min_months: z.int().min(0).max(600).default(12).describe('Months without a rise'),
    percent: z.union([z.string(), z.number()]).optional().describe('Rise to work out, 5 for 5 %'),
  }),
  output: z.object({
    ...FORM,
    as_of: z.string(),
    min_months: z.int(),
    candidates: z.array(Candidate),
    excluded: z.array(Excluded),
    totals: z.record(z.string(), Total),
  }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ as_of, min_months, percent, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = { ...client, ...policyOf(policy), as_of: as_of ?? day, today: day };
    const params = paramsOf({ ...asked, evidence_cap: 0 }, day);
    answered(() => checkParams(params));
    const books = await fetchUplift(params, context);
    return answeredInSlices(() => upliftIn(books, { ...asked, min_months, percent }), context.signal);
  },
  text(result, { format }) {
    const rows = result.candidates.map(({ client_id: _, recurring_invoice, line, ...candidate }) => ({
      recurring_invoice,
      line,
      ...candidate,
    }));
    const sums = Object.entries(result.totals).map(([currency, total]) => ({ currency, ...total }));
    const excluded = result.excluded.map(({ client_id: _, ...one }) => one);
    return formText(
      result,
      [
        ['', rows],
        [sumsTitle(result, 'Totals'), sums],
        ['Excluded', excluded],
      ],
      { name: 'price_uplift', format },
    );
  },
});
