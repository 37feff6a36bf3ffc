import { describe, expect, test } from 'vitest';
import { CALLS, type Call } from './never-wrong/calls.js';
import { IGNORED, parametersOf } from './never-wrong/filters.js';
import { chosen, placed, useTrials } from './never-wrong/trying.js';

const trials = useTrials();
/** Names of the parameters that each call sends. */
const sent = new Map<Call, Promise<Set<string>>>();
const sentBy = (call: Call): Promise<Set<string>> => {
  const known =
    sent.get(call) ??
    trials()
      .requests(call)
      .then((all) => new Set(all.flatMap(({ query }) => [...query.keys()])));
  sent.set(call, known);
  return known;
};

/** The calls that send one of these parameters, or all calls if there are none. */
async function sending(names: readonly string[] | undefined): Promise<Call[]> {
  if (names === undefined) return [...CALLS];
  const calls: Call[] = [];
  for (const call of CALLS) {
    const parameters = await sentBy(call);
    if (names.some((name) => parameters.has(name))) calls.push(call);
  }
  return calls;
}

describe('every tool that narrows under a Halo that does not', () => {
  test.each(placed(IGNORED))(
    '%s',
    async (name, spoil, at) => {
      const calls = await sending(parametersOf(name));
      expect(calls).not.toEqual([]);
      expect(await trials().faults(name, spoil, chosen(calls, at))).toEqual([]);
    },
    120_000,
  );
});
