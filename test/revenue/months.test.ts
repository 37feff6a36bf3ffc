import { describe, expect, it } from 'vitest';
import { completeMonths, invoiceWindow, monthsIn } from '../../revenue/index.js';
import { wholeMonths } from '../../revenue/values/months.js';
import { adhoc, answer, billed, client, type Fields, figures, generated, invoice, template } from './rows.js';

const yearly = (id: number, from: string, to: string, net: number, fields: Fields = {}) =>
  invoice(id, {
    invoice_date: from,
    period_start_date: from,
    period_end_date: to,
    lines: [generated(21, net)],
    ...fields,
  });
const service = { month_basis: 'service_period' } as const;
const recurringByMonth = (raw: Parameters<typeof answer>[0], params = {}) =>
  Object.entries(client(answer(raw, { ...service, ...params })).months ?? {})
    .map(([month, codes]) => [month, codes.AUD?.recurring])
    .filter(([, amount]) => amount !== '0.00');

describe('by month, as billed', () => {
  const raw = { invoices: [yearly(1, '2026-01-15', '2027-01-14', 1200), invoice(2, { lines: [adhoc(21, 5)] })] };
  const { months = {} } = client(answer(raw, { group_by: ['client', 'month'] }));
  it('has every month of the window, and the whole amount in the month of the document', () => {
    expect(Object.keys(months)).toHaveLength(12);
    expect(months['2026-01']).toEqual({ AUD: { recurring: '1200.00', non_recurring: '0.00' } });
    expect(months['2026-06']).toEqual({ AUD: { recurring: '0.00', non_recurring: '5.00' } });
    expect(months['2025-07']).toEqual({ AUD: { recurring: '0.00', non_recurring: '0.00' } });
  });
  it('comes only when asked for', () => expect(client(answer(raw)).months).toBeUndefined());
});

describe('over the service period', () => {
  it('n whole months are n equal parts, the earliest getting the remainder', () => {
    const raw = { invoices: [yearly(1, '2026-01-01', '2026-12-31', 100)] };
    expect(recurringByMonth(raw, { from: '2026-01-01', to: '2026-12-31' }).map(([, amount]) => amount)).toEqual([
      '8.34',
      '8.34',
      '8.34',
      '8.34',
      ...Array(8).fill('8.33'),
    ]);
  });
  it('a period from mid-month counts each part in the month in which it starts', () => {
    const raw = { invoices: [yearly(1, '2026-04-15', '2026-07-14', 300)] };
    expect(recurringByMonth(raw)).toEqual([
      ['2026-04', '100.00'],
      ['2026-05', '100.00'],
      ['2026-06', '100.00'],
    ]);
  });
  it('any other period goes by days, rounded cumulatively', () => {
    const raw = { invoices: [yearly(1, '2026-05-22', '2026-06-10', 100)] };
    expect(recurringByMonth(raw)).toEqual([
      ['2026-05', '50.00'],
      ['2026-06', '50.00'],
    ]);
    const odd = { invoices: [yearly(1, '2026-04-20', '2026-06-05', 100)] };
    expect(recurringByMonth(odd)).toEqual([
      ['2026-04', '23.40'],
      ['2026-05', '65.96'],
      ['2026-06', '10.64'],
    ]);
  });
  it('is cut at the first of a month and at the edges of the window, wherever they fall', () => {
    const raw = { invoices: [yearly(1, '2026-04-20', '2026-06-05', 100)] };
    expect(recurringByMonth(raw, { from: '2026-05-15' })).toEqual([
      ['2026-05', '36.17'],
      ['2026-06', '10.64'],
    ]);
    expect(recurringByMonth(raw, { to: '2026-06-02' }).at(-1)).toEqual(['2026-06', '4.26']);
    expect(recurringByMonth({ invoices: [yearly(1, '2026-05-22', '2026-06-01', 110)] })).toEqual([
      ['2026-05', '100.00'],
      ['2026-06', '10.00'],
    ]);
  });
  it('gives each client of a document its own part of every month', () => {
    const lines = [generated(21, 100), generated(22, 300, { original_client_id: 102 })];
    const from = answer({ invoices: [yearly(1, '2026-03-01', '2026-06-30', 0, { lines })] }, service);
    const of = (id: number) => Object.values(client(from, id).months ?? {}).map(({ AUD }) => AUD?.recurring);
    expect(of(101).slice(-5)).toEqual(['0.00', '25.00', '25.00', '25.00', '25.00']);
    expect(of(102).slice(-5)).toEqual(['0.00', '75.00', '75.00', '75.00', '75.00']);
  });
  it('counts what was invoiced before the window and earned in it', () => {
    const raw = { invoices: [yearly(1, '2025-01-01', '2025-12-31', 1200)] };
    expect(figures(answer(raw, service)).recurring.net).toBe('600.00');
    expect(figures(answer(raw)).recurring.net).toBe('0.00');
  });
  it('leaves one-off lines on their day, and recurring ones without a period', () => {
    const mixed = yearly(1, '2026-01-01', '2026-12-31', 0, { lines: [generated(21, 1200), adhoc(22, 60)] });
    expect(billed(answer({ invoices: [mixed] }, service))).toEqual(['600.00', '60.00', '660.00']);
    const without = invoice(2, {
      lines: [generated(21, 90)],
      period_start_date: '2026-06-01',
      period_end_date: '1900-01-01',
    });
    expect(recurringByMonth({ invoices: [without] })).toEqual([['2026-06', '90.00']]);
    const backwards = yearly(3, '2026-05-20', '2026-05-10', 90, { invoice_date: '2026-06-01' });
    expect(recurringByMonth({ invoices: [backwards] })).toEqual([['2026-06', '90.00']]);
  });
  it('a period of one day is that day', () => {
    const day = yearly(1, '2026-05-10', '2026-05-10', 90, { invoice_date: '2026-06-01' });
    expect(recurringByMonth({ invoices: [day] })).toEqual([['2026-05', '90.00']]);
  });
  it('a credit with the same period cancels month by month', () => {
    const credit = yearly(2, '2026-01-01', '2026-12-31', 100, { creditlinkedtoinvoiceid: 1 });
    expect(recurringByMonth({ invoices: [yearly(1, '2026-01-01', '2026-12-31', 100), credit] })).toEqual([]);
  });
  it('drafts are spread too', () => {
    const draft = yearly(1, '2026-01-01', '2026-12-31', 1200, { posted: false });
    expect(figures(answer({ invoices: [draft] }, service)).unposted_net).toBe('600.00');
  });
});

it.each([
  ['2026-01-01', '2026-12-31', 12],
  ['2026-01-15', '2026-02-14', 1],
  ['2024-02-01', '2024-02-29', 1],
  ['2023-03-01', '2028-02-29', 60],
  ['2026-01-01', '2026-01-07', undefined],
  ['2026-01-01', '2026-02-01', undefined],
  ['2026-06-01', '2026-05-31', undefined],
  ['2026-06-01', '2026-04-30', undefined],
])('%s to %s is %s whole months', (from, to, months) => expect(wholeMonths({ from, to })).toBe(months));

it('a window has every month that it touches', () => {
  expect(monthsIn({ from: '2026-05-31', to: '2026-07-01' })).toEqual(['2026-05', '2026-06', '2026-07']);
  expect(monthsIn({ from: '2026-05-31', to: '2026-06-30' })).toEqual(['2026-05', '2026-06']);
});

it('the default window is the last complete months', () => {
  expect(completeMonths('2026-07-15')).toEqual({ from: '2025-07-01', to: '2026-06-30' });
  expect(completeMonths('2024-03-01', 1)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
});

it('by service period, invoices from five years before may still be earned in the window', () => {
  const window = { from: '2025-07-01', to: '2026-06-30' };
  expect(invoiceWindow(window, 'billed')).toEqual(window);
  expect(invoiceWindow(window, 'service_period')).toEqual({ from: '2020-07-01', to: '2027-06-30' });
});

describe('groups', () => {
  const item = (id: number, net: number, group: number, name: string) => ({
    id,
    net_amount: net,
    linked_item: { assetgroup_id: group, assetgroup_name: name },
  });
  const raw = {
    recurring_invoices: [
      template(-5001, { contract_id: 301, lines: [item(1, 0.005, 8, 'Licences'), item(2, 0.005, 7, 'Support')] }),
    ],
    invoices: [
      invoice(1, {
        recurring_invoice_id: -5001,
        contract_id: 301,
        lines: [{ ...item(21, 10, 7, 'Support'), recurring_invoice_line_id: 2 }, adhoc(22, 5)],
      }),
    ],
  };
  const of = (by: 'item_group' | 'contract' | 'recurring_invoice') =>
    client(answer(raw, { group_by: [by] })).groups?.map((row) => [
      row.key,
      row.name,
      row.recurring,
      row.non_recurring,
      row.mrr,
    ]);
  it('by item group, ids ascending, what has none last', () => {
    expect(of('item_group')).toEqual([
      [7, 'Support', '10.00', '0.00', '0.01'],
      [8, 'Licences', '0.00', '0.00', '0.00'],
      [null, 'No item group', '0.00', '5.00', '0.00'],
    ]);
  });
  it('by contract and by recurring invoice', () => {
    expect(of('contract')).toEqual([[301, 'Contract 301', '10.00', '5.00', '0.01']]);
    expect(of('recurring_invoice')).toEqual([[-5001, 'Recurring invoice -5001', '10.00', '5.00', '0.01']]);
  });
  it('by the contract of the line, before that of its document', () => {
    const lines = [adhoc(21, 7, { contract_id: 302 }), adhoc(22, 5)];
    const from = answer({ invoices: [invoice(1, { contract_id: 301, lines })] }, { group_by: ['contract'] });
    expect(client(from).groups?.map(({ key, non_recurring }) => [key, non_recurring])).toEqual([
      [301, '5.00'],
      [302, '7.00'],
    ]);
  });
});
