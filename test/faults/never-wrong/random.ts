import fc from 'fast-check';
import { ENVELOPES } from './envelopes.js';
import { IGNORED, parametersOf } from './filters.js';
import { nameOf } from './halo.js';
import type { Spoil } from './stage.js';
import { VALUES } from './values.js';

/** Every way in which an answer goes wrong. */
export const CASES: Record<string, Spoil> = { ...ENVELOPES, ...VALUES, ...IGNORED };

/** One way, on all answers or those of one path, from the start or later, always or occasionally. */
export interface Fault {
  name: string;
  on: string;
  after: number;
  every: number;
}

/**
 * A fault on these paths. An ignored filter is ignored every time: a Halo that obeys it only sometimes can't be told
 * from one that obeys.
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

/** One fault anywhere, or two on different lists, since two on one list could cancel out. */
export const faultsOn = (paths: readonly string[]): fc.Arbitrary<Fault[]> =>
  fc.oneof(
    fc.tuple(faultOn(['all', ...paths])),
    fc.tuple(faultOn(paths), faultOn(paths)).filter(([one, other]) => one.on !== other.on),
  );

/** What a fault does to the requests of one call, counted from the first. */
function spoilOf({ name, on, after, every }: Fault): Spoil {
  let met = 0;
  // A fault of a filter is one where it is sent: elsewhere a field that rows lack says that there is nothing.
  const filters = name in IGNORED ? parametersOf(name) : undefined;
  return (request, answer) => {
    if (on !== 'all' && nameOf(request) !== on) return undefined;
    if (filters?.some((filter) => request.query.has(filter)) === false) return undefined;
    met += 1;
    return met > after && (met - after - 1) % every === 0 ? CASES[name]?.(request, answer) : undefined;
  };
}

/** Several faults at once, each on other requests. */
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
