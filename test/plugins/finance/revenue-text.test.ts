/** The breakdown as a person reads it. */
import { describe, expect, it } from 'vitest';
import type { RevenueAnswer } from '../../../plugins/finance/revenue-breakdown/output.js';
import { revenueText } from '../../../plugins/finance/revenue-breakdown/text.js';
import type { Params } from '../../../revenue/index.js';
import type { Raw } from '../../revenue/book.js';
import { ACME, adhoc, answer, contract, generated, invoice, template } from '../../revenue/rows.js';

const text = (raw: Raw, params: Partial<Params> = {}, one = true) =>
  revenueText(answer(raw, params) as unknown as RevenueAnswer, one, 'table').data;
const bill = (id: number, date: string, ...lines: object[]) =>
  invoice(id, { invoice_date: date, invoicenumber: `INV-${id}`, lines });

describe('K2 kinds in the text', () => {
  it('are told by currency, and that labour holds items issued on tickets', () => {
    const lines = [adhoc(1, 60, { ticket_id: 5 }), adhoc(2, 40, { salesorder_line_id: 3 })];
    expect(text({ invoices: [bill(1, '2026-06-01', ...lines)] })).toContain(
      'Non-recurring by kind: AUD labour 60.00, product 40.00 (labour holds items issued on tickets, too).',
    );
  });
  it('are not told where there are none, nor of labour where there is none', () => {
    expect(text({ invoices: [bill(1, '2026-06-01', generated(1, 60))] })).not.toContain('by kind');
    expect(text({ invoices: [bill(1, '2026-06-01', adhoc(1, 40))] })).toContain(
      'Non-recurring by kind: AUD adhoc 40.00.',
    );
  });
});

it('months and groups carry their totals', () => {
  const raw = {
    recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 70 }] })],
    invoices: [bill(1, '2026-05-01', generated(1, 60)), bill(2, '2026-06-01', generated(2, 61), adhoc(3, 5))],
  };
  const said = text(raw, { group_by: ['month', 'recurring_invoice'] });
  expect(said).toMatch(/TOTAL\tAUD\t121\.00\t5\.00/);
  expect(said).toMatch(/recurring_invoice\t\tTOTAL\tAUD\t121\.00\t5\.00\t70\.00/);
});

it('months and groups of all are whole where clients are left out for want of room', () => {
  const clients = [ACME, { id: 102, name: 'Branch' }];
  const invoices = [
    bill(1, '2026-06-01', adhoc(1, 60, { contract_id: 301, linked_item: { assetgroup_id: 7 } })),
    { ...bill(2, '2026-06-02', adhoc(2, 40, { contract_id: 302, linked_item: { assetgroup_id: 7 } })), client_id: 102 },
  ];
  const { months, groups, ...whole } = answer({ clients, invoices }, { group_by: ['month', 'item_group', 'contract'] });
  const own = { _months: months, _groups: groups, clients: whole.clients.slice(0, 1) };
  const cut = { ...whole, ...own } as unknown as RevenueAnswer;
  const { data } = revenueText(cut, false, 'table');
  expect(data).toContain('2026-06\tAUD\t0.00\t100.00\nTOTAL\tAUD\t0.00\t100.00');
  expect(data).toContain(
    [
      'item_group\t7\tItem group 7\tAUD\t0.00\t100.00\t0.00\t',
      'item_group\t\tTOTAL\tAUD\t0.00\t100.00\t0.00\t',
      'contract\t301\tContract 301\tAUD\t0.00\t60.00\t0.00\tAcme',
      'contract\t302\tContract 302\tAUD\t0.00\t40.00\t0.00\tBranch',
      'contract\t\tTOTAL\tAUD\t0.00\t100.00\t0.00',
    ].join('\n'),
  );
});

it('flags name the client where there are several, and the reference', () => {
  const clients = [ACME, { id: 102, name: 'Branch' }];
  const contracts = [contract(301), contract(302, { client_id: 102 })];
  expect(text({ clients, contracts }, {}, false)).toMatch(
    /contract:301 Acme CT-301 800\.00 AUD, contract:302 Branch CT-302 800\.00 AUD/,
  );
  expect(text({ clients, contracts }, { client_id: 101 })).toMatch(/contract:301 CT-301 800\.00 AUD/);
});
