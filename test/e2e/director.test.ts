/** Twenty questions of a finance director, each in at most two calls and 2,500 tokens, checked against the raw rows. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, textOf, useStage } from '../faults/never-wrong/stage.js';
import { type Connection, connect, pence, type Row, walk } from '../sandbox/connect.js';

/** The day of the sandbox, and of the server. */
const TODAY = '2026-10-15';
/** The last twelve complete months. */
const YEAR = { from: '2025-10-01', to: '2026-09-30' };

const stage = useStage({}, {});
let halo: Connection;
let everything: Row[];
let documents: Row[];
let templates: Row[];
beforeAll(async () => {
  halo = await connect();
  everything = await walk(halo, '/Invoice?includelines=true', 'invoices', 100);
  documents = everything.filter((row) => isOwn(row) && row.posted === true);
  templates = await halo.rows('/RecurringInvoice?includelines=true&count=500', 'invoices');
});
afterAll(() => halo.sandbox.close());

const isOwn = (row: Row) => row.voided === false && row.supplier_id === 0 && Number(row.id) > 0;
const day = (value: unknown) => String(value).slice(0, 10);
const linesOf = (row: Row) => row.lines as Row[];
const inPounds = (row: Row) => row.currency_code === 1;
const within =
  ({ from, to }: { from: string; to: string }) =>
  (row: Row) =>
    day(row.invoice_date) >= from && day(row.invoice_date) <= to;
const net = (rows: readonly Row[]) => rows.reduce((all, row) => all + pence(row.revenue), 0);
const sum = (rows: readonly Row[], key: string) => rows.reduce((all, row) => all + pence(row[key]), 0);
/** Lines that a recurring invoice made by itself, without ticket work and one-time charges. */
const recurs = (line: Row) =>
  Number(line.recurring_invoice_line_id) > 0 && !(Number(line.ticket_id) > 0) && line.onetimecharge !== true;

const CURRENCIES = [
  ['GBP', 1],
  ['EUR', 2],
] as const;
/** Months of each of Halo's periods but weeks. */
const MONTHS: Record<number, number> = { 2: 1, 3: 12, 4: 3, 5: 6, 6: 60, 7: 36, 8: 24, 9: 48 };
const isUnset = (date: string) => date < '1901' || date >= '2099';

/** Lines of a recurring invoice that each of its runs bills. */
const isBilled = (line: Row) =>
  line.isinactive === false && line.isgroupdesc === false && line.onetimecharge === false && line.is_meter !== true;

/** How often a recurring invoice runs in a month, counted on from its next day. */
function runsIn(row: Row, month: string): number {
  const [next, end] = [day(row.nextcreationdate), day(row.enddate)];
  const months = MONTHS[Number(row.period)];
  if (row.disabled === true || isUnset(next) || (months === undefined && row.period !== 1)) return 0;
  let runs = 0;
  for (let count = 0; count < 200; count += 1) {
    const date = new Date(next);
    if (months === undefined) date.setUTCDate(date.getUTCDate() + 7 * count);
    else date.setUTCMonth(date.getUTCMonth() + months * count);
    const on = date.toISOString().slice(0, 10);
    if (on.startsWith(month) && (isUnset(end) || on <= end)) runs += 1;
  }
  return runs;
}

/** What a recurring invoice is worth a month on a day: its bill for that day, or its last one where it waits for the next. */
function monthlyOn(row: Row, on: string): number {
  const own = documents
    .filter(
      (one) =>
        one.recurring_invoice_id === row.id && pence(one.revenue) > 0 && !(Number(one.creditlinkedtoinvoiceid) > 0),
    )
    .sort((a, b) => Number(a.id) - Number(b.id));
  const holding = own.filter((one) => day(one.period_start_date) <= on && day(one.period_end_date) >= on);
  const waits = row.disabled === false && (isUnset(day(row.enddate)) || day(row.enddate) > on);
  const last = own.filter((one) => day(one.period_end_date) < on);
  // Billed twice is owed once: the last bill counts.
  const bill = holding.at(-1) ?? (waits ? last.at(-1) : undefined);
  if (bill === undefined) return 0;
  const metered = linesOf(row).filter(({ is_meter }) => is_meter === true);
  const lines = linesOf(bill)
    .filter(recurs)
    .filter((line) => !metered.some(({ id }) => id === line.recurring_invoice_line_id));
  const amount = sum(lines, 'net_amount');
  return Math.round(row.period === 1 ? (amount * 52) / 12 : amount / (MONTHS[Number(row.period)] ?? 1));
}

type Totals = Record<string, Record<string, string>>;
interface Asked {
  answers: (Json & {
    totals: Totals;
    clients: { client_id: number; currencies: Totals; flags: Json[] }[];
    items: Json[];
  })[];
  texts: string[];
}

/** The calls of one question: at most two, with at most 2,500 tokens together. */
async function ask(...calls: [tool: string, args: Json][]): Promise<Asked> {
  expect(calls.length).toBeLessThanOrEqual(2);
  const results = [];
  for (const [tool, args] of calls) results.push(await stage.call(tool, args));
  const texts = results.map(textOf);
  for (const [index, { isError }] of results.entries()) expect(isError, texts[index]).not.toBe(true);
  expect(texts.reduce((all, text) => all + countTokens(text), 0)).toBeLessThanOrEqual(2500);
  for (const text of texts) expect(text).not.toMatch(/INCOMPLETE/);
  return { answers: results.map(({ structuredContent }) => structuredContent as never), texts };
}
const first = async (tool: string, args: Json = {}) => {
  const { answers, texts } = await ask([tool, args]);
  return { answer: answers[0] as Asked['answers'][number], text: texts[0] ?? '' };
};

describe('a director asks', () => {
  test('who owes us, and how old it is', async () => {
    const owed = documents.filter((row) => inPounds(row) && pence(row.amountdue) > 0);
    const { answer, text } = await first('ar_ageing');
    expect(pence(answer.totals.GBP?.open)).toBe(sum(owed, 'amountdue'));
    expect(pence(answer.totals.GBP?.overdue)).toBe(
      sum(
        owed.filter(({ duedate }) => day(duedate) < TODAY),
        'amountdue',
      ),
    );
    expect(text).toContain(`${answer.totals.GBP?.open} with tax is owed`);
  });

  test("uninvoiced time is what Halo's actions say is to be charged and on no invoice", async () => {
    const actions = await halo.rows('/Actions?startdate=2025-10-15&enddate=2026-10-15T23:59:59', 'actions');
    const waits = actions.filter((row) => Number(row.actionchargehours) > 0 && row.actioninvoicenumber === undefined);
    const { answer } = await first('uninvoiced_time');
    const all = Object.values(answer.totals).reduce((total, one) => total + pence(one.amount), 0);
    expect(all).toBe(sum(waits, 'actionchargeamount'));
  });

  test('what our margin is', async () => {
    const own = documents.filter((row) => inPounds(row) && within(YEAR)(row));
    const costs = (lines: readonly Row[]) =>
      Math.round(lines.reduce((all, line) => all + Number(line.unit_cost) * Number(line.qty_order) * 100, 0));
    // What recurs and what does not is rounded apart on each document.
    const cost = own.reduce((all, row) => {
      const lines = linesOf(row);
      return all + costs(lines.filter(recurs)) + costs(lines.filter((line) => !recurs(line)));
    }, 0);
    const { answer } = await first('gross_margin');
    expect(pence(answer.totals.GBP?.net)).toBe(net(own));
    expect(pence(answer.totals.GBP?.margin)).toBe(net(own) - cost);
  });

  test('what the next quarter will bill', async () => {
    const { answer, text } = await first('billing_forecast', { months: 5 });
    const months = answer.months as Record<string, Record<string, string>>;
    for (const [code, id] of CURRENCIES)
      for (const month of ['2027-01', '2027-02', '2027-03']) {
        const bills = templates
          .filter((row) => row.currency_code === id)
          .reduce((all, row) => all + runsIn(row, month) * sum(linesOf(row).filter(isBilled), 'net_amount'), 0);
        expect([code, month, pence(months[month]?.[code])]).toEqual([code, month, bills]);
        expect(text).toContain(`${month}\t${code}\t${months[month]?.[code]}`);
      }
  });

  test('why this is not my invoice list', async () => {
    const own = documents.filter((row) => row.client_id === 12 && within(YEAR)(row));
    const { answers } = await ask(
      ['revenue_breakdown', { client_id: 12 }],
      ['list_invoices', { client_id: 12, kind: 'all', ...YEAR, page_size: 100 }],
    );
    const [breakdown, list] = answers;
    expect(pence(breakdown?.totals.GBP?.total_net)).toBe(net(own));
    expect(list?.items.reduce((all, item) => all + pence(item.net), 0)).toBe(net(own));
  });

  test('what a branch is worth that head office pays for', async () => {
    const served = (row: Row) => Number(row.original_client_id) === 27 || row.client_id === 27;
    const own = documents.filter((row) => served(row) && within(YEAR)(row));
    const { answer } = await first('revenue_breakdown', { client_id: 27 });
    expect(pence(answer.totals.GBP?.total_net)).toBe(net(own));
    expect(own.some(({ client_id }) => client_id !== 27)).toBe(true);
  });

  test('what was billed month by month', async () => {
    const { text } = await first('revenue_breakdown', { group_by: ['month'] });
    for (const month of ['2025-10', '2026-03', '2026-09']) {
      const own = documents.filter((row) => inPounds(row) && day(row.invoice_date).startsWith(month));
      const [, recurring, other] = new RegExp(`^${month}\tGBP\t(\\S+)\t(\\S+)$`, 'm').exec(text) ?? [];
      expect([month, pence(recurring) + pence(other)]).toEqual([month, net(own)]);
    }
  });

  test('what it all is in pounds at a rate', async () => {
    const rate = 85;
    const own = documents.filter(within(YEAR));
    // Each document is rounded once.
    const whole = own.reduce(
      (all, row) => all + (inPounds(row) ? pence(row.revenue) : Math.round((pence(row.revenue) * rate) / 100)),
      0,
    );
    const args = {
      currency_policy: 'convert',
      rates: [
        { currency: 'EUR', rate: String(rate / 100) },
        { currency: 'USD', rate: '0.8' },
      ],
    };
    const { answer } = await first('revenue_breakdown', args);
    expect(Object.keys(answer.totals)).toEqual(['GBP']);
    expect(pence(answer.totals.GBP?.total_net)).toBe(whole);
  });

  test('which invoices are drafts', async () => {
    const drafts = everything.filter((row) => isOwn(row) && row.posted === false);
    const { answer } = await first('list_invoices', { posted: 'draft', kind: 'all' });
    const ids = (rows: readonly Json[]) => rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
    expect(ids(answer.items)).toEqual(ids(drafts));
    expect(answer.items.reduce((all, item) => all + pence(item.net), 0)).toBe(net(drafts));
  });

  test('who the top five are', async () => {
    const byClient = new Map<unknown, number>();
    for (const row of documents.filter((one) => inPounds(one) && within(YEAR)(one))) {
      const client = Number(row.original_client_id) > 0 ? row.original_client_id : row.client_id;
      byClient.set(client, (byClient.get(client) ?? 0) + pence(row.revenue));
    }
    const top = [...byClient].sort(([, a], [, b]) => b - a).slice(0, 5);
    const { answer } = await first('client_concentration', { top: 5 });
    const ranked = (answer.clients as unknown as Json[]).filter(({ currency }) => currency === 'GBP');
    expect(ranked.map(({ client_id, total_net }) => [client_id, pence(total_net)])).toEqual(top);
  });

  test('what each service line brings', async () => {
    const byGroup = new Map<string, number>();
    for (const line of documents.filter((row) => inPounds(row) && within(YEAR)(row)).flatMap(linesOf)) {
      const name = String((line.linked_item as Row | undefined)?.assetgroup_name ?? 'No item group');
      byGroup.set(name, (byGroup.get(name) ?? 0) + pence(line.net_amount));
    }
    const { answer, text } = await first('revenue_breakdown', { group_by: ['item_group'] });
    const found = [...text.matchAll(/^item_group\t[^\t]*\t([^\t]+)\tGBP\t(\S+)\t(\S+)\t/gm)];
    const rows = found.map(([, name, recurring, other]): [string, number] => [
      String(name),
      pence(recurring) + pence(other),
    ]);
    expect(rows.filter(([name]) => name !== 'TOTAL').sort()).toEqual(
      [...byGroup].filter(([, amount]) => amount !== 0).sort(),
    );
    expect(rows.find(([name]) => name === 'TOTAL')?.[1]).toBe(pence(answer.totals.GBP?.total_net));
  });

  test('how MRR stands against a year ago', async () => {
    const { answer } = await first('retention', { from: '2025-09', to: '2026-09' });
    const others = (answer.others ?? []) as Json[];
    for (const [code, id] of CURRENCIES) {
      const said = [answer as Json, ...others].find(({ currency }) => currency === code) ?? {};
      const own = templates.filter((row) => row.currency_code === id);
      const at = (end: string) => own.reduce((all, row) => all + monthlyOn(row, end), 0);
      expect([code, pence(said.start)]).toEqual([code, at('2025-09-30')]);
      expect([code, pence(said.end_same_clients) + pence(said.new_mrr)]).toEqual([code, at('2026-09-30')]);
    }
  });

  test('which clients are ad hoc', async () => {
    const served = (row: Row) => Number(row.original_client_id) || Number(row.client_id);
    const isOver = ({ enddate }: Row) => day(enddate) > '1901' && day(enddate) < TODAY;
    const runs = (row: Row) =>
      !isOver(row) &&
      row.disabled === false &&
      day(row.startdate) <= TODAY &&
      linesOf(row).some(({ net_amount }) => Number(net_amount) > 0);
    const agreed = new Set(templates.filter(runs).map(({ client_id }) => client_id));
    const adhoc = new Set(
      documents
        .filter(within(YEAR))
        .map(served)
        .filter((client) => !agreed.has(client)),
    );
    const { answer } = await first('revenue_breakdown');
    const without = answer.clients.filter(({ currencies }) =>
      Object.values(currencies).every(({ mrr }) => pence(mrr) === 0),
    );
    expect(new Set(without.map(({ client_id }) => client_id))).toEqual(adhoc);
  });

  test('the list of credits holds each credit of the book, and their sum', async () => {
    const credits = documents.filter((row) => pence(row.revenue) < 0 || Number(row.creditlinkedtoinvoiceid) > 0);
    const { answer } = await first('list_invoices', { kind: 'credit' });
    expect(answer.items.reduce((all, item) => all + pence(item.net), 0)).toBe(net(credits));
    expect(answer.items).toHaveLength(credits.length);
  });

  test('what we billed twice', async () => {
    const byRun = new Map<string, Row[]>();
    for (const row of documents.filter((one) => within(YEAR)(one) && Number(one.recurring_invoice_id) < -1)) {
      const key = [row.recurring_invoice_id, day(row.period_start_date), day(row.period_end_date)].join();
      byRun.set(key, [...(byRun.get(key) ?? []), row]);
    }
    const twice = [...byRun.values()]
      .filter((rows) => rows.length > 1)
      .map((rows) => rows.map(({ id }) => `invoice:${id}`));
    const { answer } = await first('revenue_breakdown');
    const flagged = (answer.flags as Json[]).filter(({ code }) => code === 'duplicate_invoice_suspected');
    expect(flagged.length).toBe(twice.length);
    for (const [index, { entity }] of flagged.entries()) expect(twice[index]).toContain(entity);
  });

  test('who pays late, and how many days they take', async () => {
    const payments = await halo.rows('/InvoicePayment?count=5000', 'payments');
    const paid = documents.flatMap((row) => {
      if (row.client_id !== 12 || pence(row.amountdue) !== 0 || pence(row.total) <= 0) return [];
      const last = payments
        .filter((one) => one.invoice_id === row.id)
        .map(({ date }) => day(date))
        .sort()
        .at(-1);
      if (last === undefined || last <= '2025-10-15' || last > TODAY) return [];
      return [Math.round((Date.parse(last) - Date.parse(day(row.invoice_date))) / 86_400_000)];
    });
    const { answer } = await first('ar_ageing');
    const pays = answer.clients.find(({ client_id }) => client_id === 12)?.currencies.GBP
      ?.days_to_pay as unknown as Json;
    expect(pays).toEqual({
      mean: (paid.reduce((all, days) => all + days, 0) / paid.length).toFixed(1),
      largest: Math.max(...paid),
      documents: paid.length,
    });
  });

  test('what this month has billed so far', async () => {
    const month = { from: '2026-10-01', to: TODAY };
    const { answer } = await first('revenue_breakdown', month);
    expect(pence(answer.totals.GBP?.total_net)).toBe(
      net(documents.filter((row) => inPounds(row) && within(month)(row))),
    );
  });

  test('which contracts end soon', async () => {
    const listed = await halo.rows('/ClientContract?includeinactive=true&count=500', 'contracts');
    const soon = listed.filter(
      (row) => day(row.end_date) >= TODAY && day(row.end_date) <= '2027-01-13' && row.active !== false,
    );
    const whole = await Promise.all(soon.map(({ id }) => halo.get(`/ClientContract/${id}?includedetails=true`)));
    const ends = whole.filter((row) => row.rollingcontract !== true).map(({ id }) => `contract:${id}`);
    const { answer } = await first('renewals_calendar', { days: 90 });
    expect((answer.renewals as Json[]).map(({ entity }) => entity)).toEqual(ends);
  });

  test('what recurring revenue this quarter has lost', async () => {
    const lost = (since: string, to: string) =>
      templates
        .filter((row) => inPounds(row) && day(row.enddate) >= since && day(row.enddate) < to)
        .reduce((all, row) => all + monthlyOn(row, day(row.enddate)), 0);
    const ended = ({ bridge }: Json) => (bridge as Json[]).find(({ currency }) => currency === 'GBP')?.ended;
    // The quarter's first month is not over: the bridge has what has ended since the last one that is.
    const { answer } = await first('revenue_bridge');
    expect(pence(ended(answer))).toBe(lost('2026-09-30', TODAY));
    // A month earlier the trend has the complete months of the quarter, and the bridge the rest.
    const as_of = '2026-09-15';
    const { answers } = await ask(
      ['revenue_trend', { from: '2026-07-01', to: '2026-08-31', as_of }],
      ['revenue_bridge', { as_of }],
    );
    const [trend, bridge] = answers;
    const swapped = templates.find(({ id }) => id === -114) as Row;
    const churn = lost('2026-06-30', '2026-08-31') - monthlyOn(swapped, day(swapped.enddate));
    expect(churn).toBeGreaterThan(0);
    expect(pence(trend?.totals.GBP?.churn)).toBe(-churn);
    expect(pence(ended(bridge as Json))).toBe(lost('2026-08-31', as_of));
  });

  test('which projects were invoiced last year', async () => {
    const projects = await halo.rows('/Projects?count=500', 'tickets');
    const sumsIn = (year: string) => {
      const sums = new Map<string, number>();
      for (const row of documents.filter((one) => inPounds(one) && day(one.invoice_date).startsWith(year)))
        for (const line of linesOf(row).filter((one) => Number(one.milestone_id) > 0 && one.isdownpayment !== true)) {
          const name = String(projects.find(({ id }) => id === line.ticket_id)?.summary);
          sums.set(name, (sums.get(name) ?? 0) + pence(line.net_amount));
        }
      return [...sums].sort();
    };
    // Nothing in the last year, and this year so far.
    for (const [year, to] of [
      ['2025', '2025-12-31'],
      ['2026', TODAY],
    ] as const) {
      const { answers } = await ask(
        ['revenue_breakdown', { from: `${year}-01-01`, to, group_by: ['project'], include_contracts: false }],
        ['list_projects', {}],
      );
      const [breakdown, list] = answers as [
        Json & { totals: Totals; clients: { groups: Json[] }[] },
        Asked['answers'][number],
      ];
      const side = breakdown.totals.GBP?.non_recurring as unknown as { by_kind: Record<string, string> };
      const all = breakdown.clients.flatMap((client) => client.groups);
      const groups = all.filter(({ key, currency }) => key !== null && currency === 'GBP');
      const named = groups.map(({ key, non_recurring }): [string, number] => [
        String(list.items.find(({ id }) => id === key)?.name),
        pence(non_recurring),
      ]);
      expect([year, named.sort()]).toEqual([year, sumsIn(year)]);
      expect(pence(side.by_kind.project)).toBe(sumsIn(year).reduce((all, [, amount]) => all + amount, 0));
    }
    expect(sumsIn('2026').length).toBeGreaterThan(3);
  });
});
