/** A run rate of a past day is shown with the trend's figure, so that the two never contradict each other silently. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingsFrom } from '../../config/index.js';
import { openStage, type Stage } from '../faults/never-wrong/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({}, settingsFrom().output);
});
afterAll(() => stage.halo.close());

const ask = async (tool: string, args: object) =>
  (await stage.call(tool, args as Record<string, unknown>)).structuredContent as Record<string, never>;

test.each(['2026-05-31', '2026-07-31'])('on %s both say the same of what was billed', async (day) => {
  const client = { client_id: 12 };
  const { method, statement } = await ask('revenue_breakdown', { ...client, as_of: day });
  const { months } = (await ask('revenue_trend', { ...client, from: `${day.slice(0, 8)}01`, to: day })) as unknown as {
    months: { billed_mrr: string }[];
  };
  const [month] = months;
  expect(method).toMatchObject({ carried_back: true, billed_run_rate: { GBP: month?.billed_mrr } });
  expect(statement).toContain(`Invoices whose service period holds ${day} bill GBP ${month?.billed_mrr} a month.`);
});

test('of today nothing of the kind is said', async () => {
  const { method } = await ask('revenue_breakdown', { client_id: 12 });
  expect(method).not.toHaveProperty('billed_run_rate');
});
