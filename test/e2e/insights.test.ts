import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { defaultNames } from '../packs.js';
import { folderWith, haloEnv, type Json, type Session, textOf } from '../session.js';

const TOOLS = ['billing_leaks', 'renewals_calendar', 'revenue_trend', 'revenue_bridge', 'client_concentration'];
const config = (more = {}) =>
  join(folderWith({ 'named.json': { plugins: ['finance', 'insights'], ...more } }), 'named.json');

let session: Session;
beforeAll(async () => {
  session = await openInside({ args: ['--sandbox', '--config', config()] });
});
afterAll(() => session.close());

interface Answer extends Json {
  method: string;
  complete: boolean;
  reason?: string;
  totals: Record<string, Json>;
}

test('the pack is off unless a config names it', async () => {
  const plain = await openInside();
  const { tools } = await plain.client.listTools();
  await plain.close();
  expect(tools.map(({ name }) => name)).toEqual(defaultNames);
  expect(tools.filter(({ name }) => TOOLS.includes(name))).toEqual([]);
  const named = (await session.client.listTools()).tools.map(({ name }) => name);
  expect(named.filter((name) => TOOLS.includes(name))).toEqual(TOOLS);
});

test.each(TOOLS)('%s says its method in the answer and in the text, and fences names', async (tool) => {
  const result = await session.call(tool);
  const { method, complete, totals } = result.structuredContent as unknown as Answer;
  expect(complete).toBe(true);
  expect(method).toMatch(/^[A-Z].*[^.]\.$/);
  if (tool !== 'revenue_bridge') expect(totals).toHaveProperty('GBP');
  const [head, data] = textOf(result).split(/<halo-data-[\w-]{22}>/);
  expect(head).toContain(`Method: ${method}`);
  expect(head).not.toMatch(/Adventure|Wide World/);
  expect(data).toMatch(/Adventure|Wide World/);
});

describe('billing_leaks', () => {
  interface Leak {
    kind: string;
    entity: string;
    monthly_value: string;
    currency: string;
  }

  test('finds the cases of the sandbox, money first', async () => {
    const { leaks, totals } = await session.ask<Answer & { leaks: Leak[] }>('billing_leaks');
    expect(leaks.map(({ kind, entity, monthly_value }) => [kind, entity, monthly_value])).toEqual([
      ['ri_past_next_date', 'recurring_invoice:-108', '1584.00'],
      ['ri_on_expired_contract', 'recurring_invoice:-110', '455.73'],
      ['contract_no_recurring_invoice', 'contract:50', '215.50'],
      ['contract_no_recurring_invoice', 'contract:52', '118.00'],
      ['disabled_ri_live_contract', 'recurring_invoice:-125', '118.00'],
      ['inactive_client_active_ri', 'recurring_invoice:-101', '89.80'],
    ]);
    expect(totals.GBP).toMatchObject({ contract_no_recurring_invoice: { count: 2, monthly_value: '333.50' } });
  });

  test('of one client, by name', async () => {
    const { leaks } = await session.ask<Answer & { leaks: Leak[] }>('billing_leaks', { client_name: 'coho' });
    expect(leaks.map(({ entity }) => entity)).toEqual(['contract:50']);
  });
});

test('renewals_calendar has the contract that ends in 45 days, with what bills it', async () => {
  const { renewals } = await session.ask<Answer & { renewals: Json[] }>('renewals_calendar');
  expect(renewals).toMatchObject([
    { entity: 'contract:36', days_left: 45, monthly_value: '2216.40', billed_by: ['recurring_invoice:-102'] },
  ]);
  const soon = await session.ask<Answer & { renewals: Json[] }>('renewals_calendar', { days: 44 });
  expect(soon.renewals).toEqual([]);
});

test('revenue_trend bills what revenue_breakdown does, and its movements come to the change of the balance', async () => {
  const trend = await session.ask<Answer & { from: string; to: string; months: Record<string, string>[] }>(
    'revenue_trend',
  );
  const { from, to } = trend;
  const whole = await session.ask<{ totals: Record<string, Record<string, { net: string }>> }>('revenue_breakdown', {
    from,
    to,
  });
  for (const [code, total] of Object.entries(trend.totals)) {
    const { recurring, non_recurring } = whole.totals[code] ?? {};
    expect(total).toMatchObject({ recurring: recurring?.net, non_recurring: non_recurring?.net });
    let balance = cents(total.opening_mrr);
    for (const row of trend.months.filter(({ currency }) => currency === code)) {
      for (const kind of ['new', 'expansion', 'contraction', 'churn', 'reactivation']) balance += cents(row[kind]);
      expect(cents(row.mrr)).toBe(balance);
      expect(cents(row.billed_mrr) + cents(row.not_billed)).toBe(balance);
    }
    expect(cents(total.closing_mrr)).toBe(balance);
  }
  expect(trend.months).toHaveLength(24);
});

test('revenue_bridge leads from the trend’s last balance to the run rate of revenue_breakdown, to the penny', async () => {
  const { bridge, month_end, steps } = await session.ask<{
    bridge: Record<string, string>[];
    month_end: string;
    steps: Record<string, string>[];
  }>('revenue_bridge');
  const trend = await session.ask<Answer & { to: string }>('revenue_trend', { months: 1 });
  const whole = await session.ask<{ totals: Record<string, Record<string, string>> }>('revenue_breakdown');
  expect(month_end).toBe(trend.to);
  expect(bridge.map(({ currency }) => currency)).toEqual(Object.keys(whole.totals));
  for (const row of bridge) {
    const of = (name: string) => cents(row[name]);
    const ways = of('started') - of('ended') + of('price') + of('quantity') + of('other');
    expect(of('billed_mrr') + of('not_billed')).toBe(cents(trend.totals[row.currency ?? '']?.closing_mrr));
    expect(of('billed_mrr') + of('not_billed') + ways).toBe(of('mrr'));
    expect(row).toMatchObject({ mrr: whole.totals[row.currency ?? '']?.mrr, difference: '0.00' });
    expect(of('mrr') + of('contract_only_mrr')).toBe(of('contracted_mrr'));
  }
  expect(steps.every(({ reason }) => reason !== '')).toBe(true);
});

const cents = (amount: unknown) => Math.round(Number(amount) * 100);

test('client_concentration ranks by what revenue_breakdown has, currencies apart', async () => {
  const { from, to, clients, totals } = await session.ask<Answer & { from: string; to: string; clients: Json[] }>(
    'client_concentration',
    { top: 3 },
  );
  const whole = await session.ask<{ totals: Record<string, { total_net: string }> }>('revenue_breakdown', { from, to });
  for (const [code, { total_net }] of Object.entries(whole.totals)) expect(totals[code]).toMatchObject({ total_net });
  expect(clients.filter(({ currency }) => currency === 'GBP')).toMatchObject([
    { rank: 1, client_id: 38 },
    { rank: 2 },
    { rank: 3, cumulative_pct: totals.GBP?.top_3_pct },
  ]);
  expect(Number(totals.GBP?.hhi)).toBeLessThan(10_000);
});

test.each<[string, Json, RegExp]>([
  ['billing_leaks', { client_id: 12, client_name: 'Northwind' }, /^BAD_ARGUMENTS: Both client_id and client_name/],
  ['billing_leaks', { client_name: 'nobody at all' }, /^UNKNOWN_NAME: No client is named "nobody at all"/],
  ['billing_leaks', { client_id: 987_654 }, /^HALO_NOT_FOUND: .*987654/],
  ['renewals_calendar', { days: -1 }, /"days" must be at least 0/],
  ['revenue_trend', { months: 3, from: '2026-01-01' }, /months is given together with from or to/],
  ['revenue_trend', { months: 61 }, /"months" must be at most 60/],
  ['revenue_trend', { as_of: '2098-01-01' }, /as_of 2098-01-01 is in the future/],
  ['revenue_bridge', { as_of: '2098-01-01' }, /as_of 2098-01-01 is in the future/],
  ['revenue_trend', { to: '2098-01-01' }, /The month of 2098-01-01 is not over/],
  ['client_concentration', { from: '2026-03-01', to: '2026-02-01' }, /ends \(2026-02-01\) before it starts/],
  ['client_concentration', { from: '2010-01-01', to: '2026-02-01' }, /longer than 60 months/],
  ['client_concentration', { top: 0 }, /"top" must be at least 1/],
  ['client_concentration', { client_id: 12 }, /There is no argument "client_id"/],
])('%s %j is refused in one sentence with the way out', async (tool, args, sentence) => {
  expect(await session.fail(tool, args)).toMatch(sentence);
});

test('a page that keeps failing gives no totals, and says why', { timeout: 60_000 }, async () => {
  const sandbox = await startSandbox({ faults: ['400@/Invoice?page_no=2'] });
  const broken = await openInside({ args: ['--config', config()], env: haloEnv(sandbox) });
  for (const tool of ['revenue_trend', 'client_concentration']) {
    const result = await broken.call(tool);
    expect(result.structuredContent).toMatchObject({ complete: false, totals: {} });
    expect(textOf(result)).toMatch(/^INCOMPLETE \(Invoice: /);
    expect(textOf(result)).not.toMatch(/MRR went from|, \. HHI/);
  }
  // What was not read would look like churn and new business.
  for (const tool of ['revenue_trend', 'revenue_bridge', 'retention']) {
    const { statement } = await broken.ask(tool);
    expect(statement).toMatch(/^INCOMPLETE \(Invoice: .*\): what was not read would look like a change, so no sum/);
  }
  expect(await broken.ask('billing_leaks')).toMatchObject({ complete: true });
  await Promise.all([broken.close(), sandbox.close()]);
});

test('progress is reported, and a small limit cuts whole rows but no total', async () => {
  const small = await openInside({ args: ['--sandbox', '--config', config({ output: { maxTokens: 1000 } })] });
  const steps: number[] = [];
  const result = await small.client.callTool({ name: 'revenue_trend', arguments: {} }, undefined, {
    onprogress: ({ progress }) => steps.push(progress),
  });
  const { totals, omitted, movements } = result.structuredContent as unknown as Answer & { movements: Json[] };
  expect(steps.length).toBeGreaterThan(3);
  expect(omitted).toBeGreaterThan(0);
  expect(movements.length).toBeGreaterThan(0);
  expect(totals).toEqual((await session.ask<Answer>('revenue_trend')).totals);
  await small.close();
});
