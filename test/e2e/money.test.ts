/** A finance director's questions on the sandbox. Each figure is checked against its own sum of the raw rows. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SandboxReply } from '../../sandbox/types.js';
import { type Json, textOf, useStage } from '../faults/never-wrong/stage.js';
import { type Connection, connect, pence, type Row, walk } from '../sandbox/connect.js';

/** The day of the sandbox, and of the server. */
const TODAY = '2026-10-15';

const stage = useStage();
let halo: Connection;
let invoices: Row[];
let actions: Row[];
beforeAll(async () => {
  halo = await connect();
  invoices = (await walk(halo, '/Invoice?includelines=true', 'invoices', 100)).filter(isDocument);
  actions = await halo.rows('/Actions?startdate=2024-01-01&enddate=2026-12-31', 'actions');
});
afterAll(() => halo.sandbox.close());

const isDocument = (row: Row) => row.posted === true && row.voided === false && row.supplier_id === 0;
const day = (value: unknown) => String(value).slice(0, 10);
const daysSince = (value: unknown) => Math.round((Date.parse(TODAY) - Date.parse(day(value))) / 86_400_000);
const sum = (rows: readonly Row[], key: string) => rows.reduce((total, row) => total + pence(row[key]), 0);
const linesOf = (row: Row) => row.lines as Row[];
const inPounds = (row: Row) => row.currency_code === 1;

async function ask(tool: string, args: Json = {}): Promise<Json & { totals: Record<string, Record<string, string>> }> {
  const result = await stage.call(tool, args);
  expect(result.isError, textOf(result)).not.toBe(true);
  return result.structuredContent as never;
}

describe('who owes us, and how old it is', () => {
  const open = (row: Row) => pence(row.amountdue);
  const owed = () => invoices.filter((row) => inPounds(row) && open(row) > 0);
  const between = (first: number, last: number) =>
    owed().filter(({ duedate }) => daysSince(duedate) >= first && daysSince(duedate) <= last);

  test.each([
    ['not_due', Number.NEGATIVE_INFINITY, 0],
    ['1_30', 1, 30],
    ['31_60', 31, 60],
    ['61_90', 61, 90],
    ['over_90', 91, Number.POSITIVE_INFINITY],
  ])('%s', async (bucket, first, last) => {
    const { totals } = await ask('ar_ageing');
    expect(pence(totals.GBP?.[bucket])).toBe(sum(between(first, last), 'amountdue'));
  });

  test('credits and money on account stand apart', async () => {
    const { totals } = await ask('ar_ageing');
    const credits = invoices.filter((row) => inPounds(row) && open(row) < 0);
    const [loose] = (await halo.rows('/InvoicePayment?count=5000', 'payments')).filter((row) => row.invoice_id === 0);
    expect(pence(totals.GBP?.unallocated)).toBe(sum(credits, 'credit_outstanding') - pence(loose?.amount));
  });

  test('a day that is over is worked out from the payments, and refused without any', async () => {
    const asOf = '2026-08-31';
    const payments = await halo.rows('/InvoicePayment?count=5000', 'payments');
    const paid = (row: Row) =>
      payments
        .filter((one) => one.invoice_id === row.id && day(one.date) <= asOf)
        .reduce((all, one) => all + pence(one.amount), 0);
    const then = invoices.filter((row) => inPounds(row) && pence(row.total) > 0 && day(row.invoice_date) <= asOf);
    const { totals } = await ask('ar_ageing', { as_of: asOf });
    expect(pence(totals.GBP?.open)).toBe(then.reduce((all, row) => all + pence(row.total) - paid(row), 0));
    const closed = ({ path }: { path: string }): SandboxReply | undefined =>
      path === '/api/InvoicePayment' ? { status: 404 } : undefined;
    const refused = await stage.call('ar_ageing', { as_of: asOf }, closed);
    expect(textOf(refused)).toMatch(/^BAD_ARGUMENTS: What was open on 2026-08-31 can't be told/);
    expect((await stage.call('ar_ageing', {}, closed)).isError).not.toBe(true);
  });

  describe.each([
    [403, 'HALO_FORBIDDEN'],
    [500, 'HALO_FAILED'],
  ])('payments that Halo answers with %i', (status, code) => {
    const kept = ({ path }: { path: string }): SandboxReply | undefined =>
      path === '/api/InvoicePayment' ? { status } : undefined;
    const reason = `InvoicePayment: not read (${code}), so what was paid and money on account are unknown`;

    test.each([
      ['ar_ageing', {}],
      ['statement_of_account', { client_id: 12 }],
    ])('are what %s lacks, by their name', async (tool, args) => {
      const plain = await ask(tool, args);
      const spoiled = (await stage.call(tool, args, kept)).structuredContent as Json & { method: Json };
      expect([plain.complete, spoiled.complete]).toEqual([true, false]);
      expect((spoiled.method.reason as string[])[0]).toBe(reason);
      expect(spoiled.statement).toContain(`INCOMPLETE (${reason}`);
      expect(JSON.stringify(spoiled)).not.toMatch(/lists no payments|not listed/);
    });

    test('leave a past day untold', async () => {
      const past = textOf(await stage.call('ar_ageing', { as_of: '2026-08-31' }, kept));
      expect(past).toContain(`can't be told: payments were not read (${code})`);
    });
  });

  test('an account that does not close says where Halo lists no payments', async () => {
    const closed = ({ path }: { path: string }): SandboxReply | undefined =>
      path === '/api/InvoicePayment' ? { status: 404 } : undefined;
    const { structuredContent } = await stage.call('statement_of_account', { client_id: 12 }, closed);
    expect(structuredContent?.statement).toMatch(/what is open differ by \S+, and Halo lists no payments here\)/);
    const aged = (await stage.call('ar_ageing', {}, closed)).structuredContent;
    expect(aged).toMatchObject({ complete: true, method: { payments: 'not listed by Halo' } });
  });

  test('an account closes on what is open', async () => {
    const own = invoices.filter((row) => row.client_id === 12);
    const answer = await ask('statement_of_account', { client_id: 12 });
    expect(pence(answer.closing)).toBe(sum(own, 'amountdue'));
    expect(answer).toMatchObject({ difference: '0.00', complete: true });
  });
});

describe('what is unbilled', () => {
  const waits = (row: Row) => Number(row.actionchargehours) > 0 && row.actioninvoicenumber === undefined;
  const recent = (row: Row) => day(row.datetime) >= '2025-10-15' && day(row.datetime) <= TODAY;

  test('uninvoiced hours and money are those of the actions that wait', async () => {
    const { totals } = await ask('uninvoiced_time');
    const all = Object.values(totals);
    const own = actions.filter((row) => waits(row) && recent(row));
    expect(all.reduce((total, one) => total + pence(one.amount), 0)).toBe(sum(own, 'actionchargeamount'));
    expect(all.reduce((total, one) => total + pence(one.hours), 0)).toBe(sum(own, 'actionchargehours'));
  });

  test('is the same where a Halo lists no action by days: the time sheets name the tickets', async () => {
    const byTicketAlone = ({ path, query }: { path: string; query: URLSearchParams }): SandboxReply | undefined =>
      path === '/api/Actions' && !query.has('ticket_id')
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{"record_count":0,"actions":[]}' }
        : undefined;
    for (const tool of ['uninvoiced_time', 'agreement_profit', 'prepaid_balances']) {
      const plain = await ask(tool);
      const spoiled = (await stage.call(tool, {}, byTicketAlone)).structuredContent as Json;
      expect([tool, spoiled.totals, spoiled.complete]).toEqual([tool, plain.totals, true]);
    }
  });

  test('prepaid hours that are left', async () => {
    const ledger = await halo.rows('/ClientPrepay?count=500', 'prepay');
    const { clients } = (await ask('prepaid_balances', { client_id: 47 })) as unknown as {
      clients: [{ currencies: { GBP: { hours: { balance: string } } } }];
    };
    const tickets = new Set((await walk(halo, '/Tickets?client_id=47', 'tickets', 100)).map(({ id }) => id));
    const own = ledger.filter((row) => row.client_id === 47);
    const first = own.map(({ date }) => day(date)).sort()[0] ?? '';
    const used = actions.filter(
      (row) => tickets.has(row.ticket_id) && day(row.datetime) >= first && day(row.datetime) <= TODAY,
    );
    expect(pence(clients[0].currencies.GBP.hours.balance)).toBe(sum(own, 'hours') - sum(used, 'actionprepayhours'));
  });
});

describe('margin, and what is deferred', () => {
  test('a margin is what was billed less unit cost x quantity', async () => {
    const own = invoices.filter(
      (row) => inPounds(row) && day(row.invoice_date) >= '2026-09-01' && day(row.invoice_date) <= '2026-09-30',
    );
    const { totals } = await ask('gross_margin', { from: '2026-09-01', to: '2026-09-30' });
    const { totals: billed } = await ask('revenue_breakdown', { from: '2026-09-01', to: '2026-09-30' });
    const exact = own
      .flatMap(linesOf)
      .reduce((total, line) => total + Number(line.unit_cost) * Number(line.qty_order) * 100, 0);
    expect(totals.GBP?.net).toBe(billed.GBP?.total_net);
    // Each document is rounded once.
    expect(Math.abs(pence(totals.GBP?.cost) - exact)).toBeLessThanOrEqual(own.length);
  });

  test('deferred revenue is the part of service that is to come', async () => {
    const { totals } = await ask('deferred_revenue', { as_of: '2026-09-30' });
    const months = (from: unknown, to: unknown) => {
      const [a, b] = [new Date(`${day(from)}Z`), new Date(Date.parse(day(to)) + 86_400_000)];
      return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
    };
    const long = invoices.filter(
      (row) =>
        inPounds(row) &&
        day(row.period_end_date) > '2026-09-30' &&
        day(row.invoice_date) <= '2026-09-30' &&
        months(row.period_start_date, row.period_end_date) > 1,
    );
    const left = long.map((row) => {
      const all = months(row.period_start_date, row.period_end_date);
      const gone = Array.from({ length: all }, (_, month) => {
        const start = new Date(`${day(row.period_start_date)}Z`);
        return (
          Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, start.getUTCDate()) <= Date.parse('2026-09-30')
        );
      }).filter(Boolean).length;
      return (pence(row.revenue) * (all - gone)) / all;
    });
    expect(left.length).toBeGreaterThan(3);
    const whole = left.reduce((total, one) => total + one, 0);
    // Weeks and months in progress, and the first months' remainders.
    expect(Math.abs(pence(totals.GBP?.deferred) - whole)).toBeLessThan(145_00 + left.length * 40);
  });
});

describe('what is to come, and what is kept', () => {
  test('the next quarter of one client is its runs', async () => {
    const templates = (await halo.rows('/RecurringInvoice?client_id=12&includelines=true', 'invoices')).filter(
      (row) => row.disabled === false,
    );
    const each = templates.reduce(
      (total, row) =>
        total +
        sum(
          linesOf(row).filter((line) => line.isinactive === false && line.onetimecharge === false),
          'net_amount',
        ),
      0,
    );
    const { totals, months } = (await ask('billing_forecast', { client_id: 12 })) as unknown as {
      totals: Record<string, string>;
      months: Json;
    };
    expect(pence(totals.GBP)).toBe(3 * each);
    expect(Object.keys(months)).toEqual(['2026-11', '2026-12', '2027-01']);
  });

  test('retention starts from the MRR of the trend, and ends with it less what is new', async () => {
    const { months } = (await ask('revenue_trend', { from: '2025-09-01', to: '2026-09-30' })) as unknown as {
      months: { month: string; currency: string; mrr: string }[];
    };
    const mrr = (month: string) => pence(months.find((one) => one.month === month && one.currency === 'GBP')?.mrr);
    const answer = await ask('retention', { from: '2025-09', to: '2026-09' });
    expect(pence(answer.start)).toBe(mrr('2025-09'));
    expect(pence(answer.end_same_clients) + pence(answer.new_mrr)).toBe(mrr('2026-09'));
  });

  test('a price that was changed by hand is not a candidate', async () => {
    const { candidates } = (await ask('price_uplift', { client_id: 17 })) as unknown as {
      candidates: { recurring_invoice: number; item: string }[];
    };
    expect(candidates.map(({ recurring_invoice: id, item }) => [id, item])).not.toContainEqual([
      -98,
      'Managed desktop, per user',
    ]);
  });
});

test.each([
  ['ar_ageing', {}],
  ['statement_of_account', { client_id: 12 }],
  ['uninvoiced_time', {}],
  ['agreement_profit', {}],
  ['prepaid_balances', {}],
  ['gross_margin', {}],
  ['deferred_revenue', {}],
  ['price_uplift', { percent: '5', min_months: 18 }],
  ['billing_forecast', {}],
  ['retention', {}],
])('%s says its statement first, and costs at most 2,500 tokens', async (tool, args) => {
  const result = await stage.call(tool, args);
  const { statement, complete, method } = result.structuredContent as {
    statement: string;
    complete: boolean;
    method: Json;
  };
  expect(complete).toBe(true);
  expect(method.complete).toBe(true);
  const text = textOf(result);
  expect(text.replace(/^<halo-data[^>]*>\n/, '').startsWith(statement)).toBe(true);
  expect(countTokens(text)).toBeLessThanOrEqual(2500);
});

const RATES = [{ currency: 'EUR', rate: '0.85' }];

test.each([
  ['revenue_breakdown', {}],
  ['ar_ageing', {}],
  ['statement_of_account', { client_id: 29 }],
  ['uninvoiced_time', {}],
  ['agreement_profit', {}],
  ['prepaid_balances', {}],
  ['gross_margin', {}],
  ['deferred_revenue', {}],
  ['price_uplift', {}],
  ['billing_forecast', {}],
  ['retention', {}],
])('%s says what it converted, and at what rate', async (tool, args) => {
  const converted = await stage.call(tool, { ...args, currency_policy: 'convert', rates: RATES });
  expect(textOf(converted)).toContain('Converted to GBP (EUR at 0.85).');
  expect(textOf(await stage.call(tool, args))).not.toContain('Converted');
});

describe('a day to come', () => {
  const COMING = '2027-06-30';

  test.each(['revenue_trend', 'revenue_bridge', 'retention'])(
    '%s refuses a day to come, as nothing was billed by then',
    async (tool) => {
      const result = await stage.call(tool, { as_of: COMING });
      expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('is in the future')]);
    },
  );

  test.each([
    ...['revenue_breakdown', 'ar_ageing', 'uninvoiced_time', 'prepaid_balances', 'deferred_revenue', 'price_uplift'],
    ...['billing_forecast', 'billing_leaks', 'renewals_calendar'],
  ])('%s of a day to come says that it is in the future', async (tool) => {
    const result = await stage.call(tool, { as_of: COMING });
    expect(result.isError, textOf(result)).not.toBe(true);
    expect(textOf(result)).toContain(`${COMING} is in the future: `);
    expect(textOf(await stage.call(tool, {}))).not.toContain('is in the future');
  });

  test.each([
    ['statement_of_account', { client_id: 12 }, '2027-06-30 is in the future: '],
    ['gross_margin', {}, 'The window is not over'],
    ['agreement_profit', {}, 'The window is not over'],
    ['client_concentration', {}, 'The window is not over'],
    ['revenue_breakdown', {}, 'the window is not over'],
  ])('%s says it of its window', async (tool, args, said) => {
    expect(textOf(await stage.call(tool, { ...args, from: '2026-10-01', to: COMING }))).toContain(said);
  });
});

describe('a time in which nothing was owed', () => {
  const BEFORE = '2019-01-01';

  test('is told in a sentence', async () => {
    expect((await ask('ar_ageing', { as_of: BEFORE })).statement).toBe(`Nothing owed on ${BEFORE} was found.`);
  });

  test('is told in the currency of the client asked for', async () => {
    const ageing = (await ask('ar_ageing', { client_id: 29, as_of: BEFORE })) as unknown as { clients: Json[] };
    expect(ageing.clients).toMatchObject([{ currencies: { EUR: { open: '0.00' } } }]);
    expect(ageing.clients[0]?.currencies).not.toHaveProperty('GBP');
    const window = { client_id: 29, from: '2018-01-01', to: BEFORE };
    expect(await ask('statement_of_account', window)).toMatchObject({ currency: 'EUR', closing: '0.00' });
    expect(Object.keys((await ask('gross_margin', window)).totals)).toEqual(['EUR']);
    const converted = { ...window, currency_policy: 'convert', rates: RATES };
    expect(await ask('statement_of_account', converted)).toMatchObject({ currency: 'GBP' });
  });
});

describe('groups by project', () => {
  const groups = async (spoil?: Parameters<typeof stage.call>[2]) => {
    const result = await stage.call('revenue_breakdown', { client_id: 12, group_by: ['project'] }, spoil);
    const { clients, method } = result.structuredContent as unknown as {
      clients: { groups: { key: number | null; name: string }[] }[];
      method: Json;
    };
    expect(method.complete).toBe(true);
    return clients[0]?.groups.map(({ key, name }) => [key, name]);
  };

  test('have the names of the projects', async () => {
    const [project] = await halo.rows('/Projects?client_id=12', 'tickets');
    expect(await groups()).toEqual([
      [project?.id, project?.summary],
      [null, 'No project'],
    ]);
  });

  test('have their ids where a project can’t be read, which leaves no gap in the figures', async () => {
    const closed = await groups(({ path }) =>
      path.startsWith('/api/Projects') ? { status: 403, body: '{}', headers: {} } : undefined,
    );
    expect(closed?.[0]?.[1]).toMatch(/^Project \d+$/);
  });
});
