import { expect, test } from 'vitest';
import { answeredInSlices } from '../../../revenue/halo/index.js';
import { breakdown, breakdownIn } from '../../../revenue/index.js';
import { bookOf } from '../book.js';
import { defaults } from '../vectors.js';

const invoices = Array.from({ length: 300 }, (_, n) => ({
  ...{ id: n + 1, client_id: 1 + (n % 7), invoice_date: `${defaults.from.slice(0, 8)}15`, posted: true },
  ...{ last_modified: '2026-01-01T00:00:00Z', lines: [{ id: n + 1, net_amount: 10, isinactive: false }] },
}));
const book = bookOf({
  invoices,
  clients: Array.from({ length: 7 }, (_, n) => ({ id: n + 1, name: `Client ${n + 1}` })),
  currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }],
});

/** A clock on which each reading takes longer than a turn may last. */
function slowLoop() {
  let [now, givenBack] = [0, 0];
  const giveBack = async () => {
    givenBack += 1;
  };
  return { loop: { now: () => (now += 11), giveBack }, count: () => givenBack };
}

test('a large book is posted in slices that give the loop back, and its figures are the same', async () => {
  const { loop, count } = slowLoop();
  const signal = new AbortController().signal;
  const sliced = await answeredInSlices(() => breakdownIn(book, defaults), signal, loop);
  expect(sliced).toEqual(breakdown(book, defaults));
  // At least one per document.
  expect(count()).toBeGreaterThan(invoices.length);
});

test('whoever cancels is heard between two slices', async () => {
  const { loop, count } = slowLoop();
  const controller = new AbortController();
  const stopping = {
    ...loop,
    giveBack: async () => (count() === 20 ? controller.abort(new Error('gone')) : loop.giveBack()),
  };
  await expect(answeredInSlices(() => breakdownIn(book, defaults), controller.signal, stopping)).rejects.toThrow(
    'gone',
  );
  expect(count()).toBe(20);
});
