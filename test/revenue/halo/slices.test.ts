import { afterEach, expect, test, vi } from 'vitest';
import { answeredInSlices, fetchBook } from '../../../revenue/halo/index.js';
import { accountIn, ageingIn, breakdown, breakdownIn, type Steps, uninvoicedIn } from '../../../revenue/index.js';
import { atOnce } from '../../../revenue/values/steps.js';
import { bookOf } from '../book.js';
import { owedBooks, workBooks } from '../next.js';
import { ACME, AUD, contract } from '../rows.js';
import { defaults } from '../vectors.js';
import { haloOf } from './fake.js';

afterEach(() => vi.restoreAllMocks());

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

const HOME = { currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }], clients: [{ id: 1, name: 'Acme' }] };
const many = <Row>(row: (id: number) => Row) => Array.from({ length: 320 }, (_, n) => row(n + 1));
const owed = owedBooks({
  ...HOME,
  invoices: many((id) => ({
    ...{ id, client_id: 1, invoice_date: '2026-06-01', duedate: '2026-07-01', posted: true, currency_code: 1 },
    ...{ total: 12, amountdue: id % 2 === 0 ? 12 : 0, amountpaid: id % 2 === 0 ? 0 : 12 },
  })),
  payments: many((id) => ({ id, client_id: 1, invoice_id: id, date: '2026-06-20', amount: id % 2 === 0 ? 0 : 12 })),
});
const work = workBooks({
  ...HOME,
  tickets: [{ id: 7, client_id: 1, isbillable: true }],
  actions: many((id) => ({
    ...{ id, ticket_id: 7, datetime: '2026-06-10T09:00:00', timetaken: 1, actionchargehours: 1 },
    ...{ actionprepayhours: 0.5, actionchargeamount: 50 },
  })),
});
const DAY = '2026-06-30';

test.each<[string, number, () => Steps<unknown>]>([
  ['what is owed', 80, () => ageingIn(owed, { as_of: DAY }, DAY)],
  ['the account of a client', 100, () => accountIn(owed, { client_id: 1, from: '2026-01-01', to: DAY }, DAY)],
  ['work that is not invoiced', 20, () => uninvoicedIn(work, { as_of: DAY, from: '2026-06-01', today: DAY })],
])('%s gives the loop back as well, every few rows: %i times', async (_, least, steps) => {
  const { loop, count } = slowLoop();
  const sliced = await answeredInSlices(steps, new AbortController().signal, loop);
  expect(sliced).toEqual(atOnce(steps()));
  expect(count()).toBeGreaterThanOrEqual(least);
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

test.each(['/ClientContract', '/ClientContract/7'])(
  'a call that is cancelled while it reads %s does not go on judging contracts',
  async (path) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 11));
    const controller = new AbortController();
    const { context } = haloOf(
      { clients: [ACME], currencies: [AUD], contracts: Array.from({ length: 20 }, (_, n) => contract(n + 1)) },
      {
        thin: true,
        signal: controller.signal,
        onRequest: (asked) => asked.split(' ')[0] === path && controller.abort(new Error('gone')),
      },
    );
    await expect(fetchBook(defaults, context, { invoices: false })).rejects.toThrow('gone');
  },
);
