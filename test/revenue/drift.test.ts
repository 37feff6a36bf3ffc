import { describe, expect, it } from 'vitest';
import { adhoc, answer, client, codes, type Fields, generated, invoice, template } from './rows.js';

describe('M7 stored quantities and what was last billed', () => {
  const row = template(-5001, { lines: [{ id: 11, net_amount: 100, recurring_invoice_quantity_type: 1 }] });
  const bill = (id: number, net: number, fields: Fields = {}) =>
    invoice(id, { recurring_invoice_id: -5001, lines: [generated(21, net)], ...fields });
  it('flags quantities that Halo recomputes', () => {
    expect(codes(answer({ recurring_invoices: [row] }))).toEqual(['ri_quantity_auto']);
  });
  it('offers the last posted invoice per month and flags a drift above 1 %', () => {
    const from = answer({
      recurring_invoices: [row],
      invoices: [
        bill(1, 50, { invoice_date: '2026-05-01' }),
        bill(2, 112),
        bill(3, 500, { posted: false }),
        bill(4, 500, { voided: true }),
      ],
    });
    expect(client(from).evidence.mrr.items).toMatchObject([{ mrr: '100.00', mrr_last_billed: '112.00' }]);
    expect(client(from).flags.find(({ code }) => code === 'template_drift')?.amount).toBe('12.00');
  });
  it('takes the header of a last invoice without lines', () => {
    const from = answer({ recurring_invoices: [row], invoices: [bill(1, 0, { lines: undefined, revenue: 112 })] });
    expect(client(from).evidence.mrr.items).toMatchObject([{ mrr_last_billed: '112.00' }]);
  });
  it.each([
    [99, false],
    [98.99, true],
    [101, false],
    [101.01, true],
  ])('a last invoice of %d against 100 drifts: %s', (net, drifts) => {
    const from = answer({ recurring_invoices: [row], invoices: [bill(1, net)] });
    expect(codes(from).includes('template_drift')).toBe(drifts);
  });
  it('K3 leaves out what the template’s line meters, also where the invoice’s line does not say so', () => {
    const lines = [
      { id: 11, net_amount: 100 },
      { id: 12, net_amount: 5, is_meter: true },
    ];
    const billed = [generated(21, 100), generated(22, 340, { recurring_invoice_line_id: 12 })];
    const from = answer({ recurring_invoices: [{ ...row, lines }], invoices: [bill(1, 0, { lines: billed })] });
    expect(client(from).evidence.mrr.items).toMatchObject([{ mrr: '100.00', mrr_last_billed: '100.00' }]);
    expect(codes(from)).not.toContain('template_drift');
  });
  it('K3 says nothing of what was last billed where a metered line has no id to know its bills by', () => {
    const lines = [
      { id: 11, net_amount: 100 },
      { net_amount: 5, is_meter: true },
    ];
    const from = answer({ recurring_invoices: [{ ...row, lines }], invoices: [bill(1, 340)] });
    expect(client(from).evidence.mrr.items[0]).not.toHaveProperty('mrr_last_billed');
    expect(codes(from)).not.toContain('template_drift');
  });
  const lastBilled = (invoices: Fields[], fields: Fields = {}) =>
    client(answer({ recurring_invoices: [{ ...row, ...fields }], invoices })).evidence.mrr.items[0]?.mrr_last_billed;
  it.each([
    ['the later of two', [bill(2, 7, { invoice_date: '2026-05-01' }), bill(1, 8)], '8.00'],
    ['the one with the later id of a day', [bill(2, 7), bill(1, 8)], '7.00'],
    ['one of the very day', [bill(1, 7, { invoice_date: '2026-06-30' })], '7.00'],
    ['none of a later day', [bill(1, 7, { invoice_date: '2026-07-01' })], undefined],
    ['none without a day', [bill(1, 7, { invoice_date: null })], undefined],
    ['no draft', [bill(1, 7, { posted: false })], undefined],
    ['no credit', [bill(1, 8), bill(2, -7)], '8.00'],
    ['none in another currency', [bill(1, 7, { currency_code: 2 })], undefined],
    ['one that only its lines link', [bill(1, 7, { recurring_invoice_id: -1 })], '7.00'],
    [
      'not the lines of another template',
      [bill(1, 7, { lines: [generated(21, 7), generated(22, 5, { recurring_invoice_id: -5002 })] })],
      '7.00',
    ],
    ['what only the header links', [bill(1, 0, { lines: [{ id: 21, net_amount: 6 }] })], '6.00'],
    [
      'what names the template alone',
      [bill(1, 0, { lines: [{ id: 21, net_amount: 6, recurring_invoice_id: -5001 }] })],
      '6.00',
    ],
    ['not what was typed on by hand', [bill(1, 0, { lines: [adhoc(21, 6, { item_recurring: true })] })], '0.00'],
  ])('the last invoice is %s', (_what, invoices, net) => expect(lastBilled(invoices)).toBe(net));
  it('is given per month, by the period of the template', () => {
    expect(lastBilled([bill(1, 120)], { schedule: { period: 3 } })).toBe('10.00');
  });
  it('leaves pro-rata, usage and work out of the comparison', () => {
    const lines = [
      generated(21, 101),
      generated(22, 30, { pro_rata_line_id: 5 }),
      generated(23, 40, { meter_id: 7 }),
      { id: 24, net_amount: 50, recurring_invoice_id: -1, ticket_id: 5 },
    ];
    expect(codes(answer({ recurring_invoices: [row], invoices: [bill(1, 0, { lines })] }))).not.toContain(
      'template_drift',
    );
  });
});
