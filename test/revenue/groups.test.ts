/** Rows of `groups`: their order, their names, and which gets a remaining unit. */
import { describe, expect, it } from 'vitest';
import { ACME, adhoc, answer, client, contract, type Fields, generated, invoice, template } from './rows.js';

type By = 'item_group' | 'contract' | 'recurring_invoice' | 'project';
const of = (by: By, raw: Parameters<typeof answer>[0], params = {}) =>
  client(answer(raw, { group_by: [by], ...params })).groups ?? [];
const half = (id: number, fields: Fields) => adhoc(id, 0.005, fields);
const inGroup = (key: number | string | null) =>
  typeof key === 'number' ? { linked_item: { assetgroup_id: key } } : { item_group: key };

describe('of equal remainders the earlier key gets the unit: ids by size, then names, then what has no key', () => {
  it.each([
    [8, 7, 7],
    [7, 8, 7],
    ['A', 7, 7],
    [7, 'A', 7],
    ['B', 'A', 'A'],
    ['A', 'B', 'A'],
    [null, 'A', 'A'],
    ['A', null, 'A'],
    [null, 7, 7],
    [7, null, 7],
    [10, 9, 9],
    ['#1', 7, 7],
    [null, 'zinc', 'zinc'],
  ])('item groups %s and %s: %s', (first, second, favoured) => {
    const lines = [half(21, inGroup(first)), half(22, inGroup(second))];
    const rows = of('item_group', { invoices: [invoice(1, { lines })] });
    expect(rows.filter(({ non_recurring }) => non_recurring === '0.01').map(({ key }) => key)).toEqual([favoured]);
    const ranked = [7, 8, 9, 10, '#1', 'A', 'B', 'zinc', null];
    expect(rows.map(({ key }) => key)).toEqual([first, second].sort((a, b) => ranked.indexOf(a) - ranked.indexOf(b)));
  });
  it('recurring invoices by the size of their ids', () => {
    const lines = [-5010, -5009].map((recurring_invoice_id, index) =>
      generated(21 + index, 0.005, { recurring_invoice_id }),
    );
    expect(
      of('recurring_invoice', { invoices: [invoice(1, { lines })] }).map(({ key, recurring }) => [key, recurring]),
    ).toEqual([
      [-5009, '0.01'],
      [-5010, '0.00'],
    ]);
  });
  it('contracts by id, what has none last', () => {
    const lines = [half(21, {}), half(22, { contract_id: 310 }), half(23, { contract_id: 309 })];
    expect(
      of('contract', { invoices: [invoice(1, { lines })] }).map(({ key, non_recurring }) => [key, non_recurring]),
    ).toEqual([
      [309, '0.01'],
      [310, '0.01'],
      [null, '0.00'],
    ]);
  });
});

it('a row is named by its contract, by its item group, or else by its id', () => {
  const lines = [
    adhoc(21, 1, { contract_id: 301, linked_item: { assetgroup_id: 7, assetgroup_name: 'Support' } }),
    adhoc(22, 1, { contract_id: 302, linked_item: { assetgroup_id: 7, assetgroup_name: 'Help' } }),
    generated(23, 1, { linked_item: { assetgroup_id: 8 } }),
    adhoc(24, 1, { item_group: 'Cables' }),
    adhoc(25, 1),
  ];
  const raw = { contracts: [contract(301)], invoices: [invoice(1, { lines })] };
  const names = (by: By) => of(by, raw).map(({ key, name }) => [key, name]);
  expect(names('item_group')).toEqual([
    [7, 'Help'],
    [8, 'Item group 8'],
    ['Cables', 'Cables'],
    [null, 'No item group'],
  ]);
  expect(names('contract')).toEqual([
    [301, 'CT-301'],
    [302, 'Contract 302'],
    [null, 'No contract'],
  ]);
  expect(names('recurring_invoice')).toEqual([
    [-5001, 'Recurring invoice -5001'],
    [null, 'No recurring invoice'],
  ]);
});

it('one name for an item group that rows name differently, in any order of the rows', () => {
  const named = (id: number, assetgroup_name: string) =>
    invoice(id, { lines: [adhoc(id, 1, { linked_item: { assetgroup_id: 7, assetgroup_name } })] });
  for (const [first, second] of [
    ['Support', 'Help'],
    ['Help', 'Support'],
  ] as const) {
    expect(of('item_group', { invoices: [named(1, first), named(2, second)] })).toMatchObject([
      { key: 7, name: 'Help', non_recurring: '2.00' },
    ]);
  }
});

it('groups stand in the order of the table, then home first, then by code', () => {
  const raw = {
    invoices: [4, 2, 1].map((currency_code, index) =>
      invoice(index + 1, { currency_code, lines: [adhoc(1, 1, { contract_id: 301 })] }),
    ),
  };
  const { groups = [] } = client(answer(raw, { group_by: ['contract', 'item_group'] }));
  expect(groups.map(({ by, currency, non_recurring }) => [by, currency, non_recurring])).toEqual([
    ['item_group', 'AUD', '1.00'],
    ['item_group', 'KWD', '1.000'],
    ['item_group', 'USD', '1.00'],
    ['contract', 'AUD', '1.00'],
    ['contract', 'KWD', '1.000'],
    ['contract', 'USD', '1.00'],
  ]);
});

it('groups stand by currency, then key, whatever was read first', () => {
  const rows = of('contract', {
    invoices: [
      invoice(1, { currency_code: 4, lines: [adhoc(1, 1, { contract_id: 301 })] }),
      invoice(2, { currency_code: 2, lines: [adhoc(1, 1, { contract_id: 300 })] }),
      invoice(3, { currency_code: 1, lines: [adhoc(1, 1, { contract_id: 302 })] }),
    ],
  });
  expect(rows.map(({ key, currency }) => [currency, key])).toEqual([
    ['AUD', 302],
    ['KWD', 301],
    ['USD', 300],
  ]);
  const keys = [null, 'B', 'zinc', 10, '#1', 'A', 9];
  const invoices = keys.map((key, index) => invoice(index + 1, { lines: [adhoc(1, 1, inGroup(key))] }));
  expect(of('item_group', { invoices }).map(({ key }) => key)).toEqual([9, 10, '#1', 'A', 'B', 'zinc', null]);
  const runs = [-5010, -5009].map((recurring_invoice_id, index) =>
    invoice(index + 1, { lines: [generated(1, 1, { recurring_invoice_id })] }),
  );
  expect(of('recurring_invoice', { invoices: runs }).map(({ key }) => key)).toEqual([-5009, -5010]);
});

it('a row adds up over documents and templates, each column by itself', () => {
  const line = { recurring_invoice_id: -5001, recurring_invoice_line_id: 11 };
  const rows = of('recurring_invoice', {
    clients: [ACME],
    recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 30 }] })],
    invoices: [
      invoice(1, { lines: [{ id: 1, net_amount: 10, ...line }] }),
      invoice(2, { lines: [{ id: 2, net_amount: 5, ...line }] }),
      invoice(3, { recurring_invoice_id: -5001, lines: [adhoc(3, 7)] }),
      invoice(4, { creditlinkedtoinvoiceid: 1, lines: [{ id: 4, net_amount: -2, creditlinkedidid: 1 }] }),
    ],
  });
  expect(rows).toEqual([
    {
      by: 'recurring_invoice',
      key: -5001,
      name: 'Recurring invoice -5001',
      currency: 'AUD',
      recurring: '13.00',
      non_recurring: '7.00',
      mrr: '30.00',
    },
  ]);
});

it('what is spread gives a group its part of the window, at the rate of the caller', () => {
  const row = invoice(1, {
    invoice_date: '2026-01-01',
    period_start_date: '2026-01-01',
    period_end_date: '2026-12-31',
    currency_code: 2,
    lines: [generated(21, 120, { contract_id: 301 }), generated(22, 240, { contract_id: 302 })],
  });
  const params = { month_basis: 'service_period', currency_policy: 'convert', rates: { USD: 2 } } as const;
  expect(of('contract', { invoices: [row] }, params).map(({ key, recurring }) => [key, recurring])).toEqual([
    [301, '120.00'],
    [302, '240.00'],
  ]);
});

it('projects are those whose milestones were billed, by their ticket or that of the document; a credit is of what it credits', () => {
  const milestone = (id: number, net: number, fields: Fields = {}) => adhoc(id, net, { milestone_id: 4, ...fields });
  const invoices = [
    invoice(1, { lines: [milestone(21, 100, { ticket_id: 9 }), adhoc(22, 7, { ticket_id: 9 })] }),
    invoice(2, { ticket_id: 10, lines: [milestone(23, 50)] }),
    invoice(3, { creditlinkedtoinvoiceid: 1, lines: [adhoc(24, -30, { creditlinkedidid: 21 })] }),
  ];
  const raw = { recurring_invoices: [template(-5001, { lines: [{ id: 11, net_amount: 70 }] })], invoices };
  expect(of('project', raw).map(({ key, name, non_recurring, mrr }) => [key, name, non_recurring, mrr])).toEqual([
    [9, 'Project 9', '70.00', '0.00'],
    [10, 'Project 10', '50.00', '0.00'],
    [null, 'No project', '7.00', '70.00'],
  ]);
});
