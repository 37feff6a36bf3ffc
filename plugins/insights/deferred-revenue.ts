import { defineTool, filter, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  byClient,
  clientAsked,
  clientRows,
  FORM,
  fetchBook,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { checkParams, completeMonths, deferredIn, invoiceWindow, monthsAfter, paramsOf } from '../../revenue/index.js';

const money = z.string();
const Figures = z.object({ billed: money, recognised: money, deferred: money, accrued: money, undated: money });

/** Billed but not yet earned. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const deferredRevenue = defineTool({
  name: 'deferred_revenue',
  title: 'Deferred revenue',
  description:
    'Recurring revenue billed for service that is still to come at a day, best a month end: billed, earned, deferred; what was earned and billed later stands apart.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{}],
  input: z.strictObject({ ...MONEY, as_of: filter.Day.optional().describe('Default: the end of last month') }),
  output: z.object({ ...FORM, as_of: z.string(), clients: byClient(Figures), totals: z.record(z.string(), Figures) }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ as_of, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const now = today(context);
    const day = as_of ?? completeMonths(now, 1).to;
    const asked = { ...client, ...policyOf(policy), as_of: day };
    // A document from long before the day may be earned after it, and one in arrears is dated after it.
    const window = { from: monthsAfter(day, -1), to: day };
    const params = paramsOf({ ...asked, ...window, month_basis: 'service_period', evidence_cap: 0 }, day);
    answered(() => checkParams(params));
    const book = await fetchBook(params, context);
    const { from: since } = invoiceWindow(window, 'service_period');
    return answeredInSlices(() => deferredIn(book, { ...asked, since, today: now }), context.signal);
  },
  text: (result, { format }) =>
    formText(result, [['', clientRows(result, (figures) => figures, format)]], { name: 'deferred_revenue', format }),
});
