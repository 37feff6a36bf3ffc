import { describe, expect, onTestFinished, test } from 'vitest';
import { HaloClient } from '../../core/halo/client.js';
import { type Halo, haloFor } from '../../core/halo/halo.js';
import { Learned } from '../../core/halo/learned.js';
import { Lookups } from '../../core/halo/lookups.js';
import type { Row } from '../../core/halo/pages.js';
import type { Scope } from '../../core/halo/scopes.js';
import { type Fault, startSandbox } from '../../sandbox/index.js';
import { type Asked, failure, logTo, patient, type Reply } from '../core/halo/fake.js';
import { CALL_MS, loadFirst, meet } from './upstream.js';

loadFirst();

const SCOPES: readonly Scope[] = ['read:tickets', 'read:invoices'];

/** The sandbox's tenant, with faults, as a tool sees it. */
async function tenant(...faults: (Fault | string)[]) {
  const sandbox = await startSandbox({ faults, now: '2026-10-15T12:00:00Z', scale: { invoices: 420 } });
  onTestFinished(() => sandbox.close());
  const { url, clientId, clientSecret } = sandbox;
  const client = new HaloClient({
    connect: async () => ({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret }),
    scopes: SCOPES,
    requestsPer5Minutes: 1000,
    timeoutMs: 30_000,
    log: logTo(),
    remember: () => undefined,
  });
  const allowance = { tool: 'a_tool', scopes: SCOPES, optionalScopes: [], asked: SCOPES, mayWrite: false };
  const shared = { client, lookups: new Lookups(client), learned: new Learned() };
  const halo = (): Halo => haloFor(shared, allowance, patient(CALL_MS));
  return { sandbox, halo };
}

const INVOICES = { key: 'invoices' };
const distinct = (rows: readonly Row[]) => new Set(rows.map(({ id }) => id)).size;

describe('F31 a walk whose pages are not those asked for', () => {
  test.each(['paging-ignored', 'page-repeated', 'page-skipped'])(
    '%s: it ends, and is not taken as complete',
    async (fault) => {
      const { halo, sandbox } = await tenant(fault);
      const { rows, total, complete, reason } = await halo().all('/Invoice', INVOICES);
      expect(complete).toBe(false);
      expect(reason).toMatch(/^page \d of 5 failed \(HALO_UNEXPECTED\)$/);
      expect(total).toBeGreaterThan(400);
      expect(rows).toHaveLength(distinct(rows));
      expect(sandbox.requests.length).toBeLessThan(10);
    },
  );

  test.each(['paging-ignored', 'page-repeated', 'page-skipped'])(
    '%s: one page of a list is an error',
    async (fault) => {
      const { halo } = await tenant(fault);
      expect((await halo().list('/Invoice', INVOICES)).rows).toHaveLength(25);
      const { code, line } = await failure(halo().list('/Invoice', { ...INVOICES, page: 2 }));
      expect(code).toBe('HALO_UNEXPECTED');
      expect(line).toMatch(/Halo sent page \d of Invoice in place of page 2\./);
    },
  );

  test('one page alone is repeated: the rows that it should have had are missed', async () => {
    const { halo } = await tenant({ name: 'page-repeated', on: '/Invoice?page_no=3' });
    const { rows, total, complete, reason } = await halo().all('/Invoice', INVOICES);
    expect([rows.length, complete]).toEqual([Number(total) - 100, false]);
    expect(reason).toBe('page 3 of 5 failed (HALO_UNEXPECTED)');
  });

  test('without a fault it is whole', async () => {
    const { halo } = await tenant();
    const { rows, total, complete } = await halo().all('/Invoice', INVOICES);
    expect([rows.length, distinct(rows), complete]).toEqual([total, total, true]);
  });

  /** Halo's lists, whose answers claim to be the requested page whatever rows they hold. */
  const paged = (rowsOf: (page: number) => number[], record_count?: number) => ({
    api: ({ query }: Asked): Reply => {
      const page = Number(query.get('page_no'));
      const rows = rowsOf(page).map((id) => ({ id }));
      return { body: { page_no: page, ...(record_count !== undefined && { record_count }), tickets: rows } };
    },
  });
  const hundred = (from: number) => Array.from({ length: 100 }, (_, index) => from + index);

  test.each<[string, ReturnType<typeof paged>, number, string]>([
    [
      'the same rows again and again, and a count',
      paged(() => hundred(1), 300),
      100,
      'Halo counts 300 rows and served 100',
    ],
    ['the same rows again and again, without a count', paged(() => hundred(1)), 100, 'page 2 repeats earlier rows'],
    [
      'rows that are skipped between two pages',
      paged((page) => (page < 4 ? hundred(page * 101) : []), 303),
      300,
      'Halo counts 303 rows and served 300',
    ],
    [
      'pages that overlap',
      paged((page) => (page < 4 ? hundred(page * 90) : []), 300),
      280,
      'Halo counts 300 rows and served 280',
    ],
  ])('%s', async (_, sandbox, rows, reason) => {
    const { use } = await meet(sandbox);
    const { answer, calls } = await use((halo) => halo.all('/Tickets', { key: 'tickets' }));
    expect(answer).toMatchObject({ complete: false, reason });
    expect((answer as { rows: Row[] }).rows).toHaveLength(rows);
    expect(calls).toBeLessThanOrEqual(5);
  });
});

describe('a filter that Halo ignores (T04)', () => {
  test('rows of other clients are an error, and none of them comes out', async () => {
    const { halo, sandbox } = await tenant('filter-ignored');
    const query = { ...INVOICES, where: { client_id: 12 } };
    for (const name of ['list', 'all'] as const) {
      const { code, line } = await failure(halo()[name]('/Invoice', query));
      expect(code).toBe('HALO_FILTER_IGNORED');
      expect(line).toContain('Halo ignored the filter "client_id" and sent other rows, so there is no true answer.');
    }
    expect(sandbox.requests.filter(({ path }) => path === '/api/Invoice').length).toBe(2);
  });

  test('on a later page alone', async () => {
    const foreign = ({ query }: Asked): Reply => {
      const page = Number(query.get('page_no'));
      const rows = Array.from({ length: 100 }, (_, n) => ({
        id: page * 100 + n,
        client_id: page === 3 && n === 7 ? 9 : 12,
      }));
      return { body: { page_no: page, record_count: 500, tickets: rows } };
    };
    const { use } = await meet({ api: foreign });
    const walk = await use((halo) => halo.all('/Tickets', { key: 'tickets', where: { client_id: 12 } }));
    expect(walk.code).toBe('HALO_FILTER_IGNORED');
  });
});
