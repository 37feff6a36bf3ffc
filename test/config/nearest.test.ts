import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../config/index.js';

const KNOWN = ['plugins', 'exclude', 'allowWrites', 'output', 'log', 'halo', 'list_tickets', 'get_ticket'];

test.each<[string, string | undefined]>([
  ['plugin', 'plugins'],
  ['Plugins', 'plugins'],
  ['pulgins', 'plugins'],
  ['allow_writes', 'allowWrites'],
  ['list-tickets', 'list_tickets'],
  ['list_ticket', 'list_tickets'],
  ['getTicket', 'get_ticket'],
  ['zzzzzzzzzz', undefined],
  ['', undefined],
])('%j is nearest to %s', (name, expected) => {
  expect(nearest(name, KNOWN)).toBe(expected);
});

test('where nothing is near, nothing is suggested', () => {
  expect(nearest('x', [])).toBeUndefined();
  expect(didYouMean('zzzzzzzzzz', KNOWN)).toBe('');
  expect(didYouMean('plugin', KNOWN)).toBe(' Did you mean "plugins"?');
});
