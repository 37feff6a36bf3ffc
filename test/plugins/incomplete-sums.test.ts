/** A book of which a page could not be read: what was added up of the rest is never called, or taken for, a total. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnswerText } from '../../core/index.js';
import { statementOfAccount } from '../../plugins/receivables/statement-of-account.js';
import { startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { folderWith, haloEnv, type Json, type Session, textOf } from '../session.js';

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let session: Session;
beforeAll(async () => {
  const folder = folderWith({ 'named.json': { plugins: ['finance', 'insights', 'receivables', 'agreements'] } });
  sandbox = await startSandbox({ faults: ['400@/Invoice?page_no=2'] });
  session = await openInside({ args: ['--config', join(folder, 'named.json')], env: haloEnv(sandbox) });
});
afterAll(() => Promise.all([session.close(), sandbox.close()]));

test.each<[string, Json, string]>([
  ['revenue_bridge', {}, 'GBP\t'],
  ['retention', {}, 'GBP\t'],
  ['revenue_trend', { months: 2 }, '2026-'],
  ['ar_ageing', {}, 'READ SO FAR\tGBP'],
  ['gross_margin', {}, 'READ SO FAR\tGBP'],
  ['deferred_revenue', {}, 'READ SO FAR\tGBP'],
  ['agreement_profit', {}, 'READ SO FAR\tGBP'],
])(
  '%s calls the sums of an incomplete book what was read so far, and none of them a total',
  async (tool, args, row) => {
    const text = textOf(await session.call(tool, args));
    expect(text).toContain('INCOMPLETE (Invoice: page 2 of ');
    expect(text).toMatch(new RegExp(`^Read so far:\n(.+\n)+${row}`, 'm'));
    expect(text).not.toMatch(/TOTAL|^Totals|^Sums|no totals are given/m);
  },
);

test.each(['ar_ageing', 'gross_margin', 'deferred_revenue', 'agreement_profit', 'uninvoiced_time'])(
  'the statement of %s over an incomplete book says before each figure that it is what was read so far',
  async (tool) => {
    expect((await session.ask<{ statement: string }>(tool)).statement).toMatch(
      /^INCOMPLETE \(Invoice: [^)]*\)+: these figures cover only what was read and are not totals\. Read so far: GBP: /,
    );
  },
);

test('the sums of an account that was not read whole are called what was read so far', () => {
  const account = { currency: 'GBP', opening: '1.00', invoiced: '2.00', credited: '0.00', paid: '0.00' };
  const sums = { ...account, closing: '3.00', open_items: '3.00', difference: '0.00', entries: [] };
  const text = (complete: boolean) => {
    const told = { complete, method: { complete }, flags: [], evidence: {}, statement: '', client_id: 1, name: 'A' };
    const answer = { ...told, ...sums, from: '2026-01-01', to: '2026-01-31' };
    const shown = statementOfAccount.text?.(answer, { currency_policy: 'separate', format: 'table' }) as AnswerText;
    return shown.data;
  };
  expect(text(false)).toMatch(/^Read so far:\ncurrency\topening/);
  expect(text(true)).toMatch(/^Sums:\ncurrency\topening/);
});

test('views asked with a breakdown of an incomplete book show their sums as what was read so far', async () => {
  const text = textOf(await session.call('revenue_breakdown', { with: ['revenue_bridge', 'retention'] }));
  const [bridge, retention] = ['revenue_bridge: INCOMPLETE', 'retention: INCOMPLETE'].map((name) => text.indexOf(name));
  expect(text.slice(bridge, retention)).toMatch(/stated\.\n\nRead so far:\ncurrency\tbilled_mrr/);
  expect(text.slice(retention)).toMatch(/stated\.\n\nRead so far:\nclient\t/);
});
