/** The worked cases of test/revenue/vectors-next.json, in Halo's own field names, with figures typed by hand. */
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  ageingOf,
  deferredOf,
  Exact,
  forecastOf,
  marginOf,
  profitOf,
  retainedOf,
  uninvoicedOf,
  upliftOf,
} from '../../revenue/index.js';
import { bookOf } from './book.js';
import { costsOf, owedBooks, pricesOf, profitBooks, type Vector, vectors, workBooks } from './next.js';

type Answer = Record<string, unknown>;

interface ByClient {
  clients: readonly { client_id: number; currencies: object }[];
}

const asExpected = ({ clients }: ByClient): Answer => ({
  clients: Object.fromEntries(clients.map(({ client_id, currencies }) => [client_id, currencies])),
});

/** For cases without a currency, whose clients have only one. */
const inOne = ({ clients }: ByClient): Answer => ({
  clients: Object.fromEntries(clients.map(({ client_id, currencies }) => [client_id, Object.values(currencies)[0]])),
});

/** How each question answers a case. */
const ANSWERS: Record<string, (vector: Vector) => Answer> = {
  ar_ageing: ({ data, params }) => asExpected(ageingOf(owedBooks(data), params, '2026-11-28')),
  statement_of_account: ({ data, params }) => ({ ...accountOf(owedBooks(data), params, '2026-11-28') }),
  uninvoiced_time: ({ data, params }) =>
    inOne(uninvoicedOf(workBooks(data), { from: '2025-11-28', ...(params as { as_of: string }) })),
  agreement_profit: ({ data, params }) => ({
    ...profitOf(profitBooks(data), params).clients.find(({ client_id }) => client_id === 1)?.currencies.GBP,
  }),
  gross_margin: ({ data, params }) => asExpected(marginOf(bookOf(data), costsOf(data), params)),
  deferred_revenue: ({ data, params }) =>
    asExpected(deferredOf(bookOf(data), { since: '2021-01-01', ...(params as { as_of: string }) })),
  billing_forecast: ({ data, params }) => {
    const { flags, ...answer } = forecastOf(bookOf(data), pricesOf(data), params);
    return { ...answer, flags: flags.map(({ code }) => code) };
  },
  retention: ({ data, params: { from, to } }) => {
    const clients = Object.values(data.mrr as unknown as Record<string, Record<string, string>>);
    const at = (balances: Record<string, string>, month: string) => new Exact(balances[month] ?? 0);
    const pairs = clients.map((one, client) => ({ client, code: 'GBP', start: at(one, from), end: at(one, to) }));
    return { ...retainedOf(pairs, 'GBP') };
  },
  price_uplift: ({ data, params }) => ({
    ...upliftOf({ book: bookOf(data), prices: pricesOf(data), list: undefined, changes: new Map() }, params),
  }),
};

describe('the worked cases of the other questions', () => {
  it.each(vectors.filter(({ tool }) => tool in ANSWERS).map((vector) => [vector.id, vector.title, vector] as const))(
    '%s %s',
    (_id, _title, vector) => {
      expect(ANSWERS[vector.tool]?.(vector)).toMatchObject(vector.expected);
    },
  );
});
