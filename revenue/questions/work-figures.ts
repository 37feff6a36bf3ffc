/** The sums of uninvoiced work, by age. */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';

export const AGES = ['0_30', '31_60', '61_90', 'over_90'] as const;
export type Age = (typeof AGES)[number];

const EDGES: readonly (readonly [Age, number])[] = [
  ['0_30', 30],
  ['31_60', 60],
  ['61_90', 90],
  ['over_90', Number.POSITIVE_INFINITY],
];

export interface WorkFigures {
  hours: Big;
  amount: Big;
  unpriced: Big;
  readonly age: Record<Age, Big>;
  draft_hours: Big;
  draft_amount: Big;
  travel: Big;
  travel_amount: Big;
  milestones: Big;
  order_lines: Big;
}

export const ageOf = (days: number): Age => EDGES.find(([, last]) => days <= last)?.[0] ?? 'over_90';

export function noWork(): WorkFigures {
  return {
    ...{ hours: ZERO, amount: ZERO, unpriced: ZERO, draft_hours: ZERO, draft_amount: ZERO },
    ...{ travel: ZERO, travel_amount: ZERO, milestones: ZERO, order_lines: ZERO },
    age: Object.fromEntries(AGES.map((age) => [age, ZERO])) as Record<Age, Big>,
  };
}

const SUMS = [
  'hours',
  'amount',
  'unpriced',
  'draft_hours',
  'draft_amount',
  'travel',
  'travel_amount',
  'milestones',
  'order_lines',
] as const;

export function addWork(all: WorkFigures, one: WorkFigures): WorkFigures {
  for (const name of SUMS) all[name] = all[name].plus(one[name]);
  for (const age of AGES) all.age[age] = all.age[age].plus(one.age[age]);
  return all;
}
