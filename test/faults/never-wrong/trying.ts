import { CALLS, type Call } from './calls.js';
import { useStage } from './stage.js';
import { type Trials, trialsOn } from './trials.js';

/** Trials on a stage of the file's own. */
export function useTrials(): () => Trials {
  const stage = useStage();
  let kept: Trials | undefined;
  return () => {
    kept ??= trialsOn(stage);
    return kept;
  };
}

/** Every call in every case, and many more random ones: NEVER_WRONG=all, for whoever has the time. */
export const everything = process.env.NEVER_WRONG === 'all';

/**
 * One call of each kind of tool, the cheapest that there is: a list that Halo pages, one that is walked here, one that
 * Halo gives at once, a name that is looked up with a record and its lists, and figures.
 */
const KINDS: readonly Call[] = CALLS.filter(([tool, args]) =>
  [
    'list_projects {"open_only":true,"client_id":12,"columns":["money_budget","money_actual"]}',
    'list_recurring_invoices {"status":"all","client_id":17}',
    'list_reports {}',
    'get_client {"name":"Northwind Traders"}',
    'revenue_breakdown {"client_id":12}',
  ].includes(`${tool} ${JSON.stringify(args)}`),
);

/**
 * The calls that a case is tried with: all of them with NEVER_WRONG=all. Else those that stand for their kind; where they are fewer
 * than two, two others that change from case to case, so that each call is met in some.
 */
export function chosen(calls: readonly Call[], at: number): readonly Call[] {
  if (everything || calls.length <= 2) return calls;
  const kinds = KINDS.filter((call) => calls.includes(call));
  if (kinds.length > 1) return kinds;
  return [0, 1].map((nth) => calls[(at * 2 + nth) % calls.length] as Call);
}

/** Cases by name, each with its place. */
export const placed = <T>(cases: Record<string, T>): [name: string, one: T, at: number][] =>
  Object.entries(cases).map(([name, one], at) => [name, one, at]);

/** The calls of some tools. */
export const callsOf = (tools: RegExp): readonly Call[] => CALLS.filter(([tool]) => tools.test(tool));
