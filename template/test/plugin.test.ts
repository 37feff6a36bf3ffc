import { describePlugin, type Session, session } from 'halo-psa-mcp/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import plugin from '../src/index.js';

// What every plugin keeps to: names, scopes, schemas, token budget, foreign text fenced. Tried on the sandbox Halo.
describePlugin(plugin);

// What this one is for, through a real server that loads the built package by its path.
let mine: Session;
beforeAll(async () => {
  mine = await session('.');
});
afterAll(() => mine.close());

test('the oldest open ticket comes first', async () => {
  const { items } = await mine.ask<{ items: { created: string }[] }>('list_acme_tickets', { page_size: 10 });
  const days = items.map(({ created }) => created);
  expect(days.length).toBeGreaterThan(1);
  expect(days).toEqual(days.toSorted());
});
