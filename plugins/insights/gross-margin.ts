import { defineTool, untrusted, z } from '../../core/index.js';
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
  WINDOW,
} from '../../revenue/halo/index.js';
import {
  CHOICES,
  type ClassMargins,
  Costs,
  checkParams,
  DEFAULTS,
  MARGIN_GROUPS,
  marginIn,
  paramsOf,
  windowOf,
} from '../../revenue/index.js';

const money = z.string();
const percent = z.string().nullable();

const Margin = z.object({
  net: money,
  cost: money,
  margin: money,
  margin_pct: percent,
  cost_unknown_net: money,
  cost_known_pct: percent,
});

const Figures = Margin.extend({ recurring: Margin, non_recurring: Margin });

const Group = Margin.extend({
  by: z.enum(MARGIN_GROUPS),
  key: z.union([z.int(), z.string()]).nullable(),
  name: untrusted(z.string()),
  client_id: z.int(),
  client: untrusted(z.string()),
  currency: z.string(),
});

/** What lines earn. Halo: /Invoice, /RecurringInvoice, /ClientContract, /Client, /Currency. */
export const grossMargin = defineTool({
  name: 'gross_margin',
  title: 'Gross margin',
  description:
    'What was billed less the cost of its lines, by client, recurring and not, contract and item group. Only lines with a cost count; the rest stands beside it, never as 100 %.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }],
  input: z.strictObject({
    ...MONEY,
    ...WINDOW,
    group_by: z.array(z.enum(MARGIN_GROUPS)).default([]),
    attribute_to: z.enum(CHOICES.attribute_to).default(DEFAULTS.attribute_to),
  }),
  output: z.object({
    ...FORM,
    from: z.string(),
    to: z.string(),
    clients: byClient(Figures),
    groups: z.array(Group),
    totals: z.record(z.string(), Figures),
  }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ from, to, group_by, attribute_to, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = { ...client, ...policyOf(policy), ...windowOf(from, to, day), attribute_to, today: day };
    const params = paramsOf({ ...asked, as_of: asked.to, evidence_cap: 0 }, day);
    answered(() => checkParams(params));
    const costs = new Costs();
    const book = await fetchBook(params, context, { seen: { invoice: costs.see } });
    return answeredInSlices(() => marginIn(book, costs, { ...asked, group_by }), context.signal);
  },
  text(result, { format }) {
    const groups = result.groups.map(({ client_id: _, key: _key, cost_known_pct, margin_pct, ...group }) => {
      const { by, name, client, currency, ...sums } = group;
      const shares = { 'margin %': margin_pct ?? '', 'cost known %': cost_known_pct ?? '' };
      return { by, name, client, currency, ...sums, ...shares };
    });
    return formText(
      result,
      [
        ['', clientRows(result, columns, format)],
        ['Groups', groups],
      ],
      {
        ...{ name: 'gross_margin', format },
      },
    );
  },
});

const columns = ({
  net,
  cost,
  margin,
  margin_pct,
  cost_unknown_net,
  cost_known_pct,
  recurring,
  non_recurring,
}: ClassMargins) => ({
  ...{
    net,
    cost,
    margin,
    'margin %': margin_pct ?? '',
    recurring: recurring.margin,
    'recurring %': recurring.margin_pct ?? '',
  },
  ...{ non_recurring: non_recurring.margin, 'non-recurring %': non_recurring.margin_pct ?? '' },
  ...{ cost_unknown: cost_unknown_net, 'cost known %': cost_known_pct ?? '' },
});
