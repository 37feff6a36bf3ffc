/**
 * Worked cases of our own, beside those of vectors.json: rows that two rules judge differently, so that the figures
 * depend on which of the two comes first.
 */
import type { Params } from '../../revenue/index.js';
import type { Raw } from './book.js';
import { ACME, AUD, adhoc, contract, type Fields, invoice, template, USD } from './rows.js';

interface Case {
  readonly id: string;
  readonly title: string;
  readonly data: Raw;
  readonly params: Partial<Params>;
  /** Of each bucket of evidence of Acme: id, what it comes to, and the rule or reason. */
  readonly evidence?: Readonly<Record<string, readonly (readonly [id: number, amount: string, why?: string])[]>>;
  readonly totals: Readonly<Record<string, object>>;
  /** What single clients have of it in AUD. */
  readonly clients?: Readonly<Record<number, object>>;
  /** Rows of Acme's `groups`: of what, key, and its columns. */
  readonly groups?: readonly object[];
}

const RUN = { recurring_invoice_id: -5001 };
const DAYS = { period_start_date: '2026-06-01', period_end_date: '2026-06-30' };
const BRANCHES = [102, 103, 104].map((id) => ({ id, name: `Branch ${id}`, inactive: false }));

/** An invoice of one line. */
const one = (id: number, net: number, line: Fields, header: Fields = {}) =>
  invoice(id, { lines: [{ id: id * 10, net_amount: net, ...line }], ...header });

const book = (data: Raw): Raw => ({ clients: [ACME, ...BRANCHES], currencies: [AUD, USD], ...data });

export const precedence: readonly Case[] = [
  {
    id: 'W01',
    title: 'each rule of a line’s class before the next: one invoice for each two that both fit',
    params: { include_contracts: false },
    data: book({
      contracts: [contract(312)],
      invoices: [
        one(23, 1, { onetimecharge: true, recurring_invoice_line_id: 11 }),
        one(34, 2, { recurring_invoice_line_id: 11, pro_rata_line_id: 66 }),
        one(45, 4, { pro_rata_line_id: 66, ticket_id: 5 }),
        one(56, 8, { ticket_id: 5, ...RUN }),
        one(67, 16, { ...RUN, salesorder_line_id: 3 }),
        one(78, 32, { salesorder_line_id: 3, item_recurring: true }),
        one(89, 64, { item_recurring: true }, RUN),
        one(910, 128, {}, { ...RUN, contract_id: 312, ...DAYS }),
        one(1011, 256, {}, { contract_id: 312, ...DAYS }),
      ],
    }),
    evidence: {
      recurring: [
        [34, '2.00', 'C3'],
        [45, '4.00', 'C4'],
        [67, '16.00', 'C6'],
        [89, '64.00', 'C8'],
        [910, '128.00', 'C9'],
        [1011, '256.00', 'C10'],
      ],
      non_recurring: [
        [23, '1.00', 'C2'],
        [56, '8.00', 'C5'],
        [78, '32.00', 'C7'],
      ],
    },
    totals: {
      AUD: {
        recurring: { net: '470.00' },
        non_recurring: { net: '41.00', by_kind: { labour: '8.00', product: '32.00', adhoc: '1.00' } },
      },
    },
  },
  {
    id: 'W02',
    title:
      'what a row of the invoice list is: a template before a void, a void before a bill, a bill before recognition',
    params: {},
    data: book({
      invoices: [
        one(-5001, 1, {}, { voided: true }),
        one(1, 2, {}, { voided: true, supplier_id: 7 }),
        one(2, 4, {}, { supplier_id: 7, is_recognition: true }),
        one(3, 8, { is_recognised_revenue: true, credit_id: 4 }),
        one(4, -16, {}),
      ],
    }),
    evidence: {
      excluded: [
        [1, '2.00', 'void'],
        [2, '4.00', 'supplier'],
        [3, '8.00', 'recognition'],
        [-5001, '1.00', 'template'],
      ],
      credit: [[4, '-16.00', 'C11']],
    },
    totals: { AUD: { total_net: '-16.00' } },
  },
  {
    id: 'W03',
    title: 'what a line was for: a deposit, then prepaid hours, a project, a product, and last its ticket',
    params: {},
    data: book({
      invoices: [
        one(1, 1, { isdownpayment: true, prepay_id: 3 }),
        one(2, 2, { prepay_id: 3, milestone_id: 3 }),
        one(3, 4, { milestone_id: 3, salesorder_line_id: 3 }),
        one(4, 8, { salesorder_line_id: 3, ticket_id: 5 }),
      ],
    }),
    totals: {
      AUD: {
        non_recurring: {
          by_kind: { deposit: '1.00', prepay: '2.00', project: '4.00', product: '8.00', labour: '0.00' },
        },
      },
    },
  },
  {
    id: 'W04',
    title: 'the cent that two classes share equally is recurring',
    params: {},
    data: book({ invoices: [invoice(1, { lines: [adhoc(1, 0.005), { id: 2, net_amount: 0.005, ...RUN }] })] }),
    totals: { AUD: { recurring: { net: '0.01' }, non_recurring: { net: '0.00' } } },
  },
  {
    id: 'W05',
    title:
      'contract, recurring invoice and ticket of a line before those of its header; a contract’s period before a line’s',
    params: { group_by: ['client', 'contract', 'recurring_invoice', 'project'] },
    data: book({
      contracts: [contract(312), contract(313, { billingperiod: 0 })],
      recurring_invoices: [
        template(-5003, { contract_id: 312, lines: [{ id: 11, net_amount: 100, contract_id: 313 }] }),
      ],
      invoices: [
        one(1, 1, { contract_id: 313, recurring_invoice_id: -5002 }, { contract_id: 312, ...RUN }),
        one(2, 2, { contract_id: 0 }, { contract_id: 312, ...DAYS }),
        one(3, 4, { contract_id: 313, billingperiod: 2 }, DAYS),
        one(4, 8, { milestone_id: 3, ticket_id: 6 }, { ticket_id: 7 }),
      ],
    }),
    evidence: {
      recurring: [[1, '1.00', 'C6']],
      non_recurring: [
        [2, '2.00', 'C11'],
        [3, '4.00', 'C11'],
        [4, '8.00', 'C5'],
      ],
      contract_only: [[312, '800.00']],
    },
    totals: { AUD: { mrr_under_contract: '100.00', contract_only_mrr: '800.00' } },
    groups: [
      { by: 'contract', key: 313, recurring: '1.00', non_recurring: '4.00', mrr: '100.00' },
      { by: 'recurring_invoice', key: -5002, recurring: '1.00' },
      { by: 'project', key: 6, non_recurring: '8.00' },
    ],
  },
  {
    id: 'W06',
    title: 'a credit undoes the line that it names, then what its own link says, then the mix of the invoice',
    params: {},
    data: book({
      invoices: [
        invoice(1, { lines: [adhoc(11, 100), { id: 12, net_amount: 300, ...RUN }] }),
        one(2, -10, { creditlinkedidid: 11, ...RUN }, { creditlinkedtoinvoiceid: 1 }),
        one(3, -20, RUN, { creditlinkedtoinvoiceid: 1 }),
        one(4, -40, { recurring_invoice_id: -1 }, { creditlinkedtoinvoiceid: 1 }),
      ],
    }),
    totals: { AUD: { recurring: { credited: '-50.00' }, non_recurring: { credited: '-20.00' } } },
  },
  {
    id: 'W07',
    title: 'whose it is: the line’s original client before the invoice’s',
    params: {},
    data: book({ invoices: [one(1, 1, { original_client_id: 102 }, { original_client_id: 103 })] }),
    totals: { AUD: { total_net: '1.00' } },
    clients: { 102: { total_net: '1.00' } },
  },
  {
    id: 'W08',
    title: 'who pays: a template’s own payer, then that of its client’s recurring invoices',
    params: { attribute_to: 'billed_client' },
    data: book({
      clients: [{ ...ACME, client_to_invoice_recurring: 103, client_to_invoice: 104 }, ...BRANCHES],
      recurring_invoices: [
        template(-5001, { client_to_invoice_to_id: 102, lines: [{ id: 11, net_amount: 100 }] }),
        template(-5002, { lines: [{ id: 12, net_amount: 200 }] }),
      ],
    }),
    totals: { AUD: { mrr: '300.00' } },
    clients: { 102: { mrr: '100.00' }, 103: { mrr: '200.00' } },
  },
  {
    id: 'W09',
    title: 'a stated field before what stands in for it: currency, day, amount, period, start and end',
    params: {},
    data: book({
      clients: [{ ...ACME, default_currency_code: 1 }, ...BRANCHES],
      contracts: [contract(312, { currency_code: 2, billing_period_string: 'Quarterly', periodchargeamount: 300 })],
      recurring_invoices: [
        template(-5001, {
          ...{ period: 3, startdate: '2026-12-01', enddate: '2026-01-31' },
          schedule: { period: 2, end_date: '2027-01-31T00:00:00' },
          lines: [{ id: 11, net_amount: 1200 }],
        }),
      ],
      invoices: [
        one(1, 1, {}, { currency_code_name: 'USD' }),
        one(2, 2, {}, { dateposted: '2026-07-02' }),
        one(3, 4, { unit_price: 3, qty_order: 2 }),
        invoice(4, { revenue: 8, total: 11, tax_total: 1 }),
      ],
    }),
    evidence: {
      mrr: [[-5001, '1200.00']],
      contract_only: [[312, '100.00']],
      non_recurring: [
        [1, '1.00', 'C11'],
        [2, '2.00', 'C11'],
        [3, '4.00', 'C11'],
        [4, '8.00', 'C11'],
      ],
    },
    totals: {
      AUD: { mrr: '1200.00', contract_only_mrr: '0.00', total_net: '14.00' },
      USD: { contract_only_mrr: '100.00', total_net: '1.00' },
    },
  },
  {
    id: 'W10',
    title: 'why a template does not run: disabled before ended, ended before not started',
    params: {},
    data: book({
      recurring_invoices: [
        template(-5001, { disabled: true, schedule: { end_date: '2026-05-31' }, lines: [{ id: 11, net_amount: 1 }] }),
        template(-5002, {
          schedule: { startdate: '2026-08-01', end_date: '2026-05-31' },
          lines: [{ id: 12, net_amount: 2 }],
        }),
      ],
    }),
    evidence: {
      excluded: [
        [-5001, '1.00', 'disabled'],
        [-5002, '2.00', 'ended'],
      ],
    },
    totals: { AUD: { mrr: '0.00' } },
  },
];
