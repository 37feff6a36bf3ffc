import { expect, test } from 'vitest';
import { once } from '../../../core/load/once.js';

test('what was loaded is kept, and many callers at once load it once', async () => {
  let loads = 0;
  const load = once(async () => ++loads);
  expect(await Promise.all([load(), load(), load()])).toEqual([1, 1, 1]);
  expect(await load()).toBe(1);
});

test('a failure is shared by those who wait for it, and the next one tries again', async () => {
  let tries = 0;
  const load = once(async () => {
    tries += 1;
    if (tries < 3) throw new Error('no file descriptor');
    return 'loaded';
  });
  expect((await Promise.allSettled([load(), load()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(load()).rejects.toThrow('no file descriptor');
  expect(await load()).toBe('loaded');
  expect(tries).toBe(3);
});
