import { defineTool, filter, untrusted, z } from '../../core/index.js';
import {
  answeredInSlices,
  byClient,
  clientAsked,
  clientRows,
  FORM,
  fetchPrepaid,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { DEFAULTS, type PrepaidFigures, prepaidIn } from '../../revenue/index.js';

const money = z.string();
const Pot = z.object({ bought: money, taken_off: money, used: money, expired: money, balance: money });

const Figures = z.object({
  hours: Pot,
  money: Pot,
  expiring_hours: money,
  expiring_money: money,
  next_expiry: z.string().nullable(),
});

const Block = z.object({
  id: z.int(),
  client_id: z.int(),
  client: untrusted(z.string()),
  bought: z.string(),
  expires: z.string().optional(),
  unit: z.enum(['hours', 'money']),
  currency: z.string().optional(),
  size: money,
  left: money,
});

/** What is left of prepaid time and money. Halo: /ClientPrepay, /Actions, /TimesheetEvent, /Tickets, /Client. */
export const prepaidBalances = defineTool({
  name: 'prepaid_balances',
  title: 'Prepaid balances',
  description:
    'Prepaid hours and money by client: bought, used, expired, left, and what expires soon. What expires first is used first; hours and money are never added.',
  effect: 'read',
  scopes: ['read:contracts', 'read:tickets', 'read:customers'],
  optionalScopes: ['read:timesheets'],
  examples: [{}],
  input: z.strictObject({
    ...MONEY,
    as_of: filter.Day.optional().describe('Default today'),
    expiring_within_days: z.int().min(0).max(1830).default(DEFAULTS.renewal_horizon_days),
  }),
  output: z.object({
    ...FORM,
    as_of: z.string(),
    clients: byClient(Figures),
    blocks: z.array(Block),
    totals: z.record(z.string(), Figures),
  }),
  whenCut: 'Totals cover all. For one of the others ask with client_id or client_name.',
  async run({ as_of, expiring_within_days, client_id, client_name, format: _, ...policy }, context) {
    const client = await clientAsked({ client_id, client_name }, context);
    const day = today(context);
    const asked = {
      ...client,
      ...policyOf(policy),
      as_of: as_of ?? day,
      today: day,
      expiring_within: expiring_within_days,
    };
    const books = await fetchPrepaid(asked, context);
    return answeredInSlices(() => prepaidIn(books, asked), context.signal);
  },
  text(result, { format }) {
    const blocks = result.blocks.map(({ client_id: _, ...block }) => block);
    return formText(
      result,
      [
        ['', clientRows(result, columns, format)],
        ['Blocks with something left', blocks],
      ],
      {
        ...{ name: 'prepaid', format },
      },
    );
  },
});

/** Hours, and money if there is any. */
function columns({ hours, money: paid, expiring_hours, next_expiry }: PrepaidFigures) {
  const moved = [paid.bought, paid.used].some((amount) => !/^0(\.0+)?$/.test(amount));
  return {
    ...{ bought_hours: hours.bought, taken_off: hours.taken_off, used: hours.used, expired: hours.expired },
    ...{ hours_left: hours.balance, expiring: expiring_hours, next_expiry: next_expiry ?? undefined },
    ...(moved && { money_bought: paid.bought, money_used: paid.used, money_left: paid.balance }),
  };
}
