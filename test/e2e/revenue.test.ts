import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLAGS } from '../../plugins/finance/revenue/flags.js';
import { TENANTS } from '../../sandbox/tenant/variants.js';
import { openInside } from '../inside.js';
import { type Json, type Session, textOf } from '../session.js';

type Figures = Record<'mrr' | 'arr' | 'total_net', string> & Record<'recurring' | 'non_recurring', { net: string }>;
interface Revenue {
  method: Json;
  statement: string;
  clients: {
    client_id: number;
    name: string;
    currencies: Record<string, Figures>;
    flags: { code: string }[];
    evidence: Record<string, { count: number; sum: unknown }>;
  }[];
  totals: Record<string, Figures>;
  flags: { code: string; severity: string }[];
}

let session: Session;
beforeAll(async () => {
  session = await openInside();
});
afterAll(() => session.close());

const cents = (amount: string) => Math.round(Number(amount) * 100);

test('the whole book: clients add up to the totals of each currency, and the statement quotes them', async () => {
  const { clients, totals, statement, method } = await session.ask<Revenue>('revenue_breakdown');
  expect(method).toMatchObject({
    complete: true,
    weekly: '52/12',
    attribute_to: 'service_client',
    month_basis: 'billed',
  });
  for (const [code, total] of Object.entries(totals)) {
    const own = clients.flatMap(({ currencies }) => currencies[code] ?? []);
    expect(own.reduce((sum, { mrr }) => sum + cents(mrr), 0)).toBe(cents(total.mrr));
    expect(own.reduce((sum, { total_net }) => sum + cents(total_net), 0)).toBe(cents(total.total_net));
    expect(cents(total.recurring.net) + cents(total.non_recurring.net)).toBe(cents(total.total_net));
    for (const figure of [code, total.mrr, total.arr, total.recurring.net, total.non_recurring.net, total.total_net])
      expect(statement).toContain(figure);
  }
});

test('one client asked for answers the same figures as within the whole book', async () => {
  const { clients } = await session.ask<Revenue>('revenue_breakdown');
  for (const client of clients.slice(0, 8)) {
    const alone = await session.ask<Revenue>('revenue_breakdown', { client_id: client.client_id });
    expect(alone.clients).toHaveLength(1);
    expect(alone.clients[0]?.currencies, client.name).toEqual(client.currencies);
  }
});

test('the sandbox has a case for every high flag: the usual tenant, but for the two that spoil a whole book', async () => {
  const shown: Record<string, string[]> = {};
  for (const tenant of Object.keys(TENANTS)) {
    const one = await openInside({ args: ['--sandbox', '--tenant', tenant] });
    const { flags } = await one.ask<Revenue>('revenue_breakdown');
    await one.close();
    shown[tenant] = flags.filter(({ severity }) => severity === 'high').map(({ code }) => code);
  }
  const high = Object.entries(FLAGS).flatMap(([code, { severity }]) => (severity === 'high' ? [code] : []));
  expect([...new Set(Object.values(shown).flat())].sort()).toEqual(high.sort());
  expect(high.filter((code) => !shown.usual?.includes(code))).toEqual(['incomplete_data', 'no_posted_invoices']);
  expect(shown.drafts).toContain('no_posted_invoices');
  expect(shown['lost-currency']).toContain('incomplete_data');
});

test('evidence comes in the text of one client, and its count and sum are in the structured answer', async () => {
  const one = await session.call('revenue_breakdown', { client_name: 'Northwind Traders Ltd' });
  expect(textOf(one)).toMatch(/\nEvidence:\nmrr: 1772\.30\n/);
  expect(textOf(await session.call('revenue_breakdown'))).not.toContain('Evidence:');
  const { clients } = one.structuredContent as unknown as Revenue;
  expect(clients[0]?.evidence.mrr).toMatchObject({ count: 2, sum: '1772.30' });
});

test('as CSV the table comes as a file for a spreadsheet, with decimal points and ISO days', async () => {
  const result = await session.call('revenue_breakdown', { format: 'csv' });
  const [, file] = result.content;
  if (file?.type !== 'resource' || !('text' in file.resource)) throw new Error('no file came');
  expect(file.resource).toMatchObject({
    mimeType: 'text/csv',
    uri: expect.stringMatching(/^halo:\/\/revenue\/\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2}\.csv$/),
  });
  const [head, ...rows] = file.resource.text.trim().split('\n');
  expect(head).toMatch(/^client_id,client,inactive,currency,as_of,mrr,arr,/);
  const { clients } = result.structuredContent as unknown as Revenue;
  expect(rows).toHaveLength(clients.flatMap(({ currencies }) => Object.keys(currencies)).length);
  expect(rows[0]).toMatch(/^\d+,[^,]+,false,GBP,\d{4}-\d{2}-\d{2},\d+\.\d{2},/);
});

test('a small limit cuts clients by whole rows, says so, and leaves the totals alone', async () => {
  const full = await session.ask<Revenue>('revenue_breakdown');
  const { folderWith } = await import('../session.js');
  const small = await openInside({ cwd: folderWith({ 'halo-mcp.config.json': { output: { maxTokens: 1200 } } }) });
  const cut = await small.ask<Revenue & { omitted: number; hint: string }>('revenue_breakdown');
  await small.close();
  expect(cut.omitted).toBeGreaterThan(0);
  expect(cut.hint).toMatch(/clients/);
  expect(cut.clients).toEqual(full.clients.slice(0, cut.clients.length));
  expect(cut.totals).toEqual(full.totals);
});
