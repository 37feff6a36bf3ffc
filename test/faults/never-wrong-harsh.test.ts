import { beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type Row, walk } from '../sandbox/connect.js';
import { type Json, textOf, useStage } from './never-wrong/stage.js';

const stage = useStage({ tenant: 'harsh' });

let halo: Connection;
let tickets: Row[];
let invoices: Row[];
beforeAll(async () => {
  halo = await connect({ tenant: 'harsh' });
  tickets = await walk(halo, '/Tickets', 'tickets', 100);
  invoices = await walk(halo, '/Invoice?includepoinvoices=false', 'invoices', 100);
  await halo.sandbox.close();
});

/** Every row of a list, over all pages. */
async function rowsOf(tool: string, args: Json): Promise<{ items: Json[]; totals: unknown[] }> {
  const items: Json[] = [];
  const totals: unknown[] = [];
  for (let page: unknown = 1; typeof page === 'number'; ) {
    const result = await stage.call(tool, { ...args, page, page_size: 100 });
    expect(result.isError, textOf(result)).toBeUndefined();
    const answer = result.structuredContent as Json;
    items.push(...(answer.items as Json[]));
    totals.push(answer.total);
    page = answer.next_page;
  }
  return { items, totals };
}

const numbers = (rows: readonly Row[]) => rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);

describe('a Halo that is hard to read', () => {
  test('tickets of an agent are those of the agent, though Halo sends the whole queue', async () => {
    const { items, totals } = await rowsOf('list_tickets', { agent: 'Alice Archer' });
    const own = tickets.filter((row) => row.agent_id === 3);
    expect(numbers(items)).toEqual(numbers(own));
    for (const total of totals) expect([null, own.length]).toContain(total);
  });

  test('open tickets include reopened ones, and exclude those that a second status closes', async () => {
    const { items, totals } = await rowsOf('list_tickets', { open_only: true });
    const open = tickets.filter((row) => row.dateclosed === undefined);
    expect(open.some((row) => row.hasbeenclosed === true)).toBe(true);
    expect(numbers(items)).toEqual(numbers(open));
    expect(totals.at(-1)).toBe(open.length);
  });

  test('an invoice with a balance of 0 that nobody paid is unpaid', async () => {
    const { items } = await rowsOf('list_invoices', { kind: 'all' });
    const known = new Map(invoices.map((row) => [row.id, row]));
    const shown = items.filter(({ payment }) => payment !== undefined);
    const wrong = shown.filter(({ id, payment }) => {
      const row = known.get(id);
      return Number(row?.total) > 0 && (payment === 'paid') !== (row?.paymentstatus === 2);
    });
    expect(wrong.map(({ id, payment }) => [id, payment])).toEqual([]);
    expect(shown.some(({ payment }) => payment === 'paid')).toBe(true);
  });

  test('revenue is what it is in the usual tenant: it is net', async () => {
    const asked = { from: '2025-10-01', to: '2026-09-30' };
    const result = await stage.call('revenue_breakdown', asked);
    const { totals, method } = result.structuredContent as { totals: Json; method: Json };
    expect(method.complete).toBe(true);
    expect(totals).toMatchObject({ GBP: { total_net: expect.stringMatching(/^\d+\.\d\d$/) } });
    const credited = invoices.filter((row) => row.posted === true && row.voided !== true && row.currency_code === 1);
    const inside = credited.filter(({ invoice_date: day }) => String(day) >= asked.from && String(day) < '2026-10-01');
    const net = inside.reduce((sum, row) => sum + Math.round(Number(row.revenue) * 100), 0);
    expect(Number((totals.GBP as Json).total_net)).toBeCloseTo(net / 100, 2);
  });
});
