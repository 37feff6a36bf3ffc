import { defineTool, filter, HaloError, untrusted, z } from '../../core/index.js';
import {
  answered,
  answeredInSlices,
  clientAsked,
  FORM,
  fetchOwed,
  formText,
  MONEY,
  policyOf,
  today,
} from '../../revenue/halo/index.js';
import { accountIn, checkOrder, ENTRIES, firstOf, monthsAfter, sumsTitle } from '../../revenue/index.js';

const money = z.string();

const Entry = z.object({
  date: z.string(),
  kind: z.enum(ENTRIES),
  id: z.int(),
  number: untrusted(z.string()).optional(),
  due: z.string().optional(),
  amount: money,
  balance: money,
});

const ACCOUNT = {
  currency: z.string(),
  opening: money,
  invoiced: money,
  credited: money,
  paid: money,
  closing: money,
  open_items: money,
  difference: money,
  entries: z.array(Entry),
};

/** The months shown by default. */
const USUAL_MONTHS = 3;

/** One client's account. Halo: /Invoice, /InvoicePayment, /Client, /Currency. */
export const statementOfAccount = defineTool({
  name: 'statement_of_account',
  title: 'Statement of account',
  description:
    'One client, with tax: what was open before, the invoices, credits and payments of a window, and what is open at its end, held against the open documents.',
  effect: 'read',
  scopes: ['read:invoices', 'read:customers'],
  examples: [{ client_name: 'Northwind Traders' }],
  input: z.strictObject({
    ...MONEY,
    from: filter.Day.optional().describe('Default: the first of the month three months ago'),
    to: filter.Day.optional().describe('Default today'),
  }),
  output: z.object({
    ...FORM,
    client_id: z.int(),
    name: untrusted(z.string()),
    from: z.string(),
    to: z.string(),
    ...ACCOUNT,
    others: z.array(z.object(ACCOUNT)).optional(),
  }),
  whenCut: 'The sums cover all. For the entries ask for fewer days.',
  async run({ from, to, client_id, client_name, format: _, ...policy }, context) {
    const { client_id: client } = await clientAsked({ client_id, client_name }, context);
    if (client === undefined)
      throw new HaloError('BAD_ARGUMENTS', 'A statement is of one client.', 'Give client_id or client_name.');
    const day = today(context);
    const last = to ?? day;
    const first = from ?? firstOf(monthsAfter(last, -USUAL_MONTHS));
    answered(() => checkOrder(first, last, { name: 'to', today: day }));
    const books = await fetchOwed({ client_id: client, until: last }, context);
    return answeredInSlices(
      () => accountIn(books, { client_id: client, from: first, to: last, ...policyOf(policy) }, day),
      context.signal,
    );
  },
  text(result, { format }) {
    const accounts = [result, ...(result.others ?? [])];
    const sums = accounts.map(({ currency, opening, invoiced, credited, paid, closing }) => ({
      ...{ currency, opening, invoiced, credited, paid, closing },
    }));
    const entries = accounts.flatMap(({ currency, entries: own }) =>
      own.map(({ id: _id, ...entry }) => (accounts.length > 1 ? { currency, ...entry } : entry)),
    );
    return formText(
      result,
      [
        ['Entries', entries],
        [sumsTitle(result, 'Sums'), sums],
      ],
      { name: `account_${result.client_id}`, format, proof: false },
    );
  },
});
