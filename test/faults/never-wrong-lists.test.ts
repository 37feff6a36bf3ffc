import { describe, expect, test } from 'vitest';
import { CALLS } from './never-wrong/calls.js';
import { ENVELOPES, NO_RECORD } from './never-wrong/envelopes.js';
import { chosen, useTrials } from './never-wrong/trying.js';

const trials = useTrials();
const calls = chosen(CALLS, ['page', 'client_name', 'name']);

describe('every tool under a list or a record that is not what it says', () => {
  test.each(Object.entries(ENVELOPES))(
    '%s',
    async (name, spoil) => {
      expect(await trials().faults(name, spoil, calls, NO_RECORD.includes(name))).toEqual([]);
    },
    120_000,
  );
});
