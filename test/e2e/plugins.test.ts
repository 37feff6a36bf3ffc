import { expect, test } from 'vitest';
import { closeSessions, names, plugin, serve } from '../faults/plugins.js';

closeSessions();

test('an in-house file works by its path, with the running server as its library and no install beside it', async () => {
  const session = await serve({ 'mine.mjs': plugin('mine', 'say_hello') }, ['people', './mine.mjs']);
  expect(await names(session)).toEqual(['list_agents', 'say_hello']);
  expect(await session.ask('say_hello')).toEqual({ said: 'hello' });
});
