import { describe, expect, test } from 'vitest';
import { CALLS } from './never-wrong/calls.js';
import { ENVELOPES, NO_RECORD } from './never-wrong/envelopes.js';
import { chosen, placed, useTrials } from './never-wrong/trying.js';

const trials = useTrials();

describe('every tool under a list or a record that is not what it says', () => {
  test.each(placed(ENVELOPES))(
    '%s',
    async (name, spoil, at) => {
      expect(await trials().faults(name, spoil, chosen(CALLS, at), NO_RECORD.includes(name))).toEqual([]);
    },
    120_000,
  );
});
