import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../config/index.js';
import { akin } from '../../core/nearest.js';

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

test('of two that are equally near the one that begins alike is meant, and none that shares no letter', () => {
  expect(nearest('date', ['note', 'day'])).toBe('day');
  expect(nearest('id', ['to', 'from'])).toBeUndefined();
});

test.each<[string, string | undefined]>([
  ['include_inactive', 'include_disabled'],
  ['includeInactive', 'include_disabled'],
  ['page_no', undefined],
  ['include', undefined],
  ['client_ref', undefined],
])('%j is akin to %s, by its first word', (name, expected) => {
  expect(akin(name, ['include_disabled', 'page', 'client_id', 'client_name'])).toBe(expected);
});
