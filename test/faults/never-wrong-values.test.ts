import { describe, expect, test } from 'vitest';
import { callsOf, chosen, useTrials } from './never-wrong/trying.js';
import { VALUES } from './never-wrong/values.js';

const trials = useTrials();
/** Tools that show or sum amounts and hours, or tell something from days. */
const calls = chosen(callsOf(/ticket|action|contract|invoice|project|revenue|billing|concentration|renewals/), [
  'payment',
  'from',
  'columns',
]);

describe('every tool that shows figures under values that can not be read', () => {
  test.each(Object.entries(VALUES))(
    '%s',
    async (name, spoil) => {
      expect(await trials().faults(name, spoil, calls)).toEqual([]);
    },
    120_000,
  );
});
