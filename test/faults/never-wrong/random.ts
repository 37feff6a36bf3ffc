import fc from 'fast-check';
import { ENVELOPES } from './envelopes.js';
import { IGNORED } from './filters.js';
import { nameOf } from './halo.js';
import type { Spoil } from './stage.js';
import { VALUES } from './values.js';

/** Every way in which an answer goes wrong. */
export const CASES: Record<string, Spoil> = { ...ENVELOPES, ...VALUES, ...IGNORED };

/** One way, on all answers or those of one path, from the first one on or later, always or now and then. */
export interface Fault {
  name: string;
  on: string;
  after: number;
  every: number;
}

/**
 * A fault on these paths. A filter that is ignored is ignored each time: a Halo that obeys it in one moment and not in
 * the next can't be told from one that obeys.
 */
export const faultOn = (paths: readonly string[]): fc.Arbitrary<Fault> =>
  fc
    .record({
      name: fc.constantFrom(...Object.keys(CASES)),
      on: fc.constantFrom(...paths),
      after: fc.constantFrom(0, 0, 0, 1, 2),
      every: fc.constantFrom(1, 1, 1, 2),
    })
    .map((fault) => (fault.name in IGNORED ? { ...fault, after: 0, every: 1 } : fault));

/** One fault anywhere, or two that can't make each other true: of two lists, never of one. */
export const faultsOn = (paths: readonly string[]): fc.Arbitrary<Fault[]> =>
  fc.oneof(
    fc.tuple(faultOn(['all', ...paths])),
    fc.tuple(faultOn(paths), faultOn(paths)).filter(([one, other]) => one.on !== other.on),
  );

/** What a fault does to the requests of one call, counted from the first. */
function spoilOf({ name, on, after, every }: Fault): Spoil {
  let met = 0;
  return (request, answer) => {
    if (on !== 'all' && nameOf(request) !== on) return undefined;
    met += 1;
    return met > after && (met - after - 1) % every === 0 ? CASES[name]?.(request, answer) : undefined;
  };
}

/** Several faults at once, each of other requests. */
export function spoilAll(faults: readonly Fault[]): Spoil {
  const spoils = faults.map(spoilOf);
  return async (request, answer) => {
    for (const spoil of spoils) {
      const spoilt = await spoil(request, answer);
      if (spoilt !== undefined) return spoilt;
    }
    return undefined;
  };
}
