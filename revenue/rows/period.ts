/** Reads a billing period as Halo writes it: a code, or one of its words. */
import { type Period, periodOf } from '../values/periods.js';
import { integer, text } from './row.js';

/** Words as they come in `nextcreationperiod`, `billing_period_string` and older lists; letters and digits only. */
const WORDS: Readonly<Record<string, number>> = {
  onetime: 0,
  oneoff: 0,
  once: 0,
  week: 1,
  weekly: 1,
  month: 2,
  monthly: 2,
  year: 3,
  yearly: 3,
  annual: 3,
  annually: 3,
  '12monthly': 3,
  quarter: 4,
  quarterly: 4,
  '3monthly': 4,
  '6monthly': 5,
  sixmonthly: 5,
  '6months': 5,
  halfyearly: 5,
  semiannual: 5,
  semiannually: 5,
  '5yearly': 6,
  fiveyearly: 6,
  '5years': 6,
  '3yearly': 7,
  threeyearly: 7,
  '3years': 7,
  '2yearly': 8,
  twoyearly: 8,
  '2years': 8,
  '4yearly': 9,
  fouryearly: 9,
  '4years': 9,
};

/** The period of a code (number or numeric string) or of its name; undefined if it is neither: never guessed. */
export function readPeriod(value: unknown): Period | undefined {
  const code = integer(value);
  if (code !== undefined) return periodOf(code);
  const word = text(value)
    ?.toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const found = word === undefined || !Object.hasOwn(WORDS, word) ? undefined : WORDS[word];
  return found === undefined ? undefined : periodOf(found);
}
