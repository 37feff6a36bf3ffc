/** The worked cases of test/revenue/vectors-next.json, in Halo's own field names, with figures typed by hand. */
import { describe, expect, it } from 'vitest';
import { accountOf, ageingOf, profitOf, uninvoicedOf } from '../../revenue/index.js';
import { owedBooks, profitBooks, type Vector, vectors, workBooks } from './next.js';

type Answer = Record<string, unknown>;

interface ByClient {
  clients: readonly { client_id: number; currencies: object }[];
}

const asExpected = ({ clients }: ByClient): Answer => ({
  clients: Object.fromEntries(clients.map(({ client_id, currencies }) => [client_id, currencies])),
});

/** Where a case names no currency: of clients that have one alone. */
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
};

describe('the worked cases of the other questions', () => {
  it.each(vectors.filter(({ tool }) => tool in ANSWERS).map((vector) => [vector.id, vector.title, vector] as const))(
    '%s %s',
    (_id, _title, vector) => {
      expect(ANSWERS[vector.tool]?.(vector)).toMatchObject(vector.expected);
    },
  );
});
