import { defineTool, filter, HaloError, untrusted, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  clientAsked,
  FORM,
  fetchViews,
  formText,
  MONEY,
  policyOf,
  WITH,
  withOf,
} from '../../revenue/halo/index.js';
import {
  checkParams,
  completeMonths,
  endOfMonth,
  monthOf,
  monthsAfter,
  paramsOf,
  retentionIn,
} from '../../revenue/index.js';
import { dayAsked } from './ask.js';

const money = z.string();
const percent = z.string().nullable();

const RETAINED = {
  currency: z.string(),
  start: money,
  end_same_clients: money,
  nrr_pct: percent,
  grr_pct: percent,
  logo_retention_pct: percent,
  clients_start: z.int(),
  clients_kept: z.int(),
  new_clients: z.int(),
  new_mrr: money,
};

/**
 * How much revenue from existing clients is retained. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client,
 * /Currency.
 */
export const retention = defineTool({
  name: 'retention',
  title: 'Retention',
  description:
    'Net and gross revenue retention and logo retention between two month ends: what the clients of the first are worth at the second. Point to point, not from the sums of revenue_trend.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{}],
  input: z.strictObject({
    ...MONEY,
    from: filter.Month.optional().describe('YYYY-MM; default 12 months before'),
    to: filter.Month.optional().describe('YYYY-MM; default the last complete month'),
    as_of: filter.Day.optional().describe('As seen on that day; default today'),
    with: withOf('retention'),
  }),
  output: z.object({
    ...FORM,
    ...WITH,
    from: z.string(),
    to: z.string(),
    as_of: z.string(),
    ...RETAINED,
    others: z.array(z.object(RETAINED)).optional(),
    changed: z.array(
      z.object({
        client_id: z.int(),
        client: untrusted(z.string()),
        currency: z.string(),
        start: money,
        end: money,
        change: money,
        causes: z.array(z.string()),
      }),
    ),
  }),
  whenCut: 'The sums cover all clients.',
  async run({ from, to, as_of: day, client_id, client_name, format: _, with: views, ...policy }, context) {
    const { asOf, now } = dayAsked('retention', day, context);
    const client = await clientAsked({ client_id, client_name }, context);
    const months = monthsOf(from, to, asOf);
    const asked = { ...client, ...policyOf(policy), ...months, as_of: asOf, today: now };
    const window = { from: `${months.from}-01`, to: endOfMonth(`${months.to}-01`) };
    const params = paramsOf({ ...asked, ...window, month_basis: 'service_period', evidence_cap: 0 }, now);
    answered(() => checkParams(params));
    const own = { view: 'retention' as const, params, needs: { billed: true, runRate: false } };
    const { book, answers } = await fetchViews(own, views, context);
    return { ...(await answeredInSlices(() => retentionIn(book, asked), context.signal)), ...answers };
  },
  text(result, { format }) {
    const rows = [result, ...(result.others ?? [])].map((one) =>
      Object.fromEntries(Object.keys(RETAINED).map((name) => [name, one[name as keyof typeof RETAINED] ?? ''])),
    );
    const changed = result.changed.map(({ client_id: _, ...row }) => row);
    return formText(
      result,
      [
        ['', rows],
        ['Whose worth changed', changed],
      ],
      { name: 'retention', format, proof: false },
    );
  },
});

/** Both months. @throws HaloError BAD_ARGUMENTS if the last is not over, or does not come after the first */
function monthsOf(from: string | undefined, to: string | undefined, asOf: string): { from: string; to: string } {
  const last = monthOf(completeMonths(asOf, 1).to);
  const end = to ?? last;
  const start = from ?? monthOf(monthsAfter(`${end}-01`, -12));
  if (end > last)
    throw new HaloError('BAD_ARGUMENTS', `The month ${end} is not over on ${asOf}.`, `Ask for months up to ${last}.`);
  if (start >= end)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `"from" (${start}) is not before "to" (${end}).`,
      'Give two months, the first one earlier.',
    );
  return { from: start, to: end };
}
