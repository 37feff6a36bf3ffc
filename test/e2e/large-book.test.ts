import { expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { folderWith, haloEnv } from '../session.js';

test('a book of 3,000 invoices, 400 recurring invoices and 200 contracts costs a request a hundred rows, and one after a last page that is full', {
  timeout: 60_000,
}, async () => {
  const halo = await startSandbox({
    scale: { invoices: 3000, recurringInvoices: 400, contracts: 200 },
    requestsPer5Minutes: 1_000_000,
  });
  const session = await openInside({
    args: [],
    env: haloEnv(halo),
    cwd: folderWith({ 'halo-mcp.config.json': { plugins: ['finance'] } }),
  });
  try {
    const { method } = await session.ask<{ method: { complete: boolean; fetched: Record<string, number> } }>(
      'revenue_breakdown',
      { from: '2022-01-01', to: '2026-12-31' },
    );
    const count = (path: string) => halo.requests.filter((request) => request.path === path).length;
    expect(method.complete).toBe(true);
    expect(method.fetched.recurring_invoices).toBe(400);
    expect(count('/api/Invoice')).toBeLessThanOrEqual(Math.ceil(Number(method.fetched.invoices) / 100));
    expect(count('/api/RecurringInvoice')).toBe(4 + 1);
    expect(count('/api/ClientContract')).toBe(2 + 1);
    expect(count('/api/Client')).toBe(1);
    // Within the server's own limit, including the doubtful contracts that are read singly.
    expect(halo.requests.length).toBeLessThan(100);
  } finally {
    await session.close();
    await halo.close();
  }
});

test('single reads that no longer fit into the limit leave no figure unmarked, and are reported in one sentence', async () => {
  const session = await openInside({
    args: ['--sandbox'],
    cwd: folderWith({ 'halo-mcp.config.json': { plugins: ['finance'], halo: { requestsPer5Minutes: 10 } } }),
  });
  try {
    const { method, statement, flags } = await session.ask<{
      method: { complete: boolean; reason: string[] };
      statement: string;
      flags: { code: string }[];
    }>('revenue_breakdown');
    expect(method.complete).toBe(false);
    expect(method.reason[0]).toMatch(/^ClientContract \d+ and \d+ more of \d+ failed \(HALO_RATE_LIMITED\)$/);
    expect(statement).toMatch(/^INCOMPLETE/);
    expect(flags.map(({ code }) => code)).toContain('incomplete_data');
  } finally {
    await session.close();
  }
});
