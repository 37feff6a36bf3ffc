/** Several questions about one book in one call: each gets the same answer as alone, and the book is read once. */
import { describe, expect, test } from 'vitest';
import { type Json, textOf, useStage } from '../faults/never-wrong/stage.js';

const VIEWS = ['revenue_breakdown', 'revenue_trend', 'revenue_bridge', 'billing_forecast', 'retention'];

const stage = useStage();

async function ask(tool: string, args: Json = {}) {
  const requests: string[] = [];
  const result = await stage.call(tool, args, ({ path, query }) => {
    requests.push(`${path}?${query}`);
    return undefined;
  });
  expect(result.isError, textOf(result)).not.toBe(true);
  return { answer: result.structuredContent as Json & { with?: Record<string, Json> }, text: textOf(result), requests };
}

/** Only the figures: how much was read, and how many rows support a figure, is the whole call's. */
function figures(answer: Json): unknown {
  const { method: _, evidence: _proof, hint: _hint, omitted: _omitted, with: _with, ...rest } = answer;
  const clients = rest.clients as Json[] | undefined;
  return clients === undefined ? rest : { ...rest, clients: clients.map(({ evidence: _own, ...client }) => client) };
}

describe.each([[{ client_id: 12 }], [{ client_id: 12, as_of: '2026-08-31' }]])('asked with %j', (shared) => {
  test('each view is what it is by itself', async () => {
    const [first = '', ...others] = VIEWS;
    const whole = await ask(first, { ...shared, with: others });
    const alone = [];
    for (const view of VIEWS) alone.push(await ask(view, shared));
    expect(Object.keys(whole.answer.with ?? {})).toEqual(others);
    expect(figures(whole.answer)).toEqual(figures(alone[0]?.answer ?? {}));
    for (const [index, view] of others.entries()) {
      const own = alone[index + 1];
      expect([view, figures(whole.answer.with?.[view] ?? {})]).toEqual([view, figures(own?.answer ?? {})]);
      expect(whole.text).toContain(`${view}: ${String(own?.answer.statement)}`);
    }
    const apart = alone.reduce((sum, { requests }) => sum + requests.length, 0);
    expect(whole.requests.length).toBeLessThan(apart / 2);
    expect(new Set(whole.requests).size).toBe(whole.requests.length);
  });
});

test('whichever is asked first, all clients’ answers are the same', async () => {
  const trend = await ask('revenue_trend', { months: 3, with: ['revenue_bridge'] });
  const bridge = await ask('revenue_bridge', { with: ['revenue_trend'] });
  expect(figures(trend.answer.with?.revenue_bridge ?? {})).toEqual(figures(bridge.answer));
  expect(trend.answer).not.toHaveProperty('statement', bridge.answer.with?.revenue_trend?.statement);
});

test.each<[string, Json, RegExp]>([
  ['revenue_trend', { with: ['revenue_trend'] }, /"with/],
  [
    'revenue_breakdown',
    { with: ['revenue_bridge'], attribute_to: 'billed_client' },
    /attribute_to service_client alone/,
  ],
  ['revenue_breakdown', { with: ['revenue_bridge'], as_of: '2098-01-01' }, /as_of 2098-01-01 is in the future/],
])('%s %j is refused', async (tool, args, sentence) => {
  const result = await stage.call(tool, args);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(sentence);
});

test('what the text of a further answer leaves out is told, with where it is', async () => {
  const { answer, text } = await ask('revenue_breakdown', { with: ['revenue_trend', 'revenue_bridge'] });
  const { months = [], movements = [] } = (answer.with?.revenue_trend ?? {}) as Record<string, Json[]>;
  expect(months.length).toBeGreaterThan(12);
  expect(text).toContain(
    `Not shown here: ${months.length - 12} more rows of months, ${movements.length} movements; structuredContent.with.revenue_trend has them`,
  );
  expect(text).toContain(`${String(months.at(-1)?.month)}\t`);
  expect(text).not.toContain(`${String(months[0]?.month)}\t`);
  expect((await ask('revenue_breakdown', { with: ['retention'] })).text).toContain('Not shown here: 1 other; ');
  // The bridge is shown whole.
  expect(text).not.toContain('structuredContent.with.revenue_bridge');
});
