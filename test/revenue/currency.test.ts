import { describe, expect, it } from 'vitest';
import { accountOf, decimalsOf, forecastOf, judgeInvoice, keepInvoice } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { owedBooks, pricesOf } from './next.js';
import {
  AUD,
  adhoc,
  answer,
  client,
  codes,
  contract,
  type Fields,
  figures,
  generated,
  invoice,
  template,
  USD,
} from './rows.js';

const raw = {
  recurring_invoices: [
    template(-5001, { lines: [{ id: 1, net_amount: 1000 }] }),
    template(-5002, { currency_code: 2, lines: [{ id: 2, net_amount: 200 }] }),
  ],
  invoices: [invoice(1, { currency_code: 2, lines: [adhoc(21, 199.99)] }), invoice(2, { lines: [adhoc(22, 10)] })],
};

describe('separate', () => {
  const from = answer(raw);
  it('amounts of two currencies are never added, and the client is flagged', () => {
    expect(Object.keys(from.totals)).toEqual(['AUD', 'USD']);
    expect([figures(from).mrr, figures(from, 'USD').mrr]).toEqual(['1000.00', '200.00']);
    expect(codes(from)).toEqual(['mixed_currencies']);
    expect(from.flags.map(({ entity, client_id }) => [entity, client_id])).toEqual([['client:101', 101]]);
  });
  it('has a sentence and a sum for each', () => {
    expect(from.statement.match(/run rate/g)).toHaveLength(2);
    expect(client(from).evidence.mrr.sum).toEqual({ AUD: '1000.00', USD: '200.00' });
    expect(client(from).evidence.mrr.items).toMatchObject([{ currency: 'AUD' }, { currency: 'USD' }]);
  });
  it('says of the book what no client alone shows', () => {
    const two = answer({
      invoices: [
        invoice(1, { lines: [adhoc(1, 1)] }),
        invoice(2, { client_id: 7, currency_code: 2, lines: [adhoc(2, 1)] }),
      ],
    });
    expect(two.flags).toMatchObject([{ code: 'mixed_currencies', entity: 'book' }]);
  });
});

describe('the code of a row', () => {
  it.each([
    ['Yen', 3, 'JPY', '500'],
    ['XYZ', 1, 'AUD', '500.00'],
    ['kwd', 1, 'KWD', '500.000'],
  ])(
    '%s beside id %i is %s: a name counts where it is a code of ISO 4217',
    (currency_code_name, currency_code, code, net) => {
      const from = answer({ invoices: [invoice(1, { currency_code_name, currency_code, lines: [adhoc(1, 500)] })] });
      expect(figures(from, code).total_net).toBe(net);
    },
  );
});

describe('a currency by a name that is no code', () => {
  const of = (currency_code_name: unknown, currency_code: unknown) =>
    answer({ invoices: [invoice(1, { currency_code_name, currency_code, lines: [adhoc(1, 500)] })] });
  it.each([
    ['Euro', undefined],
    ['€', null],
    ['US Dollar', -1],
    [978, undefined],
  ])('%j beside %j is not home: the answer is incomplete', (name, code) => {
    const from = of(name, code);
    expect([from.method.complete, Object.keys(from.totals)]).toEqual([false, []]);
  });
  it.each([
    ['', undefined],
    [null, null],
    [' ', 0],
    ['Euro', 0],
  ])('%j beside %j is home', (name, code) => {
    const from = of(name, code);
    expect([from.method.complete, figures(from).total_net]).toEqual([true, '500.00']);
  });
});

describe('convert', () => {
  it('rounds once, at the leaf, after the rate', () => {
    const from = answer(raw, { currency_policy: 'convert', rates: { usd: '1.515' } });
    expect(figures(from)).toMatchObject({ mrr: '1303.00', arr: '15636.00', total_net: '312.98' });
    expect([Object.keys(from.totals), codes(from)]).toEqual([['AUD'], []]);
    expect(from.method.rates).toEqual({ USD: '1.515' });
  });
  it('takes the code of a rate in any case and with blanks around it', () => {
    const from = answer(raw, { currency_policy: 'convert', rates: { ' Usd ': 2 } });
    expect(figures(from).mrr).toBe('1400.00');
  });
  it.each<[string, Record<string, string | number>]>([
    ['with zeros and blanks', { ' Usd ': ' 1.2500 ' }],
    ['of the home currency too', { USD: 1.25, AUD: 5 }],
    ['of a currency that nothing is in', { JPY: 0.01, USD: '1.250', EUR: '1.6' }],
  ])('names only the rates that were used, as plain decimals: given %s', (_given, rates) => {
    const { method, statement } = answer(raw, { currency_policy: 'convert', rates });
    expect(method.rates).toEqual({ USD: '1.25' });
    expect(statement).toContain(' Converted to AUD (USD at 1.25).');
  });
  it('names no rate where nothing had to be converted', () => {
    const plain = { invoices: [invoice(1, { lines: [adhoc(1, 100)] })] };
    const { method, statement } = answer(plain, { currency_policy: 'convert', rates: { USD: 2 } });
    expect(method.rates).toEqual({});
    expect(statement).toContain(' Converted to AUD.');
  });
  it('multiplies before it divides, so that a half stays a half', () => {
    const row = template(-5002, {
      currency_code: 2,
      period: 3,
      schedule: { period: 3 },
      lines: [{ id: 1, net_amount: 0.1 }],
    });
    const from = answer({ recurring_invoices: [row] }, { currency_policy: 'convert', rates: { USD: 0.6 } });
    expect(figures(from).mrr).toBe('0.01');
  });
  it('refuses a currency without a rate, but only where it counts', () => {
    expect(() => answer(raw, { currency_policy: 'convert' })).toThrow(
      'There is no rate for USD. Give what 1 USD is worth in AUD: rates: [{ "currency": "USD", "rate": 0.85 }], on the command line rates.USD=0.85',
    );
    const outside = { invoices: [invoice(1, { currency_code: 2, invoice_date: '2020-01-01', lines: [adhoc(21, 1)] })] };
    expect(() => answer(outside, { currency_policy: 'convert' })).not.toThrow();
    expect(() => answer({ contracts: [contract(301, { currency_code: 2 })] }, { currency_policy: 'convert' })).toThrow(
      'no rate for USD',
    );
  });
  it.each(['0', -1, 'a lot', ''])('refuses a rate of %s', (rate) => {
    expect(() => answer(raw, { currency_policy: 'convert', rates: { USD: rate } })).toThrow('The rate of USD is');
  });
  it('refuses where there is no home to convert to', () => {
    const currencies = [{ ...AUD, conversion_rate: 1.5 }, USD];
    expect(() => answer({ ...raw, currencies }, { currency_policy: 'convert', rates: { USD: 1, AUD: 1 } })).toThrow(
      'No currency has the rate 1, so there is no home to convert to. Use "separate".',
    );
  });
  it('keeps the home currency at one whatever rate is given for it, and says so', () => {
    const unused = 'The rate given for AUD, the home currency, is not used.';
    const from = answer(raw, { currency_policy: 'convert', rates: { USD: 1, aud: 5 } });
    expect(figures(from).mrr).toBe('1200.00');
    expect(from.statement).toContain(`Converted to AUD (USD at 1). ${unused}`);
    for (const rates of [{ USD: 1 }, { USD: 1, AUD: '1.0' }])
      expect(answer(raw, { currency_policy: 'convert', rates }).statement).not.toContain('not used');
  });
});

it('home is the currency with the rate 1, or the only one there is', () => {
  const plain = { invoices: [invoice(1, { currency_code: 0, lines: [adhoc(1, 1)] })] };
  const home = (...currencies: object[]) => Object.keys(answer({ ...plain, currencies }).totals)[0];
  expect(home(USD, AUD)).toBe('AUD');
  expect(home({ ...USD, conversion_rate: '1.0' }, { ...AUD, conversion_rate: 1.5 })).toBe('USD');
  expect(home({ ...USD, conversion_rate: null })).toBe('USD');
  expect(home(USD, { ...AUD, conversion_rate: null })).toBe('XXX');
});

it('of several with the rate 1 home is the one with the lowest id, in whatever order they come', () => {
  const kept = keepInvoice({ id: 1, revenue: 5 });
  if (kept === undefined) throw new Error('no invoice');
  const rows = [7, 2, 5].map((id) => ({ id, code: `AA${String.fromCharCode(64 + id)}`, home: true, modified: '' }));
  expect(judgeInvoice(kept, rows)).toMatchObject({ net: '5.00', currency: 'AAB' });
});

describe('minor units', () => {
  it.each([
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
    [2, 'AUD GBP USD EUR MGA'],
  ])('are %d decimals for %s', (decimals, listed) => {
    for (const code of listed.split(' ')) expect([code, decimalsOf(code)]).toEqual([code, decimals]);
  });
  it('round, divide and credit in units of the currency', () => {
    const yen = invoice(1, { currency_code: 3, lines: [generated(21, 2.5), adhoc(22, 2.5)] });
    const undone = [31, 32].map((id) => ({ id, net_amount: -2.5, creditlinkedidid: id - 10 }));
    const credit = invoice(2, { currency_code: 3, creditlinkedtoinvoiceid: 1, lines: undone });
    const from = answer({ invoices: [yen, credit] });
    expect(figures(from, 'JPY')).toMatchObject({
      recurring: { invoiced: '3', credited: '-3' },
      non_recurring: { invoiced: '2', net: '0' },
    });
    const dinar = template(-5001, {
      currency_code: 4,
      period: 3,
      schedule: { period: 3 },
      lines: [{ id: 1, net_amount: 1 }],
    });
    expect(figures(answer({ recurring_invoices: [dinar] }), 'KWD')).toMatchObject({ mrr: '0.083', arr: '1.000' });
  });
});

describe('a rate that is only looked at is not named', () => {
  const HOME = {
    currencies: [
      { id: 1, code: 'GBP', conversion_rate: 1 },
      { id: 2, code: 'EUR', conversion_rate: 1.17 },
    ],
    clients: [{ id: 1, name: 'Acme' }],
  };
  const given = { currency_policy: 'convert' as const, rates: { EUR: 0.85 } };
  const euros = (fields: Fields) => ({
    ...{ id: 2, client_id: 1, currency_code: 2, posted: true, total: 50, amountdue: 50, amountpaid: 0 },
    ...fields,
  });

  it.each<[string, Fields, Fields]>([
    ['a void', { invoice_date: '2026-06-01', voided: true }, {}],
    ['after the last day', { invoice_date: '2026-07-01' }, {}],
    ['counted', { invoice_date: '2026-06-01' }, { EUR: '0.85' }],
  ])('a statement of account whose only foreign document is %s', (_name, fields, rates) => {
    const books = owedBooks({ ...HOME, invoices: [euros(fields)], payments: [] });
    const { method } = accountOf(books, { client_id: 1, from: '2026-01-01', to: '2026-06-30', ...given }, '2026-06-30');
    expect(method.rates).toEqual(rates);
  });

  it.each([
    ['2029-01-01', {}],
    ['2026-07-15', { EUR: '0.85' }],
  ])('a forecast whose only foreign recurring invoice starts on %s', (startdate, rates) => {
    const row = { id: -1, client_id: 1, currency_code: 2, period: 2, disabled: false, enddate: '1900-01-01' };
    const data = { ...HOME, recurring_invoices: [{ ...row, startdate, lines: [{ id: 10, net_amount: 100 }] }] };
    const { method } = forecastOf(bookOf(data), pricesOf(data), { as_of: '2026-06-30', months: 2, ...given });
    expect(method.rates).toEqual(rates);
  });
});
