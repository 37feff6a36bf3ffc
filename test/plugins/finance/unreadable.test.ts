/** An unreadable value is not zero: every tool with money leaves the figure out and names it, and no sum is a total. */
import { describe, expect, test } from 'vitest';
import type { AnyTool } from '../../../core/index.js';
import { getContract } from '../../../plugins/finance/contract.js';
import { listContracts } from '../../../plugins/finance/contracts.js';
import { getInvoice, listInvoices } from '../../../plugins/finance/invoices.js';
import { getRecurringInvoice, listRecurringInvoices } from '../../../plugins/finance/recurring-invoices.js';
import { revenueCsv } from '../../../plugins/finance/revenue-breakdown/csv.js';
import { revenueBreakdown } from '../../../plugins/finance/revenue-breakdown/index.js';
import type { RevenueAnswer } from '../../../plugins/finance/revenue-breakdown/output.js';
import { billingForecast } from '../../../plugins/insights/billing-forecast.js';
import { billingLeaks } from '../../../plugins/insights/billing-leaks.js';
import { clientConcentration } from '../../../plugins/insights/client-concentration.js';
import { deferredRevenue } from '../../../plugins/insights/deferred-revenue.js';
import { grossMargin } from '../../../plugins/insights/gross-margin.js';
import { renewalsCalendar } from '../../../plugins/insights/renewals-calendar.js';
import { retention } from '../../../plugins/insights/retention.js';
import { revenueBridge } from '../../../plugins/insights/revenue-bridge.js';
import { revenueTrend } from '../../../plugins/insights/revenue-trend.js';
import { callOf } from '../../core/make/fake.js';
import { type Books, contract, type Fields, haloWith, invoice, line, template } from './halo.js';

const DAYS = { from: '2026-05-01', to: '2026-07-31' };
const ask = async (tool: AnyTool, books: Books, args: Fields = {}): Promise<Fields> => {
  const answer = (await callOf(tool, haloWith(books), args)) as unknown as Fields;
  expect(tool.output.safeParse(answer).error).toBeUndefined();
  return answer;
};
const first = (answer: Fields): Fields => (answer.items as Fields[])[0] ?? {};
const revenue = async (books: Books, args: Fields = {}) =>
  (await ask(revenueBreakdown, books, {
    ...DAYS,
    as_of: '2026-06-30',
    ...args,
  })) as unknown as RevenueAnswer;

/** No figure of a row or record reads as nothing. */
const ZERO = /"-?0(\.0+)?"/;
const UNREADABLE: [string, unknown][] = [
  ['a decimal comma', '1.200,00'],
  ['a comma alone', '10,5'],
  ['text', 'abc'],
  ['a currency sign', '£100'],
  ['an object', { amount: 100 }],
  ['a list', [100]],
  ['a flag', true],
  ['a flag that is off', false],
  ['no number', Number.NaN],
];

describe.each(UNREADABLE)('an amount as %s', (_, odd) => {
  const lines = [line({ net_amount: odd })];

  test.each<[string, AnyTool, Books, Fields, string[]]>([
    ['list_invoices', listInvoices, { invoices: [invoice({ lines })] }, { kind: 'all' }, ['net']],
    [
      'list_invoices, the header',
      listInvoices,
      { invoices: [invoice({ total: odd, amountdue: odd })] },
      {},
      ['gross', 'amount_due'],
    ],
    ['list_invoices, tax', listInvoices, { invoices: [invoice({ tax_total: odd })] }, { columns: ['tax'] }, ['tax']],
    [
      'list_contracts',
      listContracts,
      { contracts: [contract({ periodchargeamount: odd })] },
      {},
      ['charge', 'monthly_value'],
    ],
    [
      'list_recurring_invoices',
      listRecurringInvoices,
      { templates: [template({ lines })] },
      {},
      ['net', 'monthly_value'],
    ],
  ])('is left out of %s, and named', async (_, tool, books, args, columns) => {
    const answer = await ask(tool, books, args);
    for (const column of columns) {
      expect(first(answer)).not.toHaveProperty(column);
      expect(answer.hint).toContain(`${column} of ${String(first(answer).id)}`);
    }
    expect(JSON.stringify(answer)).not.toMatch(ZERO);
    expect(answer.total).toBe(1);
  });

  test.each<[string, AnyTool, Books, number, string[]]>([
    [
      'get_invoice',
      getInvoice,
      { invoices: [invoice({ lines: [line({ net_amount: odd, unit_price: odd })] })] },
      5009,
      ['net of 5009', 'net of 21', 'unit_price of 21'],
    ],
    [
      'get_recurring_invoice',
      getRecurringInvoice,
      { templates: [template({ lines })] },
      -94,
      ['net of -94', 'yearly_value of -94', 'net of 21'],
    ],
    [
      'get_contract',
      getContract,
      { contracts: [contract({ periodchargeamount: odd })] },
      31,
      ['charge of 31', 'monthly_value of 31'],
    ],
  ])('is left out of %s, and named', async (_, tool, books, id, named) => {
    const answer = await ask(tool, books, { id });
    for (const one of named) expect(String(answer.hint).replaceAll('; ', ', ')).toContain(one);
    expect(JSON.stringify(answer)).not.toMatch(ZERO);
  });

  test.each<[string, Books, string]>([
    [
      'of an invoice',
      { invoices: [invoice({ lines: [...lines, line({ id: 22 })] })] },
      'invoice:5009 (net_amount of line 21)',
    ],
    [
      'of a header',
      {
        invoices: [invoice({ lines: [], revenue: odd })],
        more: { '/Invoice/5009': () => invoice({ lines: [], revenue: odd }) },
      },
      'invoice:5009 (revenue)',
    ],
    ['of a recurring invoice', { templates: [template({ lines })] }, 'recurring_invoice:-94 (net_amount of line 21)'],
    ['of a contract', { contracts: [contract({ periodchargeamount: odd })] }, 'contract:31 (periodchargeamount)'],
    [
      'of a price',
      { invoices: [invoice({ lines: [line({ net_amount: null, unit_price: odd })] })] },
      'invoice:5009 (net_amount of line 21)',
    ],
    [
      'of a quantity',
      { invoices: [invoice({ lines: [line({ net_amount: null, qty_order: odd })] })] },
      'invoice:5009 (net_amount of line 21)',
    ],
    [
      'of a discount',
      { invoices: [invoice({ lines: [line({ net_amount: null, discount_perc: odd })] })] },
      'invoice:5009 (net_amount of line 21)',
    ],
    [
      'of a draft',
      { invoices: [invoice({ posted: false, dateposted: null, lines })] },
      'invoice:5009 (net_amount of line 21)',
    ],
  ])('%s is in no total of revenue_breakdown: not complete, and why', async (_, books, named) => {
    const answer = await revenue(books);
    expect(answer.method).toMatchObject({ complete: false, reason: [`not fully readable: ${named}`] });
    expect(answer.statement).toMatch(/^INCOMPLETE/);
    expect(revenueCsv(answer).text).toContain(',false\n');
    expect(
      JSON.stringify(answer.clients.map(({ evidence }) => Object.values(evidence).map(({ items }) => items))),
    ).not.toMatch(ZERO);
    expect(answer.flags.filter(({ amount }) => amount !== null && Number(amount) === 0)).toEqual([]);
  });

  test.each<[string, AnyTool, Books]>([
    ['billing_leaks', billingLeaks, { contracts: [contract({ periodchargeamount: odd })] }],
    [
      'billing_leaks, of a recurring invoice',
      billingLeaks,
      { templates: [template({ lines }, { nextcreationdate: '2024-02-01' })] },
    ],
    [
      'renewals_calendar',
      renewalsCalendar,
      {
        contracts: [contract({ periodchargeamount: odd, end_date: soon() })],
      },
    ],
    ['client_concentration', clientConcentration, { invoices: [invoice({ lines, invoice_date: lastMonth() })] }],
    ['revenue_trend', revenueTrend, { invoices: [invoice({ lines, invoice_date: lastMonth() })] }],
  ])('leaves %s without totals', async (_, tool, books) => {
    const answer = await ask(tool, books);
    expect(answer).toMatchObject({ complete: false, totals: {} });
    expect(answer.reason).toMatch(/not fully readable: (contract|recurring_invoice|invoice):/);
    expect(JSON.stringify(answer)).not.toMatch(/"monthly_value":"0/);
  });
});

function soon(): string {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + 9);
  return day.toISOString().slice(0, 19);
}

function lastMonth(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 5)).toISOString().slice(0, 19);
}

describe('an amount that is not there', () => {
  const bare = { net_amount: undefined, unit_price: undefined, qty_order: undefined };

  test.each<[string, Fields]>([
    ['of a line that sells an item', { lines: [line(bare), line({ id: 22 })], revenue: 200 }],
    [
      'of a line that the header has money for',
      { lines: [line({ ...bare, item_code: '' }), line({ id: 22 })], revenue: 150 },
    ],
    [
      'of the only line, under a header that says none',
      { lines: [line({ ...bare, item_code: '' })], revenue: null, total: null, tax_total: null },
    ],
    ['of a header without lines', { lines: [], revenue: null, total: null }],
  ])('%s is unknown, not nothing', async (_, fields) => {
    const books = { invoices: [invoice(fields)], more: { '/Invoice/5009': () => invoice(fields) } };
    expect((await revenue(books)).method.complete).toBe(false);
    const answer = await ask(listInvoices, books, { kind: 'all' });
    expect(first(answer)).not.toHaveProperty('net');
    expect(answer.hint).toContain('net of 5009');
  });

  test('a line of text has none: the header says that nothing is missing', async () => {
    const text = line({ ...bare, id: 22, item_code: '', item_shortdescription: 'Thank you' });
    const books = { invoices: [invoice({ lines: [line(), text] })] };
    expect((await revenue(books)).method.complete).toBe(true);
    expect(first(await ask(listInvoices, books, { kind: 'all' })).net).toBe('100.00');
  });

  test('a contract without a charge is worth an unknown amount', async () => {
    const answer = await ask(listContracts, { contracts: [contract({ periodchargeamount: undefined })] });
    expect(first(answer)).not.toHaveProperty('charge');
    expect(first(answer)).not.toHaveProperty('monthly_value');
    expect(answer).not.toHaveProperty('hint');
  });
});

describe('a day that can not be read', () => {
  const soon = 'soon';
  test.each<[string, Books, string]>([
    [
      'the end of a recurring invoice',
      { templates: [template({}, { end_date: soon })] },
      'recurring_invoice:-94 (end_date)',
    ],
    ['its start', { templates: [template({}, { startdate: soon })] }, 'recurring_invoice:-94 (startdate)'],
    [
      'its next date',
      { templates: [template({}, { nextcreationdate: soon })] },
      'recurring_invoice:-94 (nextcreationdate)',
    ],
    ['its end, in the header alone', { templates: [template({ enddate: soon })] }, 'recurring_invoice:-94 (enddate)'],
    [
      'the end of a line',
      { templates: [template({ lines: [line({ enddate: soon })] })] },
      'recurring_invoice:-94 (enddate of line 21)',
    ],
    ['the end of a contract', { contracts: [contract({ end_date: soon })] }, 'contract:31 (end_date)'],
    ['the date of an invoice', { invoices: [invoice({ invoice_date: soon })] }, 'invoice:5009 (invoice_date)'],
    ['a service period', { invoices: [invoice({ period_end_date: soon })] }, 'invoice:5009 (period_end_date)'],
  ])('%s: told, and not complete', async (_, books, named) => {
    expect((await revenue(books)).method).toMatchObject({
      complete: false,
      reason: [`not fully readable: ${named}`],
    });
  });

  test('a posted document without a day may belong in the window: no sum is complete', async () => {
    const { complete, reason } = (
      await revenue({ invoices: [invoice(), invoice({ id: 5010, invoice_date: null, dateposted: null })] })
    ).method;
    expect([complete, reason]).toEqual([false, ['Invoice: a posted document has no date']]);
  });

  test('what is over although its start can not be read, or is disabled, is not a fault', async () => {
    const over = [
      template({ disabled: true }, { end_date: soon }),
      template({ id: -95 }, { startdate: soon, end_date: '2025-01-01' }),
    ];
    expect((await revenue({ templates: over })).method.complete).toBe(true);
  });

  test.each<[string, AnyTool, Books, Fields, string]>([
    ['list_contracts', listContracts, { contracts: [contract({ end_date: soon })] }, {}, 'end of 31'],
    [
      'list_contracts by its end',
      listContracts,
      { contracts: [contract({ end_date: soon })] },
      { ending_before: '2026-01-01' },
      'end of 31',
    ],
    [
      'list_recurring_invoices',
      listRecurringInvoices,
      { templates: [template({}, { nextcreationdate: soon })] },
      {},
      'next_date of -94',
    ],
    ['list_invoices', listInvoices, { invoices: [invoice({ invoice_date: soon })] }, {}, 'date of 5009'],
  ])('%s shows the row, without it', async (_, tool, books, args, named) => {
    const answer = await ask(tool, books, args);
    expect(answer.items).toHaveLength(1);
    expect(answer.hint).toContain(named);
  });
});

describe('invalid rows and lines', () => {
  test('only an invoice without an id is lost: the list stands, and is not counted as complete', async () => {
    const answer = await ask(listInvoices, {
      invoices: [invoice(), invoice({ id: undefined }), invoice({ id: 'abc' })],
    });
    expect((answer.items as Fields[]).map(({ id }) => id)).toEqual([5009]);
    expect(answer.total).toBeNull();
    expect(answer.hint).toContain('2 rows without an id');
  });

  test.each<[string, AnyTool, Books]>([
    ['contract', listContracts, { contracts: [contract(), contract({ id: null })] }],
    ['recurring invoice', listRecurringInvoices, { templates: [template(), template({ id: null })] }],
  ])('a %s without an id likewise', async (_, tool, books) => {
    const answer = await ask(tool, books);
    expect(answer.items).toHaveLength(1);
    expect(answer).toMatchObject({ total: null, hint: expect.stringContaining('without an id') });
  });

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['text', 'abc'],
    ['0', 0],
  ])('nothing adds up where the id of an invoice is %s', async (_, id) => {
    const { complete, reason } = (await revenue({ invoices: [invoice(), invoice({ id })] })).method;
    expect([complete, String(reason)]).toEqual([false, expect.stringMatching(/without an id|has no id/)]);
  });

  test.each<[string, unknown]>([
    ['null among them', [line(), null]],
    ['text among them', [line(), 'x']],
    ['a line that came twice', [line(), line()]],
  ])('lines with %s: the kind and the net are not told', async (_, lines) => {
    const books = { invoices: [invoice({ lines })] };
    expect((await revenue(books)).method).toMatchObject({
      complete: false,
      reason: ['not fully readable: invoice:5009 (lines)'],
    });
    const answer = await ask(listInvoices, books, { kind: 'recurring' });
    expect(first(answer)).toMatchObject({ id: 5009 });
    expect(answer.hint).toMatch(/kind of 5009; net of 5009/);
    expect((await ask(getInvoice, books, { id: 5009 })).hint).toContain('lines that are not records');
  });

  test.each<[string, AnyTool, Books]>([
    ['list_invoices', listInvoices, { invoices: [invoice({ currency_code: 'x1' })] }],
    ['list_recurring_invoices', listRecurringInvoices, { templates: [template({ currency_code: 'x1' })] }],
    ['list_contracts', listContracts, { contracts: [contract({ currency_code: 'x1' })] }],
    ['list_invoices, by an unknown id', listInvoices, { invoices: [invoice({ currency_code: 99 })] }],
    ['list_recurring_invoices, by one', listRecurringInvoices, { templates: [template({ currency_code: 99 })] }],
    ['list_contracts, by one', listContracts, { contracts: [contract({ currency_code: 99 })] }],
  ])('%s: a currency that can not be read is not shown as the home one', async (_, tool, books) => {
    const columns = tool === listContracts ? { columns: ['currency'] } : {};
    const answer = await ask(tool, books, { ...columns, ...(tool === listInvoices && { kind: 'all' }) });
    expect(first(answer).id).toBeDefined();
    expect(first(answer).currency).toBeUndefined();
    expect(answer.hint).toMatch(/can't be read, left out: .*currency of/);
  });

  test('money in a currency that can not be read is owed in no other', async () => {
    const unpaid = { total: 100, amountdue: 100 };
    const { invoices } = {
      invoices: [invoice({ ...unpaid, id: 1, currency_code: 'x1' }), invoice({ ...unpaid, id: 2 })],
    };
    const { _head: head } = await ask(listInvoices, { invoices }, { kind: 'all', payment: 'unpaid' });
    expect(head).toMatch(/^Owed, gross and before credits: GBP 100\.00, .* 1 of them can't be summed/);
  });

  test.each(['ticket_id', 'recurring_invoice_line_id', 'prepay_id', 'milestone_id', 'item_recurring'])(
    'a line whose %s can not be read is of no class, and its invoice of no kind',
    async (field) => {
      const lines = [line({ [field]: 'x1' }), line({ id: 22, net_amount: 50 })];
      const listed = await ask(listInvoices, { invoices: [invoice({ lines })] }, { kind: 'all' });
      expect([first(listed).kind, first(listed).net]).toEqual([undefined, '150.00']);
      expect(listed.hint).toContain('kind of 5009');
      const got = await ask(getInvoice, { invoices: [invoice({ lines })] }, { id: 5009 });
      expect((got.lines as Fields[]).map((one) => one.class)).toEqual([undefined, 'non_recurring']);
      expect(got.hint).toContain('class of 21');
      expect((await revenue({ invoices: [invoice({ lines })] })).method.complete).toBe(false);
    },
  );

  test.each<[string, Fields]>([
    ['its day', { invoice_date: 'soon' }],
    ['the ticket of a line', { lines: [line({ ticket_id: 'x7' })] }],
  ])('gross_margin of a document that does not say %s is not whole', async (_, odd) => {
    const answer = await ask(grossMargin, { invoices: [invoice(odd)] }, { from: '2026-06-01', to: '2026-06-30' });
    expect([answer.complete, answer.statement]).toEqual([false, expect.stringMatching(/^INCOMPLETE/)]);
  });

  test.each(['schedule', 'header'])(
    'a period in the %s that is neither a code nor a word: no run rate is whole',
    async (at) => {
      const odd =
        at === 'schedule' ? template({}, { period: 'x2' }) : template({ period: 'x2' }, { period: undefined });
      const answer = await revenue({ templates: [odd] });
      expect(answer.method).toMatchObject({
        complete: false,
        reason: ['not fully readable: recurring_invoice:-94 (period)'],
      });
    },
  );

  test('billing_forecast is not complete if it is unknown whether a contract rolls on', async () => {
    const books = {
      contracts: [contract({ end_date: '2026-12-31T00:00:00', rollingcontract: 'perhaps' })],
      templates: [template({ contract_id: 31 }, { nextcreationdate: '2026-07-01T00:00:00' })],
    };
    const answer = await ask(billingForecast, books, { as_of: '2026-06-30' });
    expect(answer.method).toMatchObject({
      reason: [expect.stringContaining('contract:31 (rollingcontract)')],
    });
  });

  test('a list that has null for what only the single contract says is one that does not say it', async () => {
    const DETAILS = { rollingcontract: null, dontinvoice: null, previouscontract: null };
    const own = contract({ end_date: '2026-05-31T00:00:00', rollingcontract: true });
    const listed = { '/ClientContract': () => ({ record_count: 1, contracts: [{ ...own, ...DETAILS }] }) };
    const { totals } = await revenue({ contracts: [own], more: listed });
    expect(totals.GBP).toMatchObject({ contract_only_mrr: '800.00' });
  });

  test('a contract past its end that may roll on may be in force: nothing is complete', async () => {
    const contracts = [contract({ end_date: '2026-05-31T00:00:00', rollingcontract: 'perhaps' })];
    expect((await revenue({ contracts })).method).toMatchObject({
      complete: false,
      reason: ['not fully readable: contract:31 (rollingcontract)'],
    });
  });

  test.each(['supplier_id', 'purchaseorder_id', 'recognised_from_invoice'])(
    'an invoice whose %s can not be read may not be one: it is in no complete sum',
    async (field) => {
      const answer = await revenue({ invoices: [invoice({ [field]: 'x1' })] });
      expect(answer.method).toMatchObject({ complete: false });
    },
  );

  describe.each<[string, AnyTool, Fields]>([
    ['deferred_revenue', deferredRevenue, { as_of: '2026-06-30' }],
    ['revenue_trend', revenueTrend, { from: '2026-08-01', to: '2026-09-30' }],
    ['retention', retention, { from: '2026-05', to: '2026-07' }],
    ['revenue_bridge', revenueBridge, { as_of: '2026-10-31' }],
  ])('%s is not whole where an invoice of a subscription does not say', (_, tool, args) => {
    const YEAR = { period_start_date: '2026-06-01T00:00:00', period_end_date: '2027-05-31T00:00:00' };
    const billed = (odd: Fields, inLine: Fields = {}) => {
      const lines = [line({ recurring_invoice_id: -94, recurring_invoice_line_id: 11, ...inLine })];
      return { templates: [template()], invoices: [invoice({ ...YEAR, lines, ...odd })] };
    };
    const isWhole = async (books: Books) => {
      const answer = await ask(tool, books, args);
      return answer.complete ?? (answer.method as Fields).complete;
    };
    const LINKS = { recurring_invoice_id: 'x94', recurring_invoice_line_id: 'x11' };

    test.each<[string, Fields, Fields?]>([
      ['what made its line', {}, LINKS],
      ['its lines', { lines: 'none' }],
      ['its first day', { period_start_date: 'soon' }],
      ['its last day', { period_end_date: 'soon' }],
      ['when it was made', { invoice_date: 'soon' }],
    ])('%s', async (_name, odd, inLine) => {
      expect([await isWhole(billed({})), await isWhole(billed(odd, inLine))]).toEqual([true, false]);
    });
  });

  test.each<[string, Fields]>([
    ['names a credited invoice that can not be read', { creditlinkedtoinvoiceid: 'x9' }],
    [
      'has a line whose amount can not be read, and no net',
      { lines: [line({ net_amount: 'abc' })], revenue: undefined },
    ],
  ])('what may be a credit note as it %s shows no amount above zero, and nothing is summed', async (_name, odd) => {
    const unpaid = { total: 144, tax_total: 24, amountdue: 144 };
    const invoices = [invoice({ ...unpaid, ...odd, id: 1 }), invoice({ ...unpaid, id: 2 })];
    const answer = await ask(listInvoices, { invoices }, { kind: 'all', payment: 'unpaid', columns: ['tax'] });
    const [{ kind, net, gross, tax, amount_due } = {}] = answer.items as Fields[];
    expect([kind, net, gross, tax, amount_due]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(answer.hint).toMatch(/kind of 1; net of 1; gross of 1; amount_due of 1; tax of 1/);
    expect(answer._head).toMatch(/^What is owed in total is summed only/);
  });

  test.each<[string, Fields, string]>([
    ['by its net', { lines: 'none', revenue: -100 }, '-100.00'],
    ['by the invoice that it credits', { creditlinkedtoinvoiceid: 9, lines: [line({ ticket_id: 'x7' })] }, '-100.00'],
  ])('a credit note is one %s, whatever else of it can not be read', async (_name, odd, net) => {
    const answer = await ask(listInvoices, { invoices: [invoice({ total: 120, ...odd })] }, { kind: 'credit' });
    expect(first(answer)).toMatchObject({ kind: 'credit', net, gross: '-120.00' });
  });

  test('an invoice of an unknown class is known to be no credit note', async () => {
    const invoices = [
      invoice({ id: 1, lines: [line({ ticket_id: 'x7' })] }),
      invoice({ id: 2, creditlinkedtoinvoiceid: 9 }),
    ];
    const { total, items, hint } = await ask(listInvoices, { invoices }, { kind: 'credit' });
    expect([total, (items as Fields[]).map(({ id }) => id), hint]).toEqual([1, [2], undefined]);
  });

  test('an invoice that may be overdue is in no sum of what is owed', async () => {
    const invoices = [invoice({ id: 1, duedate: 'soon' }), invoice({ id: 2 })];
    const { _head: head } = await ask(listInvoices, { invoices }, { kind: 'all', payment: 'unpaid' });
    expect(head).toMatch(/^Owed, gross and before credits: GBP 120\.00, .* 1 of them can't be summed/);
  });

  test.each([
    ['isinactive'],
    ['isgroupdesc'],
    ['is_active'],
    ['is_recognised_revenue'],
    ['onetimecharge'],
    ['enddate'],
  ])('a line whose %s can not be read may count or not: no figure with it is told', async (field) => {
    const lines = [line({ id: 11, net_amount: 300, [field]: 'perhaps' }), line({ id: 12, net_amount: 50 })];
    const listed = await ask(listRecurringInvoices, { templates: [template({ lines })] });
    expect([first(listed).id, first(listed).net, first(listed).monthly_value]).toEqual([-94, undefined, undefined]);
    expect(listed.hint).toMatch(/net of -94; monthly_value of -94/);
    const answer = await revenue({ templates: [template({ lines })] });
    expect(answer.method.complete).toBe(false);
  });

  test('an id of a currency that can not be read is not home', async () => {
    const answer = await revenue({ invoices: [invoice({ currency_code: { id: 1 } })] });
    expect(answer.method).toMatchObject({
      complete: false,
      reason: ['not fully readable: invoice:5009 (currency_code)'],
    });
  });

  test.each<[string, unknown]>([
    ['faults', { errors: [{ id: 1, code: 'GBP' }] }],
    ['a fault', { error: 'denied' }],
  ])('%s in place of the currencies are no currencies', async (_, currencies) => {
    await expect(revenue({ currencies })).rejects.toThrow('no list of currencies');
  });

  test('a currency that can not be read may be home', async () => {
    const currencies = [
      { id: 'x', code: 'GBP', conversion_rate: 1 },
      { id: 2, code: 'EUR', conversion_rate: 1.1 },
    ];
    expect((await revenue({ currencies })).method).toMatchObject({
      complete: false,
      reason: ["Currency: 1 of 2 rows can't be read"],
    });
  });

  const euro = { id: 2, code: 'EUR', conversion_rate: 1.1 };
  test.each<[string, unknown, RegExp]>([
    ['is not sent', { record_count: 2, currencies: [euro] }, /^Currency: Halo counts 2 rows and sent 1$/],
    ['comes as something else', [null, euro], /^Currency: 1 of the 2 rows that Halo sent can't be read$/],
    ['has no code', [{ id: 1, code: '£', conversion_rate: 1 }, euro], /^Currency: the home currency has no code/],
  ])('a home currency that %s is not the other one', async (_, currencies, reason) => {
    const answer = await revenue({ currencies, invoices: [invoice({ currency_code: 0 })] });
    expect(answer.method).toMatchObject({ complete: false, reason: [expect.stringMatching(reason)] });
  });
});

describe('a single read that answers with another record', () => {
  const other = () => invoice({ id: 5003, lines: [line({ net_amount: 7 })] });

  test('costs the lines of that invoice in a list, which says so', async () => {
    const books = { invoices: [invoice({ lines: null }), invoice({ id: 5010 })], more: { '/Invoice/5009': other } };
    const answer = await ask(listInvoices, books);
    expect((answer.items as Fields[]).map(({ id, net }) => [id, net])).toEqual([
      [5009, '100.00'],
      [5010, '100.00'],
    ]);
    expect(answer.hint).toContain('kind of 5009');
  });

  test('is in no sum', async () => {
    const answer = await revenue({ invoices: [invoice({ lines: null })], more: { '/Invoice/5009': other } });
    expect(answer.method).toMatchObject({ complete: false, reason: ['Invoice 5009 failed (HALO_FILTER_IGNORED)'] });
  });

  test.each<[string, unknown, string]>([
    ['another client', { id: 13, name: 'Other' }, 'HALO_FILTER_IGNORED'],
    ['a fault', { error: 'denied' }, 'HALO_UNEXPECTED'],
  ])('nor is %s taken for the one that was asked about', async (_, body, code) => {
    const asked = revenue({ more: { '/Client/12': () => body } }, { client_id: 12 });
    await expect(asked).rejects.toMatchObject({ code });
  });
});

test('a healthy book is complete, and says nothing besides its figures', async () => {
  const books = { invoices: [invoice()], templates: [template()], contracts: [contract({ dontinvoice: true })] };
  expect((await revenue(books)).method).toMatchObject({ complete: true });
  expect((await revenue(books)).totals.GBP).toMatchObject({ mrr: '300.00', total_net: '100.00' });
  for (const tool of [listInvoices, listContracts, listRecurringInvoices]) {
    const answer = await ask(tool, books, tool.name === 'list_invoices' ? { kind: 'all' } : {});
    expect(answer).toMatchObject({ total: 1 });
    expect(answer).not.toHaveProperty('hint');
  }
});

describe.each<[string, unknown]>([
  ['a letter', 'Y'],
  ['a word of another language', 'wahr'],
  ['another number', -1],
  ['an object', { value: true }],
])('a flag that is %s is neither yes nor no', (_, odd) => {
  test.each<[string, Books, string]>([
    ['an invoice that may be void', { invoices: [invoice({ voided: odd })] }, 'invoice:5009 (voided)'],
    ['a hidden one', { invoices: [invoice({ hideinvoice: odd })] }, 'invoice:5009 (hideinvoice)'],
    [
      'a line that may not exist',
      { invoices: [invoice({ lines: [line({ isinactive: odd })] })] },
      'invoice:5009 (isinactive of line 21)',
    ],
    [
      'a recurring invoice that may be disabled',
      { templates: [template({ disabled: odd })] },
      'recurring_invoice:-94 (disabled)',
    ],
    ['one whose schedule may be', { templates: [template({}, { disabled: odd })] }, 'recurring_invoice:-94 (disabled)'],
    ['a contract that may be archived', { contracts: [contract({ active: odd })] }, 'contract:31 (active)'],
  ])('%s: no sum is a total', async (_, books, named) => {
    expect((await revenue(books)).method).toMatchObject({
      complete: false,
      reason: [`not fully readable: ${named}`],
    });
  });

  test.each<[string, AnyTool, Books, Fields, string, string]>([
    [
      'an invoice',
      listInvoices,
      { invoices: [invoice({ voided: odd })] },
      { kind: 'recurring' },
      'kind',
      'kind of 5009',
    ],
    ['a contract', listContracts, { contracts: [contract({ active: odd })] }, {}, 'status', 'status of 31'],
    [
      'a recurring invoice',
      listRecurringInvoices,
      { templates: [template({ disabled: odd })] },
      { columns: ['disabled'], status: 'disabled' },
      'disabled',
      'disabled of -94',
    ],
  ])('%s is listed and its state is not told', async (_, tool, books, args, column, named) => {
    const answer = await ask(tool, books, args);
    expect(first(answer)).not.toHaveProperty(column);
    expect(answer.hint).toContain(named);
  });
});

test('an id of two currencies: no sum is a total', async () => {
  const currencies = [
    { id: 1, code: 'GBP', conversion_rate: 1 },
    { id: 1, code: 'USD', conversion_rate: 1.3 },
  ];
  const { complete, reason } = (await revenue({ invoices: [invoice()], currencies })).method;
  expect([complete, reason]).toEqual([false, ['Currency: id 1 stands for two currencies']]);
});
