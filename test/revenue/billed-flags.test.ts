/** The flags of a document: why it is left out, or what is odd about it, and the amount. */
import { describe, expect, it } from 'vitest';
import { adhoc, answer, client, codes, contract, type Fields, generated, invoice } from './rows.js';

const said = (from: ReturnType<typeof answer>, id = 101) =>
  client(from, id).flags.map(({ code, entity, amount, currency }) => [code, entity, amount, currency]);
const excluded = (from: ReturnType<typeof answer>, id = 101) => client(from, id).evidence.excluded.items;
const posted = invoice(90, { lines: [adhoc(90, 1)] });

describe('what is left out', () => {
  it.each([
    ['template', { is_recurring_invoice: true }, 'template_in_invoice_list'],
    ['void', { voided: true }, undefined],
    ['supplier', { supplier_id: 3 }, 'supplier_invoice_excluded'],
    ['recognition', { is_recognition: true }, 'recognition_excluded'],
    ['undated', { invoice_date: null }, 'undated_invoice'],
  ])('%s: %o', (reason, fields, code) => {
    const from = answer({ invoices: [posted, invoice(1, { lines: [adhoc(21, 1.005)], ...fields })] });
    expect(said(from)).toEqual(code === undefined ? [] : [[code, 'invoice:1', '1.01', 'AUD']]);
    expect(excluded(from)).toEqual([{ id: 1, reason, net: '1.01', currency: 'AUD' }]);
  });
  it('an unknown currency: in none, with two decimals', () => {
    const from = answer({ invoices: [posted, invoice(1, { currency_code: 77, lines: [adhoc(21, 1.005)] })] });
    expect(said(from)).toEqual([['incomplete_data', 'invoice:1', null, undefined]]);
    expect(excluded(from)).toEqual([{ id: 1, reason: 'unknown_currency', net: '1.01' }]);
    expect(Object.keys(from.totals)).toEqual(['AUD']);
  });
  it('is shown in its own currency, whatever the rest is converted to', () => {
    const bill = invoice(1, { currency_code: 3, supplier_id: 3, lines: [adhoc(21, 10.5)] });
    const from = answer({ invoices: [bill] }, { currency_policy: 'convert', rates: { JPY: 2 } });
    expect(said(from)).toEqual([['supplier_invoice_excluded', 'invoice:1', '11', 'JPY']]);
    expect(excluded(from)).toEqual([{ id: 1, reason: 'supplier', net: '11', currency: 'JPY' }]);
  });
  it('is left out before anything else is asked of it', () => {
    const all = { voided: true, supplier_id: 3, is_recognition: true, invoice_date: null };
    const reason = (fields: Fields) => excluded(answer({ invoices: [invoice(1, { ...all, ...fields })] }))[0]?.reason;
    expect(reason({ id: -5001 })).toBe('template');
    expect(reason({})).toBe('void');
    expect(reason({ voided: false })).toBe('supplier');
    expect(reason({ voided: false, supplier_id: 0 })).toBe('recognition');
    expect(reason({ voided: false, supplier_id: 0, is_recognition: false })).toBe('undated');
  });
  it.each([
    ['2025-06-30', false],
    ['2025-07-01', true],
    ['2026-06-30', true],
    ['2026-07-01', false],
  ])('concerns the window alone: %s %s', (invoice_date, near) => {
    const from = answer({ invoices: [invoice(1, { invoice_date, supplier_id: 3 })] });
    expect(codes(from)).toEqual(near ? ['supplier_invoice_excluded'] : []);
    expect(excluded(from)).toHaveLength(near ? 1 : 0);
  });
});

describe('drafts', () => {
  it('are flagged and shown for each client that has a part, by what lies in the window', () => {
    const lines = [generated(21, 1200), generated(22, 600, { original_client_id: 102 }), adhoc(23, 40)];
    const draft = invoice(1, {
      ...{ posted: false, invoice_date: '2026-01-01', lines },
      ...{ period_start_date: '2026-01-01', period_end_date: '2026-12-31' },
    });
    const from = answer({ invoices: [posted, draft] }, { month_basis: 'service_period' });
    expect(said(from)).toEqual([['unposted_excluded', 'invoice:1', '640.00', 'AUD']]);
    expect(said(from, 102)).toEqual([['unposted_excluded', 'invoice:1', '300.00', 'AUD']]);
    expect(excluded(from)).toEqual([{ id: 1, reason: 'unposted', net: '1240.00', currency: 'AUD' }]);
    expect(excluded(from, 102)).toEqual([{ id: 1, reason: 'unposted', net: '600.00', currency: 'AUD' }]);
  });
  it('say nothing else, and nothing at all outside the window', () => {
    const draft = (fields: Fields) => invoice(1, { posted: false, lines: [adhoc(21, 5, { ticket_id: 1 })], ...fields });
    expect(codes(answer({ invoices: [posted, draft({ recurring_invoice_id: -5001 })] }))).toEqual([
      'unposted_excluded',
    ]);
    expect(codes(answer({ invoices: [posted, draft({ invoice_date: '2025-06-30' })] }))).toEqual([]);
  });
});

describe('what is odd about a document', () => {
  const run = { recurring_invoice_id: -5001 };
  const months = { period_start_date: '2026-06-01', period_end_date: '2026-06-30' };
  it.each([
    ['labour_on_recurring_run', adhoc(21, 60, { ticket_id: 5 }), run, '60.00'],
    ['recurring_item_on_manual_invoice', adhoc(21, 60, { item_recurring: true }), run, '60.00'],
    ['recurring_item_on_manual_invoice', { id: 21, net_amount: 60, item_recurring: true }, {}, '60.00'],
    ['contract_missing', adhoc(21, 60, { contract_id: 999 }), months, '60.00'],
    ['billed_to_other_client', adhoc(21, 60, { original_client_id: 101 }), { client_id: 201 }, '60.00'],
    ['line_amount_mismatch', adhoc(21, 60, { unit_price: 50, qty_order: 1 }), {}, '10.00'],
    ['credit_note_missing', adhoc(21, 60, { credit_id: 9 }), {}, '60.00'],
  ])('%s: %o on %o', (code, line, header, amount) => {
    const from = answer({ invoices: [invoice(1, { lines: [line], ...header })] });
    expect(said(from)).toEqual([[code, 'invoice:1', amount, 'AUD']]);
  });
  it.each([
    ['a recurring item that the run itself made', { id: 21, net_amount: 60, item_recurring: true }, run],
    ['a missing contract without service dates', adhoc(21, 60, { contract_id: 999 }), {}],
    ['a missing contract from a day on', adhoc(21, 60, { contract_id: 999 }), { period_start_date: '2026-06-01' }],
    ['a missing contract up to a day', adhoc(21, 60, { contract_id: 999 }), { period_end_date: '2026-06-30' }],
    ['a missing contract of what recurs anyway', generated(21, 60, { contract_id: 999 }), months],
    ['no contract', adhoc(21, 60, { contract_id: 0 }), months],
    ['a contract without a period', adhoc(21, 60, { contract_id: 301 }), months],
  ])('a document is not flagged for %s', (_what, line, header) => {
    const contracts = [contract(301, { billingperiod: 0, dontinvoice: true })];
    expect(codes(answer({ contracts, invoices: [invoice(1, { lines: [line], ...header })] }))).toEqual([]);
  });
  it('a contract is not missing where contracts are not asked for', () => {
    const invoices = [invoice(1, { lines: [adhoc(21, 60, { contract_id: 999 })], ...months })];
    expect(codes(answer({ invoices }, { include_contracts: false }))).toEqual([]);
  });
  it('a credit of work is not work on a run, and a credit of something unclassified is not unclassified', () => {
    const invoices = [
      invoice(1, { ...run, lines: [adhoc(21, 60, { ticket_id: 5 })] }),
      invoice(2, { revenue: 50, total: 55, tax_total: 5 }),
      invoice(3, { ...run, creditlinkedtoinvoiceid: 1, lines: [adhoc(31, -60, { ticket_id: 5 })] }),
      invoice(4, { creditlinkedtoinvoiceid: 2, lines: [adhoc(41, -50)] }),
      invoice(5, { ...run, lines: [adhoc(51, -5, { ticket_id: 5 })] }),
    ];
    expect(said(answer({ invoices }))).toEqual([
      ['credit_unlinked', 'invoice:5', '-5.00', 'AUD'],
      ['labour_on_recurring_run', 'invoice:1', '60.00', 'AUD'],
      ['unclassified', 'invoice:2', '50.00', 'AUD'],
      ['invoice_header_only', 'invoice:2', '50.00', 'AUD'],
    ]);
  });
  it('a header alone that something says of is not unclassified', () => {
    const from = answer({ invoices: [invoice(1, { revenue: 50, ...run }), invoice(2, { revenue: 7, ticket_id: 5 })] });
    expect(codes(from)).toEqual(['invoice_header_only', 'invoice_header_only']);
  });
  it('a credit that was turned is flagged with what it counts as, and what it leaves unlinked with what it says', () => {
    const from = answer({ invoices: [invoice(2, { creditlinkedtoinvoiceid: 7, lines: [adhoc(31, 75)] })] });
    expect(said(from)).toEqual([
      ['credit_unlinked', 'invoice:2', '75.00', 'AUD'],
      ['credit_sign_normalised', 'invoice:2', '-75.00', 'AUD'],
    ]);
  });
  it('is said to the client of the line, at the rate of the caller', () => {
    const lines = [
      adhoc(21, 60, { ticket_id: 5, original_client_id: 102 }),
      adhoc(22, 8, { ticket_id: 5, original_client_id: 102 }),
      adhoc(23, 3, { is_recognised_revenue: true, original_client_id: 102 }),
      adhoc(24, 'many', { original_client_id: 103 }),
    ];
    const row = invoice(1, { ...run, currency_code: 2, lines });
    const from = answer({ invoices: [row] }, { currency_policy: 'convert', rates: { USD: 2 } });
    expect(said(from)).toEqual([]);
    expect(said(from, 102)).toEqual([
      ['labour_on_recurring_run', 'invoice:1', '136.00', 'AUD'],
      ['billed_to_other_client', 'invoice:1', '136.00', 'AUD'],
      ['recognition_excluded', 'invoice:1', '6.00', 'AUD'],
    ]);
    expect(excluded(from, 102)).toEqual([{ id: 1, reason: 'recognition', net: '3.00', currency: 'USD' }]);
    expect(said(from, 103)).toEqual([
      ['incomplete_data', 'invoice:1', null, undefined],
      ['billed_to_other_client', 'invoice:1', null, undefined],
    ]);
  });
  it('a credit that is settled is shown as such', () => {
    const credit = invoice(9, { lines: [adhoc(31, -200)] });
    const next = invoice(2, { lines: [adhoc(41, 600), adhoc(42, -200, { credit_id: 9 })] });
    const from = answer({ invoices: [credit, next] });
    expect(said(from)).toContainEqual(['credit_application_excluded', 'invoice:2', '-200.00', 'AUD']);
    expect(excluded(from)).toEqual([{ id: 2, reason: 'credit_application', net: '-200.00', currency: 'AUD' }]);
  });
  it('is said of what was billed before the window and is earned in it', () => {
    const early = invoice(1, {
      ...{ invoice_date: '2025-01-01', client_id: 201, original_client_id: 101 },
      ...{ period_start_date: '2025-01-01', period_end_date: '2025-12-31', lines: [generated(21, 1200)] },
    });
    const from = answer({ invoices: [early] }, { month_basis: 'service_period' });
    expect(said(from)).toEqual([['billed_to_other_client', 'invoice:1', '1200.00', 'AUD']]);
    const shared = { ...early, lines: [generated(21, 1200), generated(22, 0, { original_client_id: 102 })] };
    expect(codes(answer({ invoices: [shared] }, { month_basis: 'service_period' }))).toEqual([
      'billed_to_other_client',
    ]);
    const nothing = { ...early, lines: [generated(21, 0)] };
    expect(
      codes(answer({ invoices: [nothing], clients: [{ id: 101 }] }, { month_basis: 'service_period', client_id: 101 })),
    ).toEqual([]);
  });
});

describe('a rate is needed where money may lie in the window, and only there', () => {
  const ask = (fields: Fields, month_basis: 'billed' | 'service_period') => () =>
    answer(
      {
        invoices: [invoice(1, { currency_code: 2, invoice_date: '2024-01-01', lines: [generated(21, 10)], ...fields })],
      },
      { month_basis, currency_policy: 'convert' },
    );
  it.each([
    [{ period_start_date: '2025-06-01', period_end_date: '2025-06-30' }, false],
    [{ period_start_date: '2025-06-01', period_end_date: '2025-07-01' }, true],
    [{ period_start_date: '2026-06-30', period_end_date: '2026-07-29' }, true],
    [{ period_start_date: '2026-07-01', period_end_date: '2026-07-31' }, false],
    [{ period_start_date: '2025-01-01', period_end_date: '2027-12-31' }, true],
    [{ period_start_date: '2025-08-01' }, false],
    [{ period_end_date: '2025-08-01' }, false],
    [{ invoice_date: '2025-07-01' }, true],
    [{ invoice_date: '2026-06-30' }, true],
    [{ invoice_date: '2025-06-30' }, false],
    [{ invoice_date: '2026-07-01' }, false],
  ])('%j: %s', (fields, needed) => {
    if (needed) expect(ask(fields, 'service_period')).toThrow('no rate for USD');
    else expect(ask(fields, 'service_period')).not.toThrow();
    if (needed && 'invoice_date' in fields) expect(ask(fields, 'billed')).toThrow('no rate for USD');
    else expect(ask(fields, 'billed')).not.toThrow();
  });
});
