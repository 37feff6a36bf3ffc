/** The worked cases of test/revenue/vectors.json, in Halo's own field names, with figures typed by hand. */
import { describe, expect, it } from 'vitest';
import { breakdown } from '../../revenue/index.js';
import { bookOf, type Raw } from './book.js';
import { defaults, vectors } from './vectors.js';

/** Evidence is given as ids: the items of the bucket. */
function asExpected(answer: ReturnType<typeof breakdown>) {
  const clients = answer.clients.map((client) => {
    const evidence = Object.entries(client.evidence).map(([name, { items }]) => [name, items.map(({ id }) => id)]);
    return [client.client_id, { ...client, evidence: Object.fromEntries(evidence) }];
  });
  return { clients: Object.fromEntries(clients), totals: answer.totals };
}

describe('vectors', () => {
  it.each(vectors.map((vector) => [vector.id, vector.title, vector] as const))('%s %s', (_id, _title, vector) => {
    const answer = breakdown(bookOf(vector.data as Raw), { ...defaults, ...vector.params });
    const { clients, totals } = vector.expected;
    const shown = asExpected(answer);
    expect(shown.totals).toMatchObject(totals);
    for (const [id, { flags_must_include = [], flags_must_not_include = [], ...expected }] of Object.entries(clients)) {
      const client = shown.clients[id];
      expect(client).toMatchObject(expected);
      const codes = client.flags.map(({ code }: { code: string }) => code);
      expect(codes).toEqual(expect.arrayContaining([...flags_must_include]));
      for (const code of flags_must_not_include) expect(codes).not.toContain(code);
    }
  });
});
