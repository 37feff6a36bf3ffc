import { describe, expect, test } from 'vitest';
import { MOST_CALLS, Turns } from '../../../core/call/turns.js';

const never = new AbortController().signal;
const settled = async (promise: Promise<unknown>) => {
  let state = 'waiting';
  promise.then(
    () => {
      state = 'in';
    },
    () => {
      state = 'refused';
    },
  );
  await new Promise(setImmediate);
  return state;
};

describe('the turns of calls', () => {
  test('16 run at once, 64 wait, and the next one is told that the server is busy', async () => {
    const turns = new Turns();
    const calls = Array.from({ length: MOST_CALLS }, () => turns.enter(never));
    const states = await Promise.all(calls.map(settled));
    expect(states.filter((state) => state === 'in')).toHaveLength(16);
    expect(states.filter((state) => state === 'waiting')).toHaveLength(64);
    await expect(turns.enter(never)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  });

  test('a call that leaves lets the first in line in', async () => {
    const turns = new Turns();
    const running = await Promise.all(Array.from({ length: 16 }, () => turns.enter(never)));
    const [first, second] = [turns.enter(never), turns.enter(never)];
    running[0]?.();
    expect([await settled(first), await settled(second)]).toEqual(['in', 'waiting']);
  });

  test('one that gives up while it waits takes no turn', async () => {
    const turns = new Turns();
    const running = await Promise.all(Array.from({ length: 16 }, () => turns.enter(never)));
    const over = new AbortController();
    const [gone, next] = [turns.enter(over.signal), turns.enter(never)];
    over.abort(new Error('enough'));
    expect(await settled(gone)).toBe('refused');
    running[0]?.();
    expect(await settled(next)).toBe('in');
  });
});
