/** The worked cases of test/revenue/vectors-next.json, in Halo's own field names, with figures typed by hand. */
import { describe, expect, it } from 'vitest';
import { accountOf, ageingOf } from '../../revenue/index.js';
import { owedBooks, type Vector, vectors } from './next.js';

type Answer = Record<string, unknown>;

interface ByClient {
  clients: readonly { client_id: number; currencies: object }[];
}

const asExpected = ({ clients }: ByClient): Answer => ({
  clients: Object.fromEntries(clients.map(({ client_id, currencies }) => [client_id, currencies])),
});

/** How each question answers a case. */
const ANSWERS: Record<string, (vector: Vector) => Answer> = {
  ar_ageing: ({ data, params }) => asExpected(ageingOf(owedBooks(data), params, '2026-11-28')),
  statement_of_account: ({ data, params }) => ({ ...accountOf(owedBooks(data), params, '2026-11-28') }),
};

describe('the worked cases of the other questions', () => {
  it.each(vectors.filter(({ tool }) => tool in ANSWERS).map((vector) => [vector.id, vector.title, vector] as const))(
    '%s %s',
    (_id, _title, vector) => {
      expect(ANSWERS[vector.tool]?.(vector)).toMatchObject(vector.expected);
    },
  );
});
