import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, ids, instant, type Row, walk } from './connect.js';

let halo: Connection;
beforeAll(async () => {
  halo = await connect();
});
afterAll(() => halo.sandbox.close());

const PAGED = [
  ['/Tickets', 'tickets', 386],
  ['/Client', 'clients', 15],
  ['/Users?includeinactive=true', 'users', 99],
  ['/ClientContract?includeinactive=true', 'contracts', 25],
  ['/Invoice', 'invoices', 447],
  ['/RecurringInvoice', 'invoices', 33],
  ['/Report', 'reports', 12],
] as const;

describe('paging', () => {
  it.each(PAGED)('walks %s and meets each row once', async (path, key, total) => {
    for (const size of [7, 100, 1000]) {
      const rows = await walk(halo, path, key, size);
      expect(rows).toHaveLength(total);
      expect(new Set(ids(rows)).size).toBe(total);
    }
  });

  it('caps assets at 50', async () => {
    const body = await halo.get('/Asset?pageinate=true&page_no=1&page_size=100');
    expect(body).toMatchObject({ page_no: 1, page_size: 50 });
    expect(body.assets).toHaveLength(50);
    const rows = await walk(halo, '/Asset', 'assets', 100);
    expect(new Set(ids(rows)).size).toBe(body.record_count);
    expect(rows.length).toBeGreaterThan(130);
  });

  it.each([
    ['the cap is silent', 'pageinate=true&page_no=1&page_size=1000', { page_size: 100, record_count: 386 }, 100],
    ['page_size alone is ignored', 'page_size=5', { record_count: 50 }, 50],
    ['page_no alone is ignored', 'page_no=2&page_size=5', { record_count: 50 }, 50],
    [
      'page_size without page_no is ignored, and the count is of the page',
      'pageinate=true&page_size=5',
      { page_size: 50, record_count: 50 },
      50,
    ],
    ['pageinate=1 is not true', 'pageinate=1&page_no=2&page_size=5', { record_count: 50 }, 50],
    ['count takes that many', 'count=120', { record_count: 120 }, 120],
    ['past the end', 'pageinate=true&page_no=99&page_size=100', { page_no: 99, record_count: 0 }, 0],
  ] as const)('%s', async (_, query, envelope, count) => {
    const body = await halo.get(`/Tickets?${query}`);
    expect(body).toMatchObject(envelope);
    expect(body.tickets).toHaveLength(count);
  });

  it.each(['Agent', 'Team', 'Status', 'TicketType', 'Priority', 'AssetType', 'Currency', 'Timesheet'])(
    'the list /%s has no pages, and ignores that one is asked for',
    async (name) => {
      const all = await halo.rows(`/${name}`);
      const body: unknown = await halo.get(`/${name}?pageinate=true&page_no=2&page_size=1`);
      expect(Array.isArray(body) ? body : (body as Row).results).toEqual(all);
    },
  );
});

describe('sorting', () => {
  const order = async (query: string) =>
    ids(await halo.rows(`/Tickets?pageinate=true&page_no=1&page_size=5&${query}`, 'tickets'));

  it('by id, and orderdesc=1 still sorts ascending', async () => {
    expect(await order('order=id&orderdesc=true')).toEqual([10320, 10319, 10318, 10317, 10316]);
    expect(await order('order=id')).toEqual([9001, 9002, 9003, 9004, 9005]);
    expect(await order('order=id&orderdesc=1')).toEqual(await order('order=id'));
  });

  it.each(['dateoccurred', 'lastactiondate', 'fixbydate', 'priority_id'])(
    'tickets are sorted by %s, the latest first',
    async (name) => {
      const rows = await halo.rows(`/Tickets?count=500&order=${name}&orderdesc=true`, 'tickets');
      const values = rows.map((row) => (typeof row[name] === 'number' ? row[name] : instant(row[name])));
      expect(values).toEqual(values.toSorted((a, b) => b - a));
    },
  );

  it('is newest first without being asked', async () => {
    const dates = (await halo.rows('/Tickets?count=500', 'tickets')).map((row) => instant(row.dateoccurred));
    expect(dates).toEqual(dates.toSorted((a, b) => b - a));
    const numbers = ids(await halo.rows('/Invoice?count=1000', 'invoices')) as number[];
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  });
});

describe('the envelope of /Agent', () => {
  it.each([
    [undefined, '', true],
    [undefined, '?pageinate=true', false],
    ['array', '?pageinate=true', true],
    ['results', '', false],
  ] as const)('forced to %s, asked %s', async (agentEnvelope, query, bare) => {
    const other = await connect(agentEnvelope ? { agentEnvelope } : {});
    expect(Array.isArray(await other.get(`/Agent${query}`))).toBe(bare);
    await other.sandbox.close();
  });
});

describe('the size of the book', () => {
  const scale = { invoices: 1200, recurringInvoices: 90, contracts: 60 };

  it('grows as asked, the same each time, and keeps the base', async () => {
    const [big, twin] = [await connect({ scale }), await connect({ scale })];
    const invoices = await walk(big, '/Invoice?includelines=true', 'invoices', 100);
    expect(invoices).toHaveLength(scale.invoices);
    expect(await walk(twin, '/Invoice?includelines=true', 'invoices', 100)).toEqual(invoices);
    expect(await walk(big, '/RecurringInvoice', 'invoices', 100)).toHaveLength(scale.recurringInvoices);
    expect(await walk(big, '/ClientContract?includeinactive=true', 'contracts', 100)).toHaveLength(scale.contracts);
    const base = await walk(halo, '/Invoice?includelines=true', 'invoices', 100);
    expect(invoices.slice(-base.length)).toEqual(base);
    for (const { sandbox } of [big, twin]) await sandbox.close();
  });

  it('holds no document twice for the same run', async () => {
    const big = await connect({ scale });
    const invoices = await walk(big, '/Invoice', 'invoices', 100);
    const runs = invoices.filter((row) => Number(row.recurring_invoice_id) <= -1000);
    expect(runs.length).toBeGreaterThan(300);
    expect(new Set(runs.map((row) => `${row.recurring_invoice_id} ${row.period_start_date}`)).size).toBe(runs.length);
    await big.sandbox.close();
  });
});
