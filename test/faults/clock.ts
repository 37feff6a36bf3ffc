import { vi } from 'vitest';

const [REAL_DATE, REAL_MATH] = [Date, Math];

interface Alarm {
  at: number;
  run: () => void;
}

/**
 * Until `vi.unstubAllGlobals()`, replaces timers, `performance.now()` and `Date.now()` by a clock that only waiting
 * advances. It fires one timer at a time, and the work that it starts is done before the next one. Node does the same;
 * vitest's own clock fires all timers of one moment together.
 */
export function worldClock() {
  let now = 1_000_000;
  const alarms: Alarm[] = [];
  vi.stubGlobal('setTimeout', (run: () => void, delay = 0) => {
    const alarm = { at: now + Math.max(1, Math.trunc(delay)), run };
    const place = alarms.findLastIndex(({ at }) => at <= alarm.at) + 1;
    alarms.splice(place, 0, alarm);
    return alarm;
  });
  vi.stubGlobal('clearTimeout', (alarm: Alarm | undefined) => {
    const place = alarm === undefined ? -1 : alarms.indexOf(alarm);
    if (place !== -1) alarms.splice(place, 1);
  });
  vi.stubGlobal('performance', { now: () => now });
  vi.stubGlobal(
    'Date',
    class extends REAL_DATE {
      static override now = () => 1_790_000_000_000 + now;
    },
  );
  return {
    /** Runs until the work is done. @throws if nothing is left that could end it */
    async settle<T>(work: Promise<T>): Promise<T> {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      for (;;) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (over) return work;
        const next = alarms.shift();
        if (next === undefined) throw new Error('Something waits that nothing will ever end.');
        now = next.at;
        next.run();
      }
    },
  };
}

/** Random numbers in place of `Math.random()`, repeatable by seed. */
export function seededRandom(seed: number): void {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  vi.stubGlobal('Math', Object.create(REAL_MATH, { random: { value: random } }));
}
