/** A Halo in which nothing is posted: the zeros of what counts only posted documents are no facts. */
import { describe, expect, test } from 'vitest';
import { textOf, useStage } from '../faults/never-wrong/stage.js';

const NONE = 'None of the invoices looked at is posted, and only posted ones count.';

const QUESTIONS = [
  ['ar_ageing', {}],
  ['ar_ageing', { client_id: 41 }],
  ['statement_of_account', { client_id: 41 }],
  ['gross_margin', {}],
  ['deferred_revenue', {}],
  ['agreement_profit', {}],
  ['retention', { from: '2025-10', to: '2026-09' }],
  ['revenue_trend', {}],
  ['revenue_bridge', {}],
  ['client_concentration', {}],
] as const;

describe('where nothing is posted', () => {
  const drafts = useStage({ tenant: 'drafts' });
  test.each(QUESTIONS)('%s %j says so', async (tool, args) => {
    const answer = await drafts.call(tool, args);
    expect(answer.isError, textOf(answer)).not.toBe(true);
    expect(textOf(answer)).toContain(NONE);
    const { statement, note } = answer.structuredContent as { statement?: string; note?: string };
    expect(`${statement} ${note}`).toContain(NONE);
  });
});

describe('where something is', () => {
  const stage = useStage();
  test.each(QUESTIONS)('%s %j does not', async (tool, args) => {
    expect(textOf(await stage.call(tool, args))).not.toContain(NONE);
  });
});
