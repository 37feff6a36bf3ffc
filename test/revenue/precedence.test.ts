/** Our own worked cases: where two rules fit, the first decides. */
import { describe, expect, it } from 'vitest';
import { breakdown, type ClientBreakdown } from '../../revenue/index.js';
import { LINE_RULES } from '../../revenue/rules/lineclass.js';
import { bookOf } from './book.js';
import { precedence } from './precedence.js';
import { client, figures } from './rows.js';
import { defaults } from './vectors.js';

describe('where two rules fit, the first decides', () => {
  it.each(precedence.map((one) => [one.id, one.title, one] as const))('%s %s', (_id, _title, one) => {
    const answer = breakdown(bookOf(one.data), { ...defaults, ...one.params });
    expect(answer.totals).toMatchObject(one.totals);
    for (const [bucket, expected] of Object.entries(one.evidence ?? {})) {
      const { items } = client(answer).evidence[bucket as keyof ClientBreakdown['evidence']];
      const shown = items.map(({ id, net, mrr, rule, reason }) => [id, mrr ?? net, rule ?? reason]);
      expect(shown, bucket).toEqual(expected.map(([id, amount, why]) => [id, amount, why]));
    }
    for (const [id, some] of Object.entries(one.clients ?? {}))
      expect(figures(answer, 'AUD', Number(id))).toMatchObject(some);
    for (const row of one.groups ?? []) expect(client(answer).groups).toContainEqual(expect.objectContaining(row));
  });
});

it('for each two neighbours of the rules of a line there is a worked case that both fit', () => {
  const lines = precedence.flatMap(({ data }) => {
    const { invoices, contracts } = bookOf(data);
    const periodOf = (id: number) => contracts.find((contract) => contract.id === id)?.period;
    return invoices.flatMap((invoice) => invoice.lines.map((line) => [line, invoice, periodOf] as const));
  });
  const apart = LINE_RULES.slice(1).filter(
    (rule, at) => !lines.some((line) => rule.when(...line) && LINE_RULES[at]?.when(...line)),
  );
  expect(apart.map(({ id }) => id)).toEqual([]);
});
