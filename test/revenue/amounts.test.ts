import { describe, expect, it } from 'vitest';
import { adhoc, answer, billed, client, codes, contract, figures, invoice, template } from './rows.js';

const total = (line: object) =>
  billed(answer({ invoices: [invoice(1, { lines: [{ recurring_invoice_id: -1, ...line }] })] }))[2];

describe('A1 the net of a line', () => {
  it.each([
    [{ net_amount: 100, unit_price: 90, qty_order: 1 }, '100.00'],
    [{ net_amount: '1.005' }, '1.01'],
    [{ net_amount: 1.005 }, '1.01'],
    [{ unit_price: 20, qty_order: 10, discount_perc: 10 }, '180.00'],
    [{ net_amount: null, unit_price: '33.335', qty_order: '1' }, '33.34'],
    [{ net_amount: 0, unit_price: 0, qty_order: 3 }, '0.00'],
    [{ item_longdescription: 'a line of text' }, '0.00'],
    [{ net_amount: 1e-7 }, '0.00'],
  ])('a line of %o is worth %s net', (line, expected) => expect(total(line)).toBe(expected));

  it('flags where both are there and differ by more than a cent', () => {
    const of = (net_amount: number) => invoice(1, { lines: [adhoc(21, net_amount, { unit_price: 50, qty_order: 2 })] });
    expect(codes(answer({ invoices: [of(100.01)] }))).toEqual([]);
    const from = answer({ invoices: [of(90)] });
    expect([billed(from)[2], codes(from)]).toEqual(['90.00', ['line_amount_mismatch']]);
    expect(client(from).flags[0]?.amount).toBe('-10.00');
  });
  it.each([{ net_amount: 'many' }, { net_amount: 1e15 }, { unit_price: 100 }, { unit_price: 'x', qty_order: 1 }])(
    'says that data is missing where there is a price but no amount: %o',
    (line) => {
      const from = answer({ invoices: [invoice(1, { lines: [line] })] });
      expect(codes(from)).toContain('incomplete_data');
      expect(from.method.complete).toBe(false);
    },
  );
});

it('takes no charge of a contract that is too large to be exact for nothing', () => {
  const of = (periodchargeamount: unknown) => answer({ contracts: [contract(301, { periodchargeamount })] });
  expect(of(100).method.complete).toBe(true);
  expect(of(1e15).method.complete).toBe(false);
});

describe('A2 no lines', () => {
  it('takes revenue, else total less tax, and says so', () => {
    const from = answer({
      invoices: [
        invoice(1, { revenue: 400, total: 440, tax_total: 40 }),
        invoice(2, { lines: null, total: 110, tax_total: 10 }),
      ],
    });
    expect(billed(from)[2]).toBe('500.00');
    expect(codes(from)).toEqual(['unclassified', 'unclassified', 'invoice_header_only', 'invoice_header_only']);
  });
  it('is also where only headings came, but not where the lines that came are inactive', () => {
    const heading = { id: 1, isgroupdesc: true };
    expect(billed(answer({ invoices: [invoice(1, { revenue: 70, lines: [heading] })] }))[2]).toBe('70.00');
    expect(
      billed(answer({ invoices: [invoice(1, { revenue: 70, lines: [adhoc(1, 70, { isinactive: true })] })] }))[2],
    ).toBe('0.00');
  });
  it('is not complete where nothing says the net', () => {
    expect(codes(answer({ invoices: [invoice(1, { total: 110 })] }))).toContain('incomplete_data');
    expect(codes(answer({ invoices: [invoice(1)] }))).toContain('incomplete_data');
  });
});

it('A3 tax is never read otherwise', () => {
  const plain = { lines: [adhoc(21, 100, { tax_amount: 10, tax_rate: 10 })], revenue: 100, total: 110, tax_total: 10 };
  const odd = { lines: [adhoc(21, 100, { tax_amount: 99, tax_rate: 99 })], revenue: 100, total: 7, tax_total: 55 };
  expect(answer({ invoices: [invoice(1, plain)] })).toEqual(answer({ invoices: [invoice(1, odd)] }));
});

describe('A4 the currency', () => {
  const in_ = (fields: object) =>
    Object.keys(answer({ invoices: [invoice(1, { lines: [adhoc(21, 100)], ...fields })] }).totals);
  it.each([
    [{ currency_code: 2 }, 'USD'],
    [{ currency_code: '2' }, 'USD'],
    [{ currency_code: 2, currency_code_name: 'JPY' }, 'JPY'],
    [{ currency_code: 2, currency_code_name: 'US Dollar' }, 'USD'],
    [{ currency_code: 'usd' }, 'USD'],
    [{ currency_code: undefined }, 'AUD'],
    [{ currency_code: 0 }, 'AUD'],
    [{ currency_code: null }, 'AUD'],
  ])('%o is %s', (fields, code) => expect(in_(fields)).toEqual([code]));

  it('an unknown id is missing data, never home', () => {
    const from = answer({
      invoices: [invoice(1, { lines: [adhoc(21, 100)], currency_code: 77 }), invoice(2, { lines: [adhoc(22, 5)] })],
      recurring_invoices: [template(-5001, { currency_code: 77, lines: [{ id: 1, net_amount: 9 }] })],
    });
    expect([billed(from)[2], figures(from).mrr]).toEqual(['5.00', '0.00']);
    expect(codes(from)).toEqual(['incomplete_data', 'incomplete_data']);
    expect(from.method).toMatchObject({ complete: false, reason: [expect.stringContaining('invoice:1')] });
    expect(from.statement).toMatch(/^INCOMPLETE/);
  });
  it('has no name where neither the row nor /Currency gives one', () => {
    const from = answer({ currencies: [], invoices: [invoice(1, { lines: [adhoc(21, 100)], currency_code: 0 })] });
    expect(Object.keys(from.totals)).toEqual(['XXX']);
    expect(from.method.complete).toBe(false);
  });
});
