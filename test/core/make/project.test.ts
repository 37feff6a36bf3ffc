import { expect, test } from 'vitest';
import { column } from '../../../core/make/column.js';
import { project } from '../../../core/make/project.js';
import { fakeContext } from './fake.js';

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, note: `<p>${index}</p>` }));

/** A loop on which each row takes this many milliseconds. Counts how often the loop was yielded. */
function loop(perRow: number, onRest: () => void = () => undefined) {
  const kept = { rested: 0, time: 0 };
  const tick = column.value(column.id().schema, () => {
    kept.time += perRow;
    return 1;
  });
  const injected = {
    now: () => kept.time,
    giveBack: async () => {
      kept.rested += 1;
      onRest();
    },
  };
  return { kept, tick, injected };
}

test.each([
  [40, 30, 40],
  [40, 4, 13],
  [40, 0, 0],
  [1, 30, 1],
])('of %i rows that take %i ms each the loop is given back %i times', async (count, perRow, rests) => {
  const { kept, tick, injected } = loop(perRow);
  const shown = await project(
    rows(count),
    { id: column.id(), tick, note: column.html('note') },
    fakeContext({}).context,
    { loop: injected },
  );
  expect(shown.rows.at(-1)).toEqual({ id: count, tick: 1, note: `${count - 1}` });
  expect(kept.rested).toBe(rests);
});

test('a caller who cancels between two rows is not worked for any more', async () => {
  const caller = new AbortController();
  const { kept, tick, injected } = loop(30, () => kept.rested === 3 && caller.abort(new Error('cancelled')));
  const context = { ...fakeContext({}).context, signal: caller.signal };
  await expect(project(rows(40), { tick }, context, { loop: injected })).rejects.toThrow('cancelled');
  expect(kept.time).toBe(90);
});

test('timers fire while many rows are made', async () => {
  let fired = 0;
  const alarm = setInterval(() => {
    fired += 1;
  }, 1);
  const hostile = Array.from({ length: 40 }, () => ({ note: '<b>x'.repeat(50_000) }));
  await project(hostile, { note: column.html('note', 2000) }, fakeContext({}).context);
  clearInterval(alarm);
  expect(fired).toBeGreaterThan(0);
});
