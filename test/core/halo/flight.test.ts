import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { HaloError } from '../../../core/errors.js';
import { Flight } from '../../../core/halo/flight.js';
import type { Patience } from '../../../core/halo/limiter.js';

const patient = (signal = new AbortController().signal, deadline = 1000): Patience => ({ signal, deadline });

const WAYS = {
  copy: (answer: string[]) => [...answer],
  share: (answer: string[]) => Object.freeze(answer) as string[],
};

/** A flight whose answer the test gives. */
function held(first = patient(), ways?: typeof WAYS) {
  let land: (answer: string[]) => void = () => undefined;
  let crash: (error: unknown) => void = () => undefined;
  let ends = 0;
  let patience: Patience | undefined;
  const flight = new Flight<string[]>(
    (own) => {
      patience = own;
      return new Promise((resolve, reject) => {
        land = resolve;
        crash = reject;
      });
    },
    first,
    () => {
      ends += 1;
    },
    ways,
  );
  return {
    flight,
    land: () => land(['a']),
    crash: (error: unknown) => crash(error),
    ends: () => ends,
    own: () => patience,
  };
}

describe('work that several wait for', () => {
  test('each but one gets a copy of the answer', async () => {
    const { flight, land } = held(patient(), WAYS);
    const waiting = [flight.join(patient()), flight.join(patient()), flight.join(patient())];
    land();
    const [one, two, three] = await Promise.all(waiting);
    expect([one, two, three]).toEqual([['a'], ['a'], ['a']]);
    expect(new Set([one, two, three]).size).toBe(3);
  });

  test('callers that only read share one answer, frozen; any other gets a copy', async () => {
    const { flight, land } = held(patient(), WAYS);
    const waiting = [true, false, true, false].map((readOnly) => flight.join(patient(), readOnly));
    land();
    const [one, own, two, other] = await Promise.all(waiting);
    expect(one).toBe(two);
    expect(Object.isFrozen(one)).toBe(true);
    expect(new Set([one, own, other]).size).toBe(3);
    expect([own, other].map(Object.isFrozen)).toEqual([false, false]);
  });

  test('a single caller that only reads gets the answer as it is', async () => {
    const { flight, land } = held(patient(), WAYS);
    const answer = flight.join(patient(), true);
    land();
    expect(Object.isFrozen(await answer)).toBe(false);
  });

  test('one that gives up leaves the others theirs; when the last does, the work is ended', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const own = patient(first.signal);
    const { flight, ends, own: given } = held(own);
    const waiting = [flight.join(own), flight.join(patient(second.signal))].map((one) =>
      one.catch((error: Error) => error.message),
    );
    first.abort(new Error('first'));
    expect(await waiting[0]).toBe('first');
    expect(given()?.signal.aborted).toBe(false);
    second.abort(new Error('second'));
    expect(await waiting[1]).toBe('second');
    expect(given()?.signal.aborted).toBe(true);
    expect(ends()).toBe(1);
  });

  test('it may last as long as the most patient of them', () => {
    const { flight, own } = held(patient(undefined, 1000));
    flight.join(patient(undefined, 5000)).catch(() => undefined);
    expect(own()?.deadline).toBe(5000);
  });

  test('all get one error, whose words can not be changed', async () => {
    const { flight, crash } = held();
    const waiting = [flight.join(patient()), flight.join(patient())].map((one) => one.catch((error: unknown) => error));
    crash(new HaloError('HALO_FAILED', 'It failed.'));
    const [one, two] = await Promise.all(waiting);
    expect(one).toBe(two);
    expect(Object.isFrozen(one)).toBe(true);
  });

  test('a scavenge is enough to free answers that are no longer held', async () => {
    setFlagsFromString('--expose-gc');
    const collect: (how?: { type: 'minor' }) => void = runInNewContext('gc');
    const MIB = 2 ** 20;
    // So small that the smallest young generation has room for it: an answer in the making is never promoted.
    const answer = () => Array.from({ length: 1_000 }, (_, id) => ({ id, name: `row ${id}` }));
    const fly = async () => {
      await new Flight(
        async () => answer(),
        patient(),
        () => undefined,
      ).join(patient());
      // By the next turn of the loop nobody holds the answer; what survives two scavenges, only a full collection frees.
      await new Promise((resolve) => setImmediate(resolve));
      for (let time = 0; time < 2; time += 1) collect({ type: 'minor' });
    };
    const grown = async () => {
      collect();
      const before = process.memoryUsage().heapUsed;
      for (let time = 0; time < 300; time += 1) await fly();
      return (process.memoryUsage().heapUsed - before) / MIB;
    };
    // What other files left running in this process may allocate as well, though hardly three times.
    const least = Math.min(await grown(), await grown(), await grown());
    expect(least).toBeLessThan(3);
  });

  test('its end is told once', async () => {
    const { flight, land, ends } = held();
    const answer = flight.join(patient());
    land();
    await answer;
    expect(ends()).toBe(1);
  });
});
