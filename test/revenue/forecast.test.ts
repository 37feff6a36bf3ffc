/** What recurring invoices will bill, and prices that have not changed for long. */
import { describe, expect, it } from 'vitest';
import { forecastOf, readPeriod, runDates, upliftOf } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { pricesOf } from './next.js';

const AS_OF = '2026-11-28';
const HOME = {
  currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }],
  clients: [{ id: 1, name: 'Acme' }],
};
const template = (more: object) => ({
  ...{ id: -1, client_id: 1, period: 2, disabled: false, currency_code: 1, startdate: '2025-01-01' },
  ...{ enddate: '1900-01-01', nextcreationdate: '2026-12-01', lines: [{ id: 10, net_amount: 100 }] },
  ...more,
});
const forecast = (templates: object[], { months = 2, ...more }: { months?: number; contracts?: object[] } = {}) => {
  const data = { ...HOME, ...more, recurring_invoices: templates.map(template) };
  return forecastOf(bookOf(data), pricesOf(data), { as_of: AS_OF, months });
};
const seen = (templates: object[], as_of: string, { today = AS_OF, months = 2 } = {}) => {
  const data = { ...HOME, recurring_invoices: templates.map(template) };
  return forecastOf(bookOf(data), pricesOf(data), { as_of, today, months });
};
const codes = (answer: { flags: { code: string }[] }) => answer.flags.map(({ code }) => code);

describe('the days of runs', () => {
  const days = (first: string, start: string | undefined, code: number, last: string) => {
    const period = readPeriod(code);
    return period === undefined ? [] : runDates(first, start, period, last);
  };

  it.each([
    [
      'the 31st comes back after shorter months',
      '2027-02-28',
      '2026-01-31',
      2,
      '2027-05-31',
      ['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31'],
    ],
    [
      'a next run off the schedule is counted from itself',
      '2027-02-15',
      '2025-01-01',
      3,
      '2028-12-31',
      ['2027-02-15', '2028-02-15'],
    ],
    ['weeks are dates', '2026-12-30', '2026-01-01', 1, '2027-01-13', ['2026-12-30', '2027-01-06', '2027-01-13']],
    [
      'without a start it is counted from the next run',
      '2026-12-05',
      undefined,
      4,
      '2027-06-05',
      ['2026-12-05', '2027-03-05', '2027-06-05'],
    ],
    ['none after the last day', '2027-03-01', undefined, 2, '2027-02-28', []],
  ])('%s', (_name, first, start, code, last, expected) => {
    expect(days(first, start, code, last)).toEqual(expected);
  });
});

describe('a run', () => {
  it('bills a one-time line once, on the first one there is', () => {
    const once = { id: 11, net_amount: 50, onetimecharge: true, onetimechargeinvoiceid: 0 };
    const lines = [{ id: 10, net_amount: 100 }, once];
    expect(forecast([{ lines }]).months).toEqual({ '2026-12': { GBP: '150.00' }, '2027-01': { GBP: '100.00' } });
    const late = forecast([{ lines, nextcreationdate: '2026-11-01' }]);
    expect(late).toMatchObject({ overdue: { GBP: { runs: 1, net: '150.00' } }, totals: { GBP: '200.00' } });
    expect(forecast([{ lines: [{ ...once, onetimechargeinvoiceid: 7 }] }]).totals).toEqual({ GBP: '0.00' });
  });

  it('bills a line in its own span alone', () => {
    const lines = [
      { id: 1, net_amount: 10, startdate: '2027-01-01' },
      { id: 2, net_amount: 1, enddate: '2026-12-31' },
    ];
    expect(forecast([{ lines }]).months).toEqual({ '2026-12': { GBP: '1.00' }, '2027-01': { GBP: '10.00' } });
  });

  it('leaves out what is metered, and names it', () => {
    const answer = forecast([
      {
        lines: [
          { id: 1, net_amount: 10 },
          { id: 2, net_amount: 99, is_meter: true },
        ],
      },
    ]);
    expect(answer.totals).toEqual({ GBP: '20.00' });
    expect(codes(answer)).toContain('meter_unknown');
  });

  it('of this month is listed apart', () => {
    const answer = forecast([{ nextcreationdate: '2026-11-28' }]);
    expect(answer).toMatchObject({ rest_of_month: { GBP: '100.00' }, totals: { GBP: '200.00' }, overdue: {} });
    expect(answer.runs[0]).toMatchObject({ id: -1, date: '2026-11-28', client: 'Acme', net: '100.00' });
  });

  it('after the end of its contract is told', () => {
    const contracts = [{ id: 3, client_id: 1, start_date: '2025-01-01', end_date: '2026-12-31', active: true }];
    const answer = forecast([{ contract_id: 3 }], { contracts });
    expect(answer).toMatchObject({ totals: { GBP: '200.00' }, after_contract_end: { GBP: '100.00' } });
    expect(codes(answer)).toContain('contract_ends');
    const rolling = contracts.map((one) => ({ ...one, rollingcontract: true }));
    expect(forecast([{ contract_id: 3 }], { contracts: rolling }).after_contract_end).toEqual({ GBP: '0.00' });
  });

  it('does not come where it is disabled, over, of an unknown period, or without a day', () => {
    expect(forecast([{ disabled: true }]).runs).toEqual([]);
    expect(forecast([{ enddate: '2026-11-01' }]).runs).toEqual([]);
    expect(codes(forecast([{ period: 12 }]))).toEqual(['unknown_period']);
    expect(codes(forecast([{ nextcreationdate: '1900-01-01' }]))).toEqual(['run_unscheduled']);
  });

  it.each([
    ['has no next date', { nextcreationdate: '1900-01-01' }],
    ['has no next date and a period that Halo does not define', { nextcreationdate: '1900-01-01', period: 12 }],
    ['is told without a next date', { nextcreationdate: undefined }],
  ])('one that ended before the day and %s is not called active, as nothing of it is to come', (_what, more) => {
    expect(forecast([{ ...more, enddate: '2024-06-30' }])).toMatchObject({ complete: true, flags: [], runs: [] });
    // Its last day is still to come.
    expect(codes(forecast([{ ...more, enddate: AS_OF }]))).toHaveLength(1);
  });

  it('one that ended, whose next date can’t be read, may have missed runs, and is not called active', () => {
    const { complete, flags } = forecast([{ nextcreationdate: 'soon', enddate: '2024-06-30' }]);
    expect([complete, flags.map(({ code }) => code)]).toEqual([false, ['incomplete_data']]);
  });

  it('of a one-time schedule comes once, and not again', () => {
    expect(forecast([{ period: 0 }]).totals).toEqual({ GBP: '100.00' });
    expect(forecast([{ period: 0, lastcreated: '2025-01-01' }]).runs).toEqual([]);
  });

  it('whose amount can’t be read makes the answer incomplete', () => {
    const answer = forecast([{ lines: [{ id: 1, net_amount: '1,5' }] }]);
    expect(answer.complete).toBe(false);
    expect(answer.statement).toMatch(/^INCOMPLETE/);
  });
});

describe('a forecast of another day than today', () => {
  it('of the past counts the runs made since, by the next one, and says that they are carried back', () => {
    const answer = seen([{}], '2026-08-15');
    expect(answer).toMatchObject({
      months: { '2026-09': { GBP: '100.00' }, '2026-10': { GBP: '100.00' } },
      totals: { GBP: '200.00' },
      rest_of_month: { GBP: '0.00' },
      overdue: {},
    });
    expect(answer.runs.map(({ date }) => date)).toEqual(['2026-09-01', '2026-10-01']);
    expect(answer.statement).toMatch(
      /2026-08-15 is past: today's recurring invoices are carried back.*what was billed/,
    );
    expect(seen([{ nextcreationdate: '2026-12-15' }], '2026-08-10').statement).toContain('in the rest of 2026-08');
  });

  it('of the past has no run before the start, after the end, or in a pause up to the next one', () => {
    expect(seen([{ startdate: '2026-10-01' }], '2026-08-15').runs.map(({ date }) => date)).toEqual(['2026-10-01']);
    const ended = seen([{ enddate: '2026-09-15' }], '2026-08-15');
    expect(ended.runs.map(({ date }) => date)).toEqual(['2026-09-01']);
    // Halo may clear the next date of what has ended: then nothing says which runs were made.
    expect(ended.complete).toBe(true);
    expect(seen([{ enddate: '2026-09-15', nextcreationdate: null }], '2026-08-15').complete).toBe(false);
    expect(seen([{ enddate: '2026-08-01', nextcreationdate: null }], '2026-08-15').complete).toBe(true);
    const paused = seen([{ nextcreationdate: '2027-03-01' }], '2026-11-28', { months: 4 });
    expect(paused.runs.map(({ date }) => date)).toEqual(['2027-03-01']);
    const weekly = seen([{ period: 1, startdate: '1900-01-01' }], '2026-11-10', { months: 1 });
    expect(weekly.runs.map(({ date }) => date).slice(0, 4)).toEqual([
      ...['2026-11-10', '2026-11-17', '2026-11-24', '2026-12-01'],
    ]);
  });

  it('of the past does not bill a one-time line with the runs already made', () => {
    const lines = [{ id: 11, net_amount: 50, onetimecharge: true, onetimechargeinvoiceid: 0 }];
    expect(seen([{ lines }], '2026-08-15').totals).toEqual({ GBP: '0.00' });
    expect(seen([{ lines }], '2026-10-15').totals).toEqual({ GBP: '50.00' });
  });

  it('of the future takes the runs before it as made; only what is late today is overdue', () => {
    const answer = seen([{}, { id: -2, nextcreationdate: '2026-11-01' }], '2027-06-15');
    expect(answer).toMatchObject({
      months: { '2027-07': { GBP: '200.00' }, '2027-08': { GBP: '200.00' } },
      overdue: { GBP: { runs: 1, net: '100.00' } },
      rest_of_month: { GBP: '0.00' },
    });
    expect(answer.statement).toContain('2027-06-15 is in the future: a projection');
  });

  it('of today says nothing of days, and the sum of several overdue runs', () => {
    const { statement } = seen([{ nextcreationdate: '2026-10-01' }], AS_OF);
    expect(statement).toContain('; 2 overdue runs, 200.00 in all, are not in it');
    expect(statement).not.toMatch(/is past|future/);
  });
});

describe('a price that stands', () => {
  const uplift = (line: object, changes: object[] = [], asked: object = {}) => {
    const data = {
      ...HOME,
      recurring_invoices: [template({ lines: [{ id: 10, net_amount: 100, unit_price: 100, ...line }] })],
    };
    const books = {
      book: bookOf(data),
      prices: pricesOf(data),
      list: undefined,
      changes: new Map([[-1, changes as never]]),
    };
    return upliftOf(books, { as_of: AS_OF, min_months: 12, ...asked });
  };

  it.each([
    [
      'the last automatic rise',
      { auto_increase_last_date: '2025-06-01', startdate: '2025-01-01' },
      '2025-06-01',
      'auto_increase_last_date',
    ],
    ['the start of the line', { startdate: '2025-03-01' }, '2025-03-01', 'line_start'],
    ['the start of the recurring invoice', {}, '2025-01-01', 'recurring_invoice_start'],
  ])('is counted from %s', (_name, line, since, from) => {
    expect(uplift(line).candidates).toMatchObject([{ since, since_from: from }]);
  });

  it('is counted from a change by hand that is later', () => {
    const change = { id: 1, line: 10, date: '2025-10-01' };
    expect(uplift({ auto_increase_last_date: '2025-06-01' }, [change]).candidates).toMatchObject([
      { since: '2025-10-01', since_from: 'price_change', months_since: 13 },
    ]);
    expect(uplift({}, [{ ...change, date: '2026-06-01' }]).candidates).toEqual([]);
    expect(uplift({}, [{ ...change, line: 11, date: '2026-06-01' }]).candidates).toHaveLength(1);
  });

  it('is a whole number of months old', () => {
    expect(uplift({ auto_increase_last_date: '2025-11-29' }).candidates).toEqual([]);
    expect(uplift({ auto_increase_last_date: '2025-11-28' }).candidates).toHaveLength(1);
  });

  it('is no candidate where it is metered, one-time, nothing or excluded', () => {
    expect(uplift({ is_meter: true }).candidates).toEqual([]);
    expect(uplift({ onetimecharge: true }).candidates).toEqual([]);
    expect(uplift({ net_amount: 0 }).candidates).toEqual([]);
    expect(uplift({ exclude_auto_increase: true })).toMatchObject({ candidates: [], excluded: [{ line: 10 }] });
  });

  it('says that the list price was not read, and is complete without it', () => {
    const answer = uplift({});
    expect(answer.statement).toContain(
      'List price not read: that takes read:items, which "scopes" in the config can name.',
    );
    expect(answer.complete).toBe(true);
  });

  it('refuses an invalid percentage', () => {
    expect(() => uplift({}, [], { percent: 'much' })).toThrow(/not a percentage/);
    for (const percent of ['2.5%', ' 2.5 % '])
      expect(uplift({}, [], { percent })).toEqual(uplift({}, [], { percent: '2.5' }));
    expect(() => uplift({}, [], { percent: '%' })).toThrow(/not a percentage/);
    expect(uplift({}, [], { percent: 2.5 }).candidates).toMatchObject([{ uplift_month: '2.50', uplift_year: '30.00' }]);
  });
});
