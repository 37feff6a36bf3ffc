/** Columns that a list adds unasked, because a reader must not miss them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openInside } from '../../inside.js';
import { type Session, textOf } from '../../session.js';

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

describe('what is owed', () => {
  const head = async (args: object) =>
    textOf(await session.call('list_invoices', { page_size: 100, payment: 'unpaid', ...args })).split('\n')[1] ?? '';
  const pence = (text: string) => Math.round(Number(text) * 100);

  test('stands in the head: the open balances of what is posted, and drafts apart', async () => {
    const args = { kind: 'all', client_name: 'Northwind' };
    const { items } = await list('list_invoices', { payment: 'unpaid', columns: ['posted', 'due'], ...args });
    const sum = (some: typeof items) => some.reduce((all, row) => all + pence(String(row.amount_due)), 0);
    const credits = items.filter(({ kind }) => kind === 'credit');
    const posted = items.filter((row) => row.posted === true && row.kind !== 'credit');
    const told =
      /^Owed, gross and before credits: GBP (\S+), of it overdue (\S+), drafts apart (\d+\.\d\d), less open credits of (\d+\.\d\d):/.exec(
        await head(args),
      );
    expect(told?.slice(1).map(pence)).toEqual([
      sum(posted),
      sum(posted.filter((row) => String(row.due) < '2026-10-15')),
      sum(items.filter((row) => row.posted === false)),
      -sum(credits),
    ]);
  });

  test('is not summed over one page of more', async () => {
    expect(await head({ kind: 'all', page_size: 2 })).toContain('ask ar_ageing');
  });
});

describe('who pays', () => {
  const text = async (args: object) => textOf(await session.call('list_invoices', { kind: 'all', ...args }));

  test('a client that somebody else pays for says who, also where it has no invoice of its own', async () => {
    expect(await text({ client_id: 27 })).toContain('Adventure Works Cycles (26) pays for this client');
  });

  test('a client that pays for another says for whom', async () => {
    expect(await text({ client_name: 'Adventure Works Cycles' })).toContain(
      'Some of these are for Adventure Works Retail (27), which this client pays for.',
    );
  });

  test('nothing is said of a client that pays for itself', async () => {
    expect(await text({ client_name: 'Northwind' })).not.toMatch(/pays|for whom/);
  });

  test('both breakdowns say what one is billed for the other', async () => {
    const said = async (client_id: number) => textOf(await session.call('revenue_breakdown', { client_id }));
    const [payer, served] = [await said(26), await said(27)];
    const [, amount] =
      /^(\S+) GBP billed to this client is counted at Adventure Works Retail \(27\)\.$/m.exec(payer) ?? [];
    expect(Number(amount)).toBeGreaterThan(0);
    expect(served).toContain(`${amount} GBP counted here is billed to Adventure Works Cycles (26).`);
    const { clients } = await session.ask<{ clients: { elsewhere: object[] }[] }>('revenue_breakdown', {
      client_id: 26,
    });
    expect(clients[0]?.elsewhere).toEqual([
      { way: 'counted_at', client_id: 27, name: 'Adventure Works Retail', currency: 'GBP', amount },
    ]);
  });

  test('everybody’s breakdown says it once', async () => {
    const all = textOf(await session.call('revenue_breakdown', {}));
    expect(
      all.match(/GBP billed to Adventure Works Cycles \(26\) is counted at Adventure Works Retail \(27\)/g),
    ).toHaveLength(1);
    expect(all).not.toContain('counted here is billed to');
  });
});
