import { expect, test } from 'vitest';
import { sideBySide } from '../../../core/halo/side-by-side.js';

const items = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('each item gets its turn once, in order, and no more than six are under way', async () => {
  const started: number[] = [];
  let [open, most] = [0, 0];
  await sideBySide(items(20), async (item) => {
    started.push(item);
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
  });
  expect([started, most, open]).toEqual([items(20), 6, 0]);
});

test('nothing to do is done at once', async () => {
  await expect(sideBySide([], () => Promise.reject(new Error('never')))).resolves.toBeUndefined();
});

test('what one item throws is thrown, while the others go on', async () => {
  const ended: number[] = [];
  const work = sideBySide(items(10), async (item) => {
    if (item === 3) throw new Error('3');
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(item);
  });
  await expect(work).rejects.toThrow('3');
  await expect.poll(() => ended).toHaveLength(9);
});
