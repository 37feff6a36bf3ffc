/** What a list shows without being asked, where a reader must not miss it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInside } from '../../inside.js';
import type { Session } from '../../session.js';

type Items = { items: Record<string, unknown>[]; total: number };

let session: Session;
beforeAll(async () => {
  session = await openInside();
});
afterAll(() => session.close());

const list = (tool: string, args: object = {}) => session.ask<Items>(tool, { page_size: 100, ...args });

describe('columns that rows bring by themselves', () => {
  test('a draft among invoices shows which are posted', async () => {
    const { items } = await list('list_invoices', { kind: 'all', posted: 'draft' });
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map(({ posted }) => posted))).toEqual(new Set([false]));
  });

  test('without a draft nothing is said of posting', async () => {
    const { items } = await list('list_invoices', { kind: 'all', posted: 'posted' });
    expect(items.every((row) => !('posted' in row))).toBe(true);
  });

  test('a recurring invoice that has not started shows when each does', async () => {
    const { items } = await list('list_recurring_invoices');
    const starts = items.map(({ start }) => String(start));
    expect(starts.some((day) => day > '2026-10-15')).toBe(true);
  });
});

describe('contracts that were renewed', () => {
  test('are superseded, and not among the active ones', async () => {
    const { items: all } = await list('list_contracts', { status: 'all' });
    const { items: active } = await list('list_contracts');
    const gone = all.filter(({ status }) => status === 'superseded').map(({ id }) => id);
    expect(gone).toEqual([44]);
    expect(active.map(({ id }) => id)).not.toContain(44);
    expect(active.every(({ status }) => status === 'active')).toBe(true);
  });
});
