import { describe, expect, it } from 'vitest';
import { judgeInvoice, keepContract, keepInvoice, lineVerdicts, RULES } from '../../revenue/index.js';
import { LINE_RULES } from '../../revenue/rules/lineclass.js';
import { adhoc, answer, client, codes, contract, type Fields, figures, generated, invoice } from './rows.js';

const contracts = [keepContract(contract(312)), keepContract(contract(313, { billingperiod: 0 }))].filter(
  (row) => row !== undefined,
);

/** The verdict on one line of an invoice. */
function verdict(line: Fields, header: Fields = {}) {
  const kept = keepInvoice(invoice(1, { lines: [{ id: 21, net_amount: 100, ...line }], ...header }));
  if (kept === undefined) throw new Error('no invoice');
  const [first] = lineVerdicts(kept, { contracts });
  return [first?.rule, first?.class, first?.kind];
}

const run = { recurring_invoice_id: -5001 };
const serviceDates = { period_start_date: '2026-06-01', period_end_date: '2026-06-30' };

describe.each([
  [
    'C2',
    'non_recurring',
    'adhoc',
    { onetimecharge: true, recurring_invoice_line_id: 11, recurring_invoice_id: -5001 },
    run,
  ],
  ['C2', 'non_recurring', 'labour', { onetimecharge: true, ticket_id: 5 }, run],
  ['C2', 'non_recurring', 'project', { onetimecharge: true, ticket_id: 5, milestone_id: 3 }, run],
  ['C3', 'recurring', undefined, { recurring_invoice_line_id: 11 }, {}],
  ['C3', 'recurring', undefined, { recurring_invoice_line_id: 11, ticket_id: 5 }, {}],
  ['C4', 'recurring', undefined, { pro_rata_line_id: 66, recurring_invoice_id: -1 }, {}],
  ['C5', 'non_recurring', 'labour', { ticket_id: 5, recurring_invoice_id: -5001 }, run],
  ['C5', 'non_recurring', 'product', { ticket_id: 5, salesorder_line_id: 3 }, {}],
  ['C5', 'non_recurring', 'prepay', { ticket_id: 5, prepay_id: 3 }, {}],
  ['C5', 'non_recurring', 'deposit', { ticket_id: 5, isdownpayment: true }, {}],
  ['C5', 'non_recurring', 'project', { ticket_id: 5, milestone_id: 3 }, run],
  ['C6', 'recurring', undefined, { recurring_invoice_id: -2 }, {}],
  ['C6', 'recurring', undefined, { recurring_invoice_id: 94, salesorder_line_id: 3 }, {}],
  ['C7', 'non_recurring', 'product', { salesorder_line_id: 3, item_recurring: true }, run],
  ['C7', 'non_recurring', 'project', { milestone_id: 3 }, {}],
  ['C7', 'non_recurring', 'prepay', { prepay_id: 3 }, {}],
  ['C7', 'non_recurring', 'deposit', { isdownpayment: true, salesorder_line_id: 3 }, {}],
  ['C7', 'non_recurring', 'deposit', { recurring_invoice_id: -1 }, { is_down_payment: true }],
  ['C8', 'recurring', undefined, { item_recurring: true, recurring_invoice_id: -1 }, {}],
  ['C8', 'recurring', undefined, { linked_item: { isrecurringitem: true } }, {}],
  ['C9', 'recurring', undefined, {}, run],
  ['C10', 'recurring', undefined, { contract_id: 312, recurring_invoice_id: -1 }, serviceDates],
  ['C10', 'recurring', undefined, {}, { contract_id: 312, ...serviceDates }],
  ['C10', 'recurring', undefined, { contract_id: 999, billingperiod: 2 }, serviceDates],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 312 }, {}],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 312 }, { period_start_date: '2026-06-01' }],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 312 }, { period_end_date: '2026-06-30' }],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 0, billingperiod: 2 }, serviceDates],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 313 }, serviceDates],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 999 }, serviceDates],
  ['C11', 'non_recurring', 'adhoc', { contract_id: 0 }, { contract_id: 312, ...serviceDates }],
  ['C11', 'non_recurring', 'adhoc', { recurring_invoice_id: -1 }, run],
  ['C11', 'non_recurring', 'adhoc', { recurring_invoice_id: 0 }, run],
  ['C11', 'non_recurring', 'adhoc', { recurring_invoice_id: null }, run],
  ['C11', 'non_recurring', 'adhoc', {}, { recurring_invoice_id: -1 }],
  ['C11', 'non_recurring', 'adhoc', { item_recurring: false, recurring_invoice_id: '-1' }, {}],
] as const)('%s', (rule, lineClass, kind, line, header) => {
  it(`${JSON.stringify(line)} on ${JSON.stringify(header)} is ${lineClass}, ${kind}`, () => {
    expect(verdict(line, header)).toEqual([rule, lineClass, kind]);
  });
});

it('every rule has its reason, in the order of the table', () => {
  expect(Object.keys(RULES)).toEqual(['C1', ...LINE_RULES.map(({ id }) => id)]);
  for (const reason of Object.values(RULES)) expect(reason).toMatch(/^\S.* \S.*$/);
});

describe('what a class gives occasion to say', () => {
  it.each([
    ['labour_on_recurring_run', { ticket_id: 5, recurring_invoice_id: -1 }, run],
    ['labour_on_recurring_run', { ticket_id: 5, recurring_invoice_id: -5001 }, {}],
    ['recurring_item_on_manual_invoice', { item_recurring: true, recurring_invoice_id: -1 }, {}],
    ['contract_missing', { contract_id: 999, recurring_invoice_id: -1 }, serviceDates],
  ])('%s: %o on %o', (code, line, header) => {
    const from = answer({ invoices: [invoice(1, { lines: [{ id: 21, net_amount: 100, ...line }], ...header })] });
    expect(codes(from)).toEqual([code]);
  });
  it('a ticket on an invoice of its own says nothing', () => {
    expect(codes(answer({ invoices: [invoice(1, { lines: [adhoc(21, 100, { ticket_id: 5 })] })] }))).toEqual([]);
  });
});

describe('header only', () => {
  it.each([
    [{ recurring_invoice_id: -5001, ticket_id: 5 }, 'recurring', 'C9', undefined],
    [{ recurring_invoice_id: -1, ticket_id: 5 }, 'non_recurring', 'C5', 'labour'],
    [{ salesorder_id: 5 }, 'non_recurring', 'C7', 'product'],
    [{ contract_id: 312, ...serviceDates }, 'recurring', 'C10', undefined],
    [{ recurring_invoice_id: -1 }, 'non_recurring', 'C11', 'adhoc'],
    [{}, 'non_recurring', 'C11', 'unclassified'],
  ])('%o is %s by %s', (header, lineClass, rule, kind) => {
    const kept = keepInvoice(invoice(1, { revenue: 100, ...header }));
    if (kept === undefined) throw new Error('no invoice');
    expect(lineVerdicts(kept, { contracts })[0]).toMatchObject({ class: lineClass, rule, ...(kind && { kind }) });
  });
  it('unclassified is inside non-recurring and shown on its own', () => {
    const from = answer({ invoices: [invoice(1, { revenue: 100 }), invoice(2, { lines: [adhoc(21, 50)] })] });
    expect(figures(from).non_recurring).toMatchObject({
      net: '150.00',
      by_kind: { unclassified: '100.00', adhoc: '50.00' },
    });
  });
});

it('an invoice is of the kind that its lines with money are of', () => {
  const kind = (fields: Fields) => {
    const kept = keepInvoice(invoice(1, fields));
    return kept && judgeInvoice(kept).kind;
  };
  expect(kind({ lines: [generated(1, 10), adhoc(2, 0)] })).toBe('recurring');
  expect(kind({ lines: [generated(1, 10), adhoc(2, 5)] })).toBe('mixed');
  expect(kind({ lines: [adhoc(2, 5)] })).toBe('one_off');
  expect(kind({ lines: [adhoc(2, -5)] })).toBe('credit');
  expect(kind({ lines: [adhoc(2, 5)], creditlinkedtoinvoiceid: 9 })).toBe('credit');
  expect(kind({ lines: [], total: 12, tax_total: 2 })).toBe('one_off');
  // Neither lines nor a header: it may be a credit note.
  expect(kind({ lines: [] })).toBeUndefined();
  expect(kind({ lines: [generated(1, 0)] })).toBe('recurring');
});

it('evidence names the lines and the rules of each class', () => {
  const lines = [generated(21, 10), adhoc(22, 5), adhoc(23, 7, { ticket_id: 5 }), adhoc(24, 0)];
  const { evidence } = client(answer({ invoices: [invoice(1, { invoicenumber: 'INV-1', lines })] }));
  expect(evidence.recurring.items).toMatchObject([
    { id: 1, number: 'INV-1', date: '2026-06-01', net: '10.00', line_ids: [21], rule: 'C3' },
  ]);
  expect(evidence.non_recurring.items).toMatchObject([{ id: 1, net: '12.00', line_ids: [22, 23, 24], rule: 'C5 C11' }]);
});

describe('K1 what a line was for is what it says itself, before its ticket', () => {
  it.each([
    ['deposit', { isdownpayment: true }],
    ['prepay', { prepay_id: 3 }],
    ['project', { milestone_id: 3 }],
    ['product', { salesorder_line_id: 3 }],
    ['labour', {}],
  ] as const)('%s', (kind, fields) => {
    expect(verdict({ ticket_id: 5, ...fields }, {})).toEqual(['C5', 'non_recurring', kind]);
    expect(verdict({ ticket_id: 5, onetimecharge: true, ...fields }, {})).toEqual(['C2', 'non_recurring', kind]);
  });
});
