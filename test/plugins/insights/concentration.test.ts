import { describe, expect, test } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { clientConcentration } from '../../../plugins/insights/client-concentration.js';
import { concentrationOf } from '../../../plugins/insights/concentration.js';
import type { Book, Params } from '../../../revenue/index.js';
import { bookOf, type Raw } from '../../revenue/book.js';
import { AUD, adhoc, generated, invoice, JPY } from '../../revenue/rows.js';

const clients = [1, 2, 3, 4].map((id) => ({ id, name: `C${id}` }));
let id = 9000;
const billed = (client: number, net: number, fields = {}) =>
  invoice(id++, { client_id: client, invoice_date: '2026-03-01', lines: [adhoc(id, net)], ...fields });
const ask = (raw: Raw, changes: Partial<Book> = {}, top = 10, params: Partial<Params> = {}) =>
  concentrationOf(bookOf({ clients, currencies: [AUD, JPY], ...raw }, changes), paramsOf(params, '2026-06-15'), top);

test('one client alone is everything: share 100, HHI 10000', () => {
  expect(ask({ invoices: [billed(1, 5)] }).totals.AUD).toMatchObject({
    ...{ top_1_pct: '100.00', top_3_pct: '100.00', top_10_pct: '100.00', hhi: 10_000 },
  });
});

test('four equal clients: a quarter each, HHI 2500; ties by id', () => {
  const answer = ask({ invoices: [4, 3, 2, 1].map((client) => billed(client, 50)) }, {}, 2);
  expect(answer.totals.AUD).toMatchObject({ top_1_pct: '25.00', top_3_pct: '75.00', top_pct: '50.00', hhi: 2500 });
  expect(answer.clients.map(({ client, cumulative_pct }) => [client, cumulative_pct])).toEqual([
    ['C1', '25.00'],
    ['C2', '50.00'],
  ]);
});

test('recurring share next to it, of each client and of all', () => {
  const answer = ask({
    invoices: [billed(1, 0, { lines: [generated(1, 75), adhoc(2, 25)] }), billed(2, 0, { lines: [adhoc(3, 100)] })],
  });
  expect(answer.clients).toMatchObject([
    { recurring_net: '75.00', recurring_share_pct: '75.00', share_pct: '50.00' },
    { recurring_net: '0.00', recurring_share_pct: '0.00', share_pct: '50.00' },
  ]);
  expect(answer.totals.AUD).toMatchObject({ total_net: '200.00', recurring_share_pct: '37.50', clients: 2 });
});

test('B3 a client below zero has no share, is told, and takes no share above 100', () => {
  const answer = ask({ invoices: [billed(1, 300), billed(2, 100), billed(3, -60), billed(4, 10), billed(4, -10)] });
  expect(answer.clients.map(({ client, share_pct }) => [client, share_pct])).toEqual([
    ['C1', '75.00'],
    ['C2', '25.00'],
  ]);
  expect(answer.totals.AUD).toMatchObject({
    ...{ total_net: '340.00', clients: 2, clients_below_zero: 1, below_zero_net: '-60.00', hhi: 6250 },
  });
});

test('currencies stand apart: shares, ranks and totals of each', () => {
  const yen = { currency_code: 3 };
  const answer = ask({ invoices: [billed(1, 10), billed(2, 30), billed(1, 90_000, yen), billed(3, 10_000, yen)] });
  expect(answer.clients.map(({ currency, rank, client, share_pct }) => [currency, rank, client, share_pct])).toEqual([
    ['AUD', 1, 'C2', '75.00'],
    ['AUD', 2, 'C1', '25.00'],
    ['JPY', 1, 'C1', '90.00'],
    ['JPY', 2, 'C3', '10.00'],
  ]);
  expect(answer.totals.JPY).toMatchObject({ total_net: '100000', hhi: 8200 });
});

describe('the window', () => {
  test('is the last 12 complete months; drafts are told and not counted', () => {
    const answer = ask({
      invoices: [
        billed(1, 5, { invoice_date: '2025-05-31' }),
        billed(1, 7, { invoice_date: '2025-06-01' }),
        billed(1, 9, { invoice_date: '2026-05-31' }),
        billed(1, 11, { invoice_date: '2026-06-01' }),
        billed(1, 13, { posted: false }),
      ],
    });
    expect(answer).toMatchObject({ from: '2025-06-01', to: '2026-05-31', clients: [{ total_net: '16.00' }] });
    expect(answer.note).toBe('Not posted and not counted: 13.00 AUD.');
  });

  test('without a bill has no totals at all', () => {
    expect(ask({})).toMatchObject({ complete: true, clients: [], totals: {} });
  });
});

test('a branch counts by itself unless asked by who is billed', () => {
  const raw = { invoices: [billed(1, 60), billed(1, 40, { original_client_id: 2 })] };
  expect(ask(raw).clients.map(({ client }) => client)).toEqual(['C1', 'C2']);
  expect(ask(raw, {}, 10, { attribute_to: 'billed_client' }).clients).toMatchObject([
    { client: 'C1', total_net: '100.00' },
  ]);
});

test('of a book that is not whole there are amounts, and no share of anything', () => {
  const answer = ask({ invoices: [billed(1, 5)] }, { complete: false, reason: ['Invoice: page 2 failed'] });
  expect(answer).toMatchObject({ complete: false, reason: 'Invoice: page 2 failed', totals: {} });
  expect(answer.clients).toMatchObject([
    { total_net: '5.00', share_pct: null, cumulative_pct: null, recurring_share_pct: null },
  ]);
});

describe('the title', () => {
  const title = (nets: number[], top: number) => {
    const answer = ask({ invoices: nets.map((net, index) => billed(index + 1, net)) }, {}, top);
    return clientConcentration.text?.(answer as never, { top } as never).head.split('\n')[0];
  };

  test.each([
    [[75, 20, 5], 2, 'the largest of 3 clients has 75.00%, the first 2 95.00% of it. HHI'],
    [[75, 20, 5], 1, 'the largest of 3 clients has 75.00% of it. HHI'],
    [[75], 3, 'the only client above zero has 100.00% of it. HHI'],
  ])('of %j, asked for %i', (nets, top, words) => {
    expect(title(nets, top)).toContain(`net was billed: ${words}`);
  });
});
