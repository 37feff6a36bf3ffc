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

  test('what is unbilled', async () => {
    const actions = await halo.rows('/Actions?startdate=2025-10-15&enddate=2026-10-15T23:59:59', 'actions');
    const waits = actions.filter((row) => Number(row.actionchargehours) > 0 && row.actioninvoicenumber === undefined);
    const { answer } = await first('uninvoiced_time');
    const all = Object.values(answer.totals).reduce((total, one) => total + pence(one.amount), 0);
    expect(all).toBe(sum(waits, 'actionchargeamount'));
  });

  test('what our margin is', async () => {
    const own = documents.filter((row) => inPounds(row) && within(YEAR)(row));
    const cost = own
      .flatMap(linesOf)
      .reduce((all, line) => all + Number(line.unit_cost) * Number(line.qty_order) * 100, 0);
    const { answer } = await first('gross_margin');
    expect(pence(answer.totals.GBP?.net)).toBe(net(own));
    expect(Math.abs(pence(answer.totals.GBP?.margin) - (net(own) - cost))).toBeLessThanOrEqual(own.length);
  });

  test('what the next quarter will bill', async () => {
    const live = templates.filter((row) => row.client_id === 12 && row.disabled === false);
    const bills = live.flatMap(linesOf).filter((line) => line.isinactive === false && line.onetimecharge === false);
    const { answer } = await first('billing_forecast', { months: 5, client_id: 12 });
    const months = answer.months as Record<string, Record<string, string>>;
    const quarter = ['2027-01', '2027-02', '2027-03'].reduce((all, month) => all + pence(months[month]?.GBP), 0);
    expect(quarter).toBe(3 * sum(bills, 'net_amount'));
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
    const rate = 0.85;
    const own = documents.filter(within(YEAR));
    const whole = net(own.filter(inPounds)) + rate * net(own.filter((row) => !inPounds(row)));
    const args = {
      currency_policy: 'convert',
      rates: [
        { currency: 'EUR', rate: String(rate) },
        { currency: 'USD', rate: '0.8' },
      ],
    };
    const { answer } = await first('revenue_breakdown', args);
    expect(Object.keys(answer.totals)).toEqual(['GBP']);
    // Each document is rounded once.
    expect(Math.abs(pence(answer.totals.GBP?.total_net) - whole)).toBeLessThanOrEqual(own.length / 2);
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
    const at = (month: string) =>
      documents
        .filter((row) => row.client_id === 12 && day(row.invoice_date).startsWith(month))
        .flatMap(linesOf)
        .filter(recurs);
    const { answer } = await first('retention', { client_id: 12, from: '2025-09', to: '2026-09' });
    expect(pence(answer.start)).toBe(sum(at('2025-09'), 'net_amount'));
    expect(pence(answer.end_same_clients)).toBe(sum(at('2026-09'), 'net_amount'));
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

  test('what we credited', async () => {
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

  test('what recurring revenue the last quarter lost', async () => {
    const billed = (client: number, month: string) =>
      documents
        .filter((row) => row.client_id === client && day(row.invoice_date).startsWith(month))
        .flatMap(linesOf)
        .filter(recurs);
    const { answer } = await first('revenue_trend', { from: '2026-07-01', to: '2026-09-30' });
    const lost = (answer.movements as Json[]).filter(({ kind }) => kind === 'churn');
    expect(lost).toMatchObject([{ client_id: 47, month: '2026-07', amount: answer.totals.GBP?.churn }]);
    expect(pence(answer.totals.GBP?.churn)).toBe(-sum(billed(47, '2026-06'), 'net_amount'));
    expect(billed(47, '2026-07')).toEqual([]);
  });

  test('which projects were invoiced last year', async () => {
    const lines = documents.filter((row) => inPounds(row) && within(YEAR)(row)).flatMap(linesOf);
    const projects = lines.filter((line) => Number(line.milestone_id) > 0 && line.isdownpayment !== true);
    const { answer } = await first('revenue_breakdown', YEAR);
    const side = answer.totals.GBP?.non_recurring as unknown as { by_kind: Record<string, string> };
    expect(pence(side.by_kind.project)).toBe(sum(projects, 'net_amount'));
    expect(projects.length).toBeGreaterThan(0);
  });
});
