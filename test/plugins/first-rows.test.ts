import { expect, test } from 'vitest';
import type { Row } from '../../core/index.js';
import projects from '../../plugins/projects/index.js';
import tickets from '../../plugins/tickets/index.js';
import { callOf, fakeContext } from '../core/make/fake.js';

const some = (many: number, facts: Row = {}): Row[] =>
  Array.from({ length: many }, (_, n) => ({ id: n + 1, ticket_id: 7, datetime: '2026-03-01T10:00:00', ...facts }));
const toolOf = (plugin: { tools?: unknown }, name: string) =>
  (plugin.tools as { name: string }[]).find((tool) => tool.name === name) as never;
const ACTIONS = { '/Tickets/7': () => ({ id: 7, summary: 'Jam' }) };

test.each<[string, Row, string]>([
  ['fewer than Halo counts', { record_count: 120, actions: some(50) }, 'The 20 newest of 50 or more actions'],
  ['a number that it stops at', { record_count: 50, actions: some(50) }, 'The 20 newest of 50 or more actions'],
  ['all', { record_count: 51, actions: some(51) }, 'The 20 newest of 51 actions'],
])('of a ticket whose actions Halo sends as %s, a ticket says so', async (_, body, hint) => {
  const config = fakeContext({ ...ACTIONS, '/Actions': () => body });
  const { hint: told } = await callOf(toolOf(tickets, 'get_ticket'), config, { id: 7 });
  expect(told).toBe(`${hint}; list_actions has all.`);
});

test('a project whose tickets are counted by the page says that there may be more', async () => {
  // It obeys the filter, even for a value that no ticket has.
  const page = ({ page_no, parent_id }: { page_no?: unknown; parent_id?: unknown }) => ({
    page_no,
    record_count: parent_id === 5 && Number(page_no) < 3 ? 100 : 0,
    tickets:
      parent_id === 5 && Number(page_no) < 3
        ? some(100, { parent_id: 5 }).map((row) => ({ ...row, id: Number(row.id) + Number(page_no) * 100 }))
        : [],
  });
  const fake = fakeContext({ '/Projects/5': () => ({ id: 5, summary: 'Move' }), '/Tickets': page });
  const { hint } = await callOf(toolOf(projects, 'get_project'), fake, { id: 5 });
  expect(hint).toBe('The first 100 of at least 100 tickets.');
});
