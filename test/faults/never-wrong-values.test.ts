import { describe, expect, test } from 'vitest';
import { callsOf, chosen, placed, useTrials } from './never-wrong/trying.js';
import { VALUES } from './never-wrong/values.js';

const trials = useTrials();
/** Tools that show or sum amounts and hours, or conclude something from days. */
const calls = callsOf(/ticket|action|contract|invoice|project|revenue|billing|concentration|renewals/);

describe('every tool that shows figures under values that can not be read', () => {
  test.each(placed(VALUES))(
    '%s',
    async (name, spoil, at) => {
      expect(await trials().faults(name, spoil, chosen(calls, at))).toEqual([]);
    },
    120_000,
  );
});
