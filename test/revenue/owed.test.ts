/** What is owed: its age, as of a past day, and one client's account. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf, ageingOf, Exact, money, RevenueInputError, sum } from '../../revenue/index.js';
import { RUNS } from './books.js';
import { owedBooks } from './next.js';

const TODAY = '2026-11-28';
const HOME = { currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }], clients: [{ id: 1, name: 'Acme' }] };
const row = (more: object) => ({
  ...{ id: 1, client_id: 1, invoice_date: '2026-09-01', duedate: '2026-11-01', posted: true, currency_code: 1 },
  ...more,
});
const books = (invoices: object[], payments?: object[], listed = true) =>
  owedBooks({ ...HOME, invoices: invoices.map(row), payments: payments ?? [] }, listed ? {} : { payments: undefined });
const ageing = (invoices: object[], payments?: object[], as_of = TODAY) =>
  ageingOf(books(invoices, payments), { as_of, client_id: 1 }, TODAY);
const figures = (answer: ReturnType<typeof ageing>) => answer.clients[0]?.currencies.GBP;
const codes = (answer: { flags: { code: string }[] }) => answer.flags.map(({ code }) => code);

describe('a payment that does not say in a way that can be read', () => {
  const paid = { id: 9, client_id: 1, invoice_id: 1, date: '2026-10-01', amount: 20 };
  it.each([
    ['when it came', { date: 'lately' }],
    ['anything of when it came', { date: undefined }],
    ['how much it is', { amount: '1.200,00' }],
    ['anything of how much it is', { amount: undefined }],
    ['what for', { invoice_id: 'x1' }],
    ['whether it is a credit', { credit_note_id: 'x1' }],
    ['whose it is', { client_id: 'x1' }],
  ])('%s is in no sum, today and on a day that is over', (_name, odd) => {
    const invoices = [{ total: 50, amountdue: 30, amountpaid: 20 }];
    for (const day of [TODAY, '2026-09-30']) {
      expect(ageing(invoices, [paid], day).complete).toBe(true);
      const answer = ageing(invoices, [{ ...paid, ...odd }], day);
      expect(answer.complete).toBe(false);
      expect(answer.method.reason).toEqual([expect.stringContaining(`payment:9 (${Object.keys(odd)[0]})`)]);
      expect(figures(answer)?.unallocated).toBe('0.00');
    }
  });

  it('a document without a total is in no mean of what was billed', () => {
    expect(ageing([{ amountdue: 30, amountpaid: 20 }])).toMatchObject({ complete: false });
  });
});

describe('what is open of a document today', () => {
  it.each([
    ['nothing due and nothing paid is all of it', { total: 50, amountdue: 0, amountpaid: 0 }, '50.00', true],
    ['so is one that Halo calls unpaid', { total: 50, amountdue: 0, paymentstatus: -1 }, '50.00', true],
    [
      'nothing due is nothing where Halo calls it paid',
      { total: 50, amountdue: 0, amountpaid: 0, paymentstatus: 2 },
      '0.00',
      true,
    ],
    ['nothing due, and no word of payments, is nothing', { total: 50, amountdue: 0 }, '0.00', true],
    ['without a balance it is the total less what was paid', { total: 50, amountpaid: 20 }, '30.00', true],
    ['nothing is paid where less than zero is', { total: 50, amountdue: 0, amountpaid: -20 }, '50.00', true],
    ['so it is without a balance', { total: 50, amountpaid: -20 }, '50.00', true],
    ['without any word of it, it is not known', { total: 50 }, '0.00', false],
    [
      'nor by the number for unpaid alone, which a part payment may leave',
      { total: 50, paymentstatus: -1 },
      '0.00',
      false,
    ],
    ['without a balance and with nothing paid it is the total', { total: 50, amountpaid: 0 }, '50.00', true],
    ['a balance that can’t be read is not nothing', { total: 50, amountdue: '1.200,00' }, '0.00', false],
    ['a due day that can’t be read is not a day', { total: 50, amountdue: 50, duedate: 'soon' }, '0.00', false],
    ['without a date it may be of any time', { total: 50, amountdue: 50, invoice_date: undefined }, '0.00', false],
  ])('%s', (_name, more, open, complete) => {
    const answer = ageing([more]);
    expect(figures(answer)?.open).toBe(open);
    expect(answer.complete).toBe(complete);
    expect(answer.statement.startsWith('INCOMPLETE')).toBe(!complete);
  });

  it('terms make a due day where there is none, and without them it is not aged', () => {
    const terms = ageing([{ total: 9, amountdue: 9, duedate: '1900-01-01', paymentterms: 30 }]);
    expect(figures(terms)).toMatchObject({ '31_60': '9.00', open: '9.00' });
    expect(codes(terms)).toContain('due_by_terms');
    const none = ageing([{ total: 9, amountdue: 9, duedate: '1900-01-01', paymentterms: 0 }]);
    expect(figures(none)).toMatchObject({ no_due_date: '9.00', overdue: '0.00', open: '9.00' });
    expect(codes(none)).toContain('due_date_missing');
  });

  it('a credit is below zero however its sign is stored, and only what is left of it counts', () => {
    const left = { creditlinkedtoinvoiceid: 9, total: 40, credit_outstanding: 15, amountdue: 40 };
    expect(figures(ageing([left]))).toMatchObject({ unallocated: '-15.00', open: '0.00' });
    expect(figures(ageing([{ ...left, mark_credit_as_used: true }]))?.unallocated).toBe('0.00');
    const told = ageing([{ creditlinkedtoinvoiceid: 9, total: -40, amountdue: -40 }]);
    expect(figures(told)?.unallocated).toBe('-40.00');
    expect(codes(told)).toContain('credit_left_from_due');
  });

  it('money for no invoice is unallocated', () => {
    const answer = ageing([{ total: 50, amountdue: 50 }], [{ id: 1, client_id: 1, date: '2026-10-01', amount: 20 }]);
    expect(figures(answer)).toMatchObject({ open: '50.00', unallocated: '-20.00', net: '30.00' });
  });

  it('currencies are never added, and converted by the caller’s rate alone', () => {
    const euro = { ...HOME, currencies: [...HOME.currencies, { id: 2, code: 'EUR', conversion_rate: 1.17 }] };
    const invoices = [row({ total: 10, amountdue: 10 }), row({ id: 2, total: 20, amountdue: 20, currency_code: 2 })];
    const both = owedBooks({ ...euro, invoices });
    expect(Object.keys(ageingOf(both, { as_of: TODAY }, TODAY).totals)).toEqual(['GBP', 'EUR']);
    const rates = { EUR: '0.85' };
    const one = ageingOf(both, { as_of: TODAY, currency_policy: 'convert', rates }, TODAY);
    expect(one.totals.GBP?.open).toBe('27.00');
    expect(() => ageingOf(both, { as_of: TODAY, currency_policy: 'convert' }, TODAY)).toThrow(RevenueInputError);
  });

  it('days to pay are of money, not of credits that were applied', () => {
    const paid = { total: 100, amountdue: 0, paymentstatus: 2, datepaid: '2026-09-21' };
    const cash = [{ id: 1, invoice_id: 1, client_id: 1, date: '2026-09-11', amount: 100 }];
    expect(figures(ageing([paid], cash))?.days_to_pay).toEqual({ mean: '10.0', largest: 10, documents: 1 });
    const applied = cash.map((one) => ({ ...one, credit_note_id: 7 }));
    expect(figures(ageing([paid], applied))?.days_to_pay).toBeNull();
    expect(figures(ageing([paid]))?.days_to_pay).toEqual({ mean: '20.0', largest: 20, documents: 1 });
  });

  it('a DSO is what is open over what was billed in 90 days', () => {
    const answer = ageing([
      { total: 200, amountdue: 50, invoice_date: '2026-11-01' },
      { id: 2, total: 100, amountdue: 100, invoice_date: '2026-01-01' },
    ]);
    expect(figures(answer)?.dso_days).toBe('67.5');
    const items = [{ total: 200, amountdue: 50, invoice_date: '2026-11-01' }];
    expect(figures(ageing(items, undefined, '2027-11-01'))?.dso_days).toBe(figures(ageing(items))?.dso_days);
  });
});

describe('a day that is over', () => {
  const paid = { total: 100, amountdue: 0, amountpaid: 100 };

  it('takes back every payment that came since', () => {
    const payments = [{ id: 1, invoice_id: 1, client_id: 1, date: '2026-10-05', amount: 100 }];
    expect(figures(ageing([paid], payments, '2026-10-04'))?.open).toBe('100.00');
    expect(figures(ageing([paid], payments, '2026-10-05'))?.open).toBe('0.00');
  });

  it('is refused where no payment is listed', () => {
    expect(() => ageing([paid], [], '2026-09-30')).toThrow(/can't be told/);
    expect(() => ageingOf(books([paid], [], false), { as_of: '2026-09-30' }, TODAY)).toThrow(RevenueInputError);
  });

  it('is not complete where some payment is not listed', () => {
    const other = { id: 2, total: 10, amountdue: 0, amountpaid: 10 };
    const payments = [{ id: 1, invoice_id: 2, client_id: 1, date: '2026-10-05', amount: 10 }];
    const answer = ageing([paid, other], payments, '2026-09-30');
    expect(answer.complete).toBe(false);
    expect(codes(answer)).toContain('payment_day_unknown');
  });

  it('gives a credit back what was used of it since', () => {
    const credit = { id: 3, creditlinkedtoinvoiceid: 1, total: -60, credit_outstanding: 0, credit_used: -60 };
    const payments = [{ id: 1, invoice_id: 1, client_id: 1, date: '2026-10-05', amount: 60, credit_note_id: 3 }];
    const answer = ageing([{ total: 60, amountdue: 0 }, credit], payments, '2026-09-30');
    expect(figures(answer)).toMatchObject({ open: '60.00', unallocated: '-60.00', net: '0.00' });
  });
});

describe('an account', () => {
  const account = (invoices: object[], payments: object[]) =>
    accountOf(books(invoices, payments), { client_id: 1, from: '2026-10-01', to: '2026-10-31' }, TODAY);

  it('does not count a credit twice that was applied to an invoice', () => {
    const credit = { id: 2, creditlinkedtoinvoiceid: 1, invoice_date: '2026-10-02', total: -60, credit_outstanding: 0 };
    const payments = [{ id: 1, invoice_id: 1, client_id: 1, date: '2026-10-02', amount: 60, credit_note_id: 2 }];
    const answer = account([{ total: 60, amountdue: 0 }, credit], payments);
    expect(answer).toMatchObject({
      opening: '60.00',
      credited: '-60.00',
      paid: '0.00',
      closing: '0.00',
      difference: '0.00',
    });
    expect(answer.complete).toBe(true);
  });

  it('says so where it does not meet what is open', () => {
    const answer = account(
      [{ total: 60, amountdue: 10, amountpaid: 50, datepaid: '2026-09-15' }],
      [{ id: 1, invoice_id: 1, client_id: 1, date: '2026-09-15', amount: 20 }],
    );
    expect(answer).toMatchObject({ closing: '40.00', open_items: '10.00', difference: '30.00', complete: false });
    expect(codes(answer)).toContain('balance_differs');
  });

  it('opening and all that moved is closing, and meets what is open, in any order of rows', () => {
    const day = fc
      .integer({ min: 0, max: 120 })
      .map((days) => new Date(Date.UTC(2026, 7, 1) + days * 86_400_000).toISOString().slice(0, 10));
    const document = fc.record({
      date: day,
      total: fc.integer({ min: 1, max: 99_999 }),
      parts: fc.array(fc.tuple(day, fc.integer({ min: 1, max: 60 })), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(document, { maxLength: 6 }), (documents) => {
        let id = 0;
        const payments: object[] = [];
        const invoices = documents.map(({ date, total, parts }, index) => {
          let due = total;
          for (const [when, percent] of parts) {
            const amount = Math.min(due, Math.round((total * percent) / 100));
            if (amount === 0) continue;
            due -= amount;
            id += 1;
            payments.push({ id, invoice_id: index + 1, client_id: 1, date: when, amount: amount / 100 });
          }
          return {
            id: index + 1,
            invoice_date: date,
            total: total / 100,
            amountdue: due / 100,
            amountpaid: (total - due) / 100,
          };
        });
        const answer = account(invoices, payments);
        const parts = [answer.opening, answer.invoiced, answer.credited, answer.paid].map((one) => new Exact(one));
        expect(money(sum(parts), 2)).toBe(answer.closing);
        expect(answer.difference).toBe('0.00');
        expect(account(invoices.toReversed(), payments.toReversed())).toEqual(answer);
      }),
      RUNS,
    );
  });
});

describe('a client with nothing, in a currency of its own', () => {
  const EUR = { id: 2, code: 'EUR', conversion_rate: 1.17 };
  const data = {
    currencies: [...HOME.currencies, EUR],
    clients: [{ id: 1, name: 'Acme', default_currency_code: 2 }],
    invoices: [],
    payments: [],
  };
  const convert = { currency_policy: 'convert', rates: { EUR: '0.85' } } as const;
  const of = (more: object = {}) => ageingOf(owedBooks(data), { client_id: 1, as_of: TODAY, ...more }, TODAY);
  const account = (more: object = {}) =>
    accountOf(owedBooks(data), { client_id: 1, from: '2026-10-01', to: TODAY, ...more }, TODAY);

  it('owes nothing in that currency, and in home currency where all is converted', () => {
    expect(Object.keys(of().totals)).toEqual(['EUR']);
    expect(of().statement).toMatch(/^EUR, Acme: 0\.00 /);
    expect(account().currency).toBe('EUR');
    expect(Object.keys(of(convert).totals)).toEqual(['GBP']);
    expect(account(convert)).toMatchObject({ currency: 'GBP' });
  });

  it('is told that all is in home currency, and of no rate, as there was nothing to convert', () => {
    expect(of(convert).statement).toMatch(/ Converted to GBP\.$/);
    expect(account(convert).statement).toMatch(/ Converted to GBP\.$/);
    expect(of(convert).method.rates).toEqual({});
    expect(of().statement + account().statement).not.toContain('Converted');
  });

  it('that owes something is told the one rate that was used, as a plain decimal', () => {
    const invoices = [
      { id: 1, client_id: 1, invoice_date: '2026-11-01', posted: true, currency_code: 2, total: 100, amountdue: 100 },
    ];
    const asked = { as_of: TODAY, currency_policy: 'convert', rates: { ' eur ': '0.8500', GBP: 1, USD: 2 } } as const;
    const answer = ageingOf(owedBooks({ ...data, invoices }), asked, TODAY);
    expect(answer.statement).toMatch(/ Converted to GBP \(EUR at 0\.85\)\.$/);
    expect(answer.method.rates).toEqual({ EUR: '0.85' });
  });

  it('among all clients is a sentence', () => {
    expect(of({ client_id: undefined }).statement).toBe(`Nothing owed on ${TODAY} was found.`);
  });
});

it('money that no invoice holds names its client', () => {
  const answer = ageing([], [{ id: 7, client_id: 1, invoice_id: 0, date: '2026-11-01', amount: 20 }]);
  expect(answer.evidence.unallocated?.items).toMatchObject([{ payment: 7, client: 'Acme' }]);
});
