import { describe, expect, it } from 'vitest';
import { judgeInvoice, keepInvoice, keepRecurringInvoice } from '../../revenue/index.js';
import { adhoc, answer, billed, client, codes, type Fields, figures, generated, invoice, template } from './rows.js';

const one = (net: unknown, fields = {}) => ({ lines: [adhoc(21, net)], ...fields });

describe('R1 one row for each id, the newest', () => {
  it('keeps the later last_modified whatever the order of pages', () => {
    const old = invoice(1, one(300, { last_modified: '2026-06-02T00:00:00' }));
    const recent = invoice(1, one(330, { last_modified: '2026-06-02T00:00:00.5' }));
    expect(billed(answer({ invoices: [old, recent, old] }))[2]).toBe('330.00');
    expect(billed(answer({ invoices: [recent, old] }))[2]).toBe('330.00');
  });
  it('knows an instant with a fraction of a second for the later one', () => {
    const row = (last_modified: string, net: number) => invoice(1, { last_modified, lines: [adhoc(1, net)] });
    const invoices = [row('2026-06-02T10:00:00.5Z', 330), row('2026-06-02T10:00:00Z', 300)];
    expect(figures(answer({ invoices })).total_net).toBe('330.00');
  });
  it('keeps the later one although it says less', () => {
    const old = invoice(1, { lines: [adhoc(21, 300), adhoc(22, 5)], last_modified: '2026-06-02' });
    const recent = invoice(1, one(330, { last_modified: '2026-06-03' }));
    for (const invoices of [
      [old, recent],
      [recent, old],
    ]) {
      expect(billed(answer({ invoices }))[2]).toBe('330.00');
    }
  });
  it('takes the row with lines of two with one stamp', () => {
    const thin = invoice(1, { revenue: 300 });
    expect(codes(answer({ invoices: [invoice(1, one(300)), thin] }))).toEqual([]);
    expect(codes(answer({ invoices: [thin, invoice(1, one(300))] }))).toEqual([]);
  });
  it('settles equal stamps by content, so that order makes no difference', () => {
    const rows = [invoice(1, one(300)), invoice(1, one(330))];
    expect(answer({ invoices: rows }).totals).toEqual(answer({ invoices: [...rows].reverse() }).totals);
  });
  it('holds for templates and contracts too', () => {
    const row = template(-5001, { lines: [{ id: 1, net_amount: 100 }] });
    expect(figures(answer({ recurring_invoices: [row, row] })).mrr).toBe('100.00');
  });
});

describe('R2 templates in the invoice list', () => {
  it('are not documents, by a negative id or by is_recurring_invoice', () => {
    const from = answer({
      invoices: [invoice(-5001, one(500)), invoice(7, one(400, { is_recurring_invoice: 'true' }))],
    });
    expect(billed(from)[2]).toBe('0.00');
    expect(client(from).flags.map(({ code, entity }) => [code, entity])).toEqual([
      ['template_in_invoice_list', 'invoice:-5001'],
      ['template_in_invoice_list', 'invoice:7'],
    ]);
  });
  it('are recognised without a date, as Halo sends them', () => {
    expect(codes(answer({ invoices: [invoice(-5001, one(500, { invoice_date: '1900-01-01T00:00:00' }))] }))).toEqual([
      'template_in_invoice_list',
    ]);
  });
  it('and positive ids are not templates', () => {
    expect(keepRecurringInvoice({ id: 94, client_id: 101 })).toBeUndefined();
    expect(keepRecurringInvoice({ id: '-94', client_id: 101 })?.id).toBe(-94);
  });
});

it('R3 a voided invoice is nothing, but shown among what was left out', () => {
  const from = answer({ invoices: [invoice(1, one(8000, { voided: true }))] });
  expect([billed(from)[2], figures(from).unposted_net, codes(from)]).toEqual(['0.00', '0.00', []]);
  expect(client(from).evidence.excluded.items).toMatchObject([{ id: 1, reason: 'void', net: '8000.00' }]);
});

it.each([{ supplier_id: 44 }, { purchaseorder_id: '71' }])('R4 a purchase invoice is cost: %o', (bill) => {
  const from = answer({ invoices: [invoice(1, one(1900, bill)), invoice(2, one(50))] });
  expect(billed(from)[2]).toBe('50.00');
  expect(codes(from)).toEqual(['supplier_invoice_excluded']);
});

describe('R5 not posted', () => {
  const draft = invoice(1, one(500, { posted: false, dateposted: '1900-01-01T00:00:00' }));
  it('counts only in unposted_net', () => {
    const from = answer({ invoices: [draft, invoice(2, one(20))] });
    expect([billed(from)[2], figures(from).unposted_net]).toEqual(['20.00', '500.00']);
    expect(codes(from)).toEqual(['unposted_excluded']);
  });
  it.each([undefined, null])('counts where nothing says that it is not posted: posted %s', (posted) => {
    const from = answer({ invoices: [invoice(1, { posted, lines: [adhoc(1, 10)] })] });
    expect([figures(from).total_net, figures(from).unposted_net]).toEqual(['10.00', '0.00']);
  });
  it('is posted where a posting date says so', () => {
    expect(billed(answer({ invoices: [invoice(1, one(5, { posted: false, dateposted: '2026-06-02' }))] }))[2]).toBe(
      '5.00',
    );
  });
  it('moves into the figures when asked for, and then is in no other', () => {
    const from = answer({ invoices: [draft] }, { include_unposted: true });
    expect([billed(from)[2], figures(from).unposted_net]).toEqual(['500.00', '0.00']);
    expect(client(from).evidence.non_recurring.items).toMatchObject([{ id: 1, posted: false }]);
  });
  it('says so where no invoice at all is posted', () => {
    const from = answer({ invoices: [draft] });
    expect(client(from).flags.map(({ code, entity }) => [code, entity])).toEqual([
      ['no_posted_invoices', 'client:101'],
      ['unposted_excluded', 'invoice:1'],
    ]);
    expect(codes(answer({ invoices: [draft, invoice(2, one(1, { voided: true }))] }))).toContain('no_posted_invoices');
  });
});

describe('R6 the date', () => {
  it('is invoice_date, else dateposted', () => {
    const posted = invoice(1, one(10, { invoice_date: '1899-12-30T00:00:00', dateposted: '2026-06-03T10:00:00' }));
    expect(billed(answer({ invoices: [posted] }))[2]).toBe('10.00');
  });
  it.each([undefined, null, '', '1900-01-01T00:00:00', '2099-12-31T00:00:00'])(
    'is missing in %s: excluded and flagged',
    (invoice_date) => {
      const from = answer({ invoices: [invoice(1, one(10, { invoice_date }))] });
      expect([billed(from)[2], codes(from)]).toEqual(['0.00', ['undated_invoice']]);
    },
  );
  it.each(['soon', '2026-02-30T00:00:00', 20260601, {}])(
    'can’t be read in %j: excluded, and not complete',
    (invoice_date) => {
      for (const other of [{}, { dateposted: '2026-06-03T10:00:00' }]) {
        const from = answer({ invoices: [invoice(1, one(10, { invoice_date, ...other }))] });
        expect([billed(from)[2], codes(from)]).toEqual(['0.00', ['incomplete_data', 'undated_invoice']]);
        expect(from.method.reason).toEqual(['not fully readable: invoice:1 (invoice_date)']);
      }
    },
  );
  it('is needed though a service period says when it was earned', () => {
    const undated = invoice(1, {
      ...{ invoice_date: null, period_start_date: '2026-06-01', period_end_date: '2026-06-30' },
      lines: [generated(21, 10)],
    });
    const from = answer({ invoices: [undated] }, { month_basis: 'service_period' });
    expect([billed(from)[2], codes(from)]).toEqual(['0.00', ['undated_invoice']]);
  });
  it('is the literal date part, whatever time or zone follows', () => {
    const late = invoice(1, one(10, { invoice_date: '2026-06-30T23:59:59.999Z' }));
    const next = invoice(2, one(1, { invoice_date: '2026-07-01T00:00:00+10:00' }));
    expect(billed(answer({ invoices: [late, next] }))[2]).toBe('10.00');
  });
});

it.each([{ isgroupdesc: true }, { isinactive: 1 }, { is_active: false }, { isActive: 'false' }])(
  'R7 headings and inactive lines do not exist: %o',
  (dropped) => {
    const lines = [adhoc(21, 100), adhoc(22, 40, dropped)];
    expect(billed(answer({ invoices: [invoice(1, { lines })] }))[2]).toBe('100.00');
    const row = template(-5001, {
      lines: [
        { id: 1, net_amount: 100 },
        { id: 2, net_amount: 40, ...dropped },
      ],
    });
    expect(figures(answer({ recurring_invoices: [row] })).mrr).toBe('100.00');
  },
);

it.each([
  { is_recognition: true },
  { recognised_from_invoice: 12 },
  { lines: [adhoc(21, 600, { is_recognised_revenue: true })] },
])('R8 recognition does not count again: %o', (fields) => {
  const deferred = adhoc(20, 2400, { prepay_id: 5, is_deferred_revenue: true });
  const from = answer({
    invoices: [invoice(1, { lines: [deferred] }), invoice(2, { lines: [adhoc(21, 600)], ...fields })],
  });
  expect(billed(from)).toEqual(['0.00', '2400.00', '2400.00']);
  expect(codes(from)).toEqual(['recognition_excluded']);
  expect(client(from).evidence.excluded).toMatchObject({ count: 1, sum: '600.00' });
});

describe('R9 applying a credit note', () => {
  const credit = invoice(9, { lines: [adhoc(31, -200)] });
  const next = invoice(2, { lines: [adhoc(41, 600), adhoc(42, -200, { credit_id: 9 })] });
  it('is settlement when the credit note is in the data, in the window or not', () => {
    const from = answer({ invoices: [credit, next] });
    expect([billed(from)[2], codes(from)]).toEqual(['400.00', ['credit_unlinked', 'credit_application_excluded']]);
    const earlier = { ...credit, invoice_date: '2025-01-01T00:00:00' };
    expect(billed(answer({ invoices: [earlier, next] }))[2]).toBe('600.00');
    expect(billed(answer({ invoices: [next], linked_invoices: [earlier] }))[2]).toBe('600.00');
  });
  it('counts where a line of the credit note names the credit note itself', () => {
    const from = answer({ invoices: [{ ...credit, lines: [adhoc(31, -200, { credit_id: 9 })] }] });
    expect([billed(from)[2], codes(from)]).toEqual(['-200.00', ['credit_unlinked']]);
  });
  it('counts, with a flag, if the document of that id is not a credit note', () => {
    const lines = [adhoc(1, 100), adhoc(2, -20, { credit_id: 9 })];
    const from = answer({ invoices: [invoice(1, { lines }), invoice(9, { lines: [adhoc(3, 200)] })] });
    expect([figures(from).total_net, codes(from)]).toEqual(['280.00', ['credit_note_missing']]);
  });
  it('counts, with a flag, when it is not, or is void', () => {
    const from = answer({ invoices: [next] });
    expect([billed(from)[2], codes(from)]).toEqual(['400.00', ['credit_note_missing']]);
    expect(billed(answer({ invoices: [next, { ...credit, voided: true }] }))[2]).toBe('400.00');
  });
});

it('the net of a row that is no document is what it says, in its own currency', () => {
  const net = (fields: Fields) => {
    const kept = keepInvoice(invoice(1, { lines: [adhoc(21, 100)], ...fields }));
    return kept && judgeInvoice(kept, [{ id: 1, code: 'JPY', home: true, modified: '' }]);
  };
  expect(net({ creditlinkedtoinvoiceid: 7 })).toMatchObject({ net: '-100', currency: 'JPY' });
  expect(net({ creditlinkedtoinvoiceid: 7, voided: true })).toMatchObject({ net: '100', currency: 'JPY' });
  expect(net({ currency_code: 77 })).toMatchObject({ net: '100.00', currency: undefined });
});

it.each([null, undefined, 7, 'row', [], { client_id: 1 }, { id: 'x' }])('an invalid row is dropped: %o', (row) => {
  expect(keepInvoice(row)).toBeUndefined();
});

it('numeric strings, nulls and absent fields read as their numbers, zeros and absences', () => {
  const row = {
    id: '9001',
    client_id: '101',
    invoice_date: '2026-06-01',
    posted: 'true',
    voided: null,
    currency_code: '1',
    recurring_invoice_id: '-5001',
    lines: [generated(21, '1500.50', { recurring_invoice_id: '-5001', ticket_id: null, onetimecharge: null })],
  };
  expect(billed(answer({ invoices: [row] }))).toEqual(['1500.50', '0.00', '1500.50']);
});
