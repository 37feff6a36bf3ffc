import { describe, expect, it } from 'vitest';
import { adhoc, answer, client, codes, type Fields, figures, generated, invoice } from './rows.js';

describe('duplicate_invoice_suspected', () => {
  const bill = (id: number, fields = {}) =>
    invoice(id, {
      recurring_invoice_id: -5001,
      lines: [generated(21, 300)],
      period_start_date: '2026-06-01',
      period_end_date: '2026-06-30',
      ...fields,
    });
  it.each([
    ['the same period on another day', [bill(1), bill(2, { invoice_date: '2026-06-03' })], true],
    ['another period', [bill(1), bill(2, { period_start_date: '2026-05-01', period_end_date: '2026-05-31' })], false],
    ['another client', [bill(1), bill(2, { client_id: 7 })], false],
    ['a draft', [bill(1), bill(2, { posted: false })], false],
    ['a void one', [bill(1), bill(2, { voided: true })], false],
    ['its credit', [bill(1), bill(2, { creditlinkedtoinvoiceid: 1 })], false],
    [
      'no real template',
      [
        bill(1, { recurring_invoice_id: -1, lines: [adhoc(1, 1)] }),
        bill(2, { recurring_invoice_id: -1, lines: [adhoc(1, 1)] }),
      ],
      false,
    ],
    [
      'no periods, the same day and net',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null })],
      true,
    ],
    [
      'no periods, the same day and another net',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null, lines: [generated(21, 301)] })],
      false,
    ],
    ['another template', [bill(1), bill(2, { recurring_invoice_id: -5002, lines: [generated(21, 300)] })], false],
    ['another start alone', [bill(1), bill(2, { period_start_date: '2026-05-01' })], false],
    ['another end alone', [bill(1), bill(2, { period_end_date: '2026-06-29' })], false],
    [
      'no end, the same day and net',
      [bill(1, { period_end_date: null }), bill(2, { period_end_date: null, period_start_date: '2026-05-01' })],
      true,
    ],
    [
      'no periods, another day',
      [bill(1, { period_start_date: null }), bill(2, { period_start_date: null, invoice_date: '2026-06-02' })],
      false,
    ],
    [
      'a template that only the lines name',
      [bill(1, { recurring_invoice_id: -1 }), bill(2, { recurring_invoice_id: -1 })],
      true,
    ],
    [
      'a template that only the header names',
      [bill(1, { lines: [{ id: 21, net_amount: 300 }] }), bill(2, { lines: [{ id: 22, net_amount: 300 }] })],
      true,
    ],
    [
      'lines of two templates',
      [1, 2].map((id) =>
        bill(id, {
          recurring_invoice_id: -1,
          lines: [generated(21, 1), generated(22, 1, { recurring_invoice_id: -5002 })],
        }),
      ),
      false,
    ],
    [
      'lines of a template and others',
      [1, 2].map((id) => bill(id, { recurring_invoice_id: -1, lines: [generated(21, 1), adhoc(22, 1)] })),
      true,
    ],
    [
      'the first and the last day of the window',
      [bill(1, { invoice_date: '2025-07-01' }), bill(2, { invoice_date: '2026-06-30' })],
      true,
    ],
    ['one before the window', [bill(1, { invoice_date: '2025-06-30' }), bill(2)], false],
    ['one after the window', [bill(1, { invoice_date: '2026-07-01' }), bill(2)], false],
    ['one without a day', [bill(1, { invoice_date: null }), bill(2)], false],
  ])('%s', (_what, invoices, suspected) => {
    const from = answer({ invoices });
    expect(codes(from).includes('duplicate_invoice_suspected')).toBe(suspected);
  });
  it('is said to each client that has a part of it, with that part', () => {
    const lines = [generated(21, 300), generated(22, 70, { original_client_id: 102 })];
    const from = answer({ invoices: [bill(1, { lines }), bill(2, { lines })] });
    expect(
      [101, 102].map((id) => client(from, id).flags.find(({ code }) => code.startsWith('duplicate'))?.amount),
    ).toEqual(['300.00', '70.00']);
    const unknown = answer({ invoices: [bill(1, { currency_code: 77 }), bill(2, { currency_code: 77 })] });
    expect(client(unknown).flags.find(({ code }) => code.startsWith('duplicate'))?.amount).toBeNull();
  });
  it('is the one with the later id, whatever the order in which they came', () => {
    const flags = client(answer({ invoices: [bill(2), bill(1)] })).flags;
    expect(flags.filter(({ code }) => code === 'duplicate_invoice_suspected')).toMatchObject([
      { entity: 'invoice:2', amount: '300.00', currency: 'AUD' },
    ]);
  });
  it.each<[string, Fields[], boolean]>([
    ['by the header of the credit', [{ creditlinkedtoinvoiceid: 1 }], false],
    ['by the line that it credits', [{ lines: [generated(31, -300, { creditlinkedidid: 21 })] }], false],
    ['in two steps', [{ net: -100 }, { net: -200 }], false],
    ['in part', [{ net: -299.99 }], true],
    ['by a draft', [{ posted: false }], true],
  ])('T5 passes over the one that was credited in full %s', (_what, credits, suspected) => {
    const rows = credits.map(({ net = -300, ...fields }, index) =>
      invoice(3 + index, { creditlinkedtoinvoiceid: 1, lines: [generated(31 + index, net)], ...fields }),
    );
    const first = bill(1, { lines: [generated(21, 300)] });
    const linked = rows.map((row) => ('lines' in (credits[0] ?? {}) ? { ...row, creditlinkedtoinvoiceid: 0 } : row));
    const from = answer({ invoices: [first, bill(2, { lines: [generated(22, 300)] }), ...linked] });
    expect(codes(from).includes('duplicate_invoice_suspected')).toBe(suspected);
  });
  it('a bill that looks like a duplicate counts, and so does the other one', () =>
    expect(figures(answer({ invoices: [bill(1), bill(2)] })).recurring.net).toBe('600.00'));
});
