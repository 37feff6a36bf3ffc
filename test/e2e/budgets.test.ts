import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInside } from '../inside.js';
import { type Json, namedConfig, type Session, textOf } from '../session.js';

let session: Session;
beforeAll(async () => {
  session = await openInside();
});
afterAll(() => session.close());

/** The o200k tokens that an answer or a list may cost: fewer than the best comparable server. */
test('the list of the default tools without output schemas costs at most 3,500 tokens', async () => {
  const { tools } = await session.client.listTools();
  expect(countTokens(JSON.stringify({ tools: tools.map(({ outputSchema: _, ...tool }) => tool) }))).toBeLessThanOrEqual(
    3500,
  );
});

test.each<[string, Json, number]>([
  ['list_tickets', { page_size: 50 }, 2700],
  ['list_clients', { page_size: 50, include_inactive: true }, 1300],
  ['get_ticket', { id: 10311, action_limit: 20 }, 2500],
  ['get_client', { name: 'Northwind Traders Ltd' }, 1500],
  ['revenue_breakdown', { client_name: 'Northwind Traders Ltd' }, 2500],
  ['revenue_breakdown', { client_name: 'Tailspin Toys' }, 2500],
])('%s %j costs at most %i tokens', async (tool, args, most) => {
  const tokens = countTokens(textOf(await session.call(tool, args)));
  expect(tokens).toBeLessThanOrEqual(most);
});

test('the instructions cost less than 350 tokens, whatever bundled packs are on', async () => {
  expect(countTokens(session.client.getInstructions() ?? '')).toBeLessThan(350);
  const all = [
    ...['tickets', 'clients', 'finance', 'insights', 'receivables', 'agreements'],
    ...['projects', 'assets', 'people', 'reports'],
  ];
  const every = await openInside({ env: namedConfig({ plugins: all }) });
  const instructions = every.client.getInstructions() ?? '';
  await every.close();
  expect(instructions.split('\n')).toHaveLength(all.length + 1);
  expect(countTokens(instructions)).toBeLessThan(350);
});
