import { describe, expect, test } from 'vitest';
import { CALLS, type Call } from './never-wrong/calls.js';
import { IGNORED, parametersOf } from './never-wrong/filters.js';
import { chosen, useTrials } from './never-wrong/trying.js';

const trials = useTrials();

/** The calls that send one of these parameters; without any, those of a few of each tool. */
async function sending(names: readonly string[] | undefined): Promise<Call[]> {
  if (names === undefined) return [...chosen(CALLS, ['client_id', 'open_only', 'from', 'client_name'])];
  const calls: Call[] = [];
  for (const call of CALLS) {
    const sent = (await trials().requests(call)).flatMap(({ query }) => [...query.keys()]);
    if (names.some((name) => sent.includes(name))) calls.push(call);
  }
  return calls;
}

describe('every tool that narrows under a Halo that does not', () => {
  test.each(Object.entries(IGNORED))(
    '%s',
    async (name, spoil) => {
      const calls = await sending(parametersOf(name));
      expect(calls).not.toEqual([]);
      expect(await trials().faults(name, spoil, calls)).toEqual([]);
    },
    120_000,
  );
});
