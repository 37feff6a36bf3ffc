import { CALLS, type Call } from './calls.js';
import { useStage } from './stage.js';
import { type Trials, trialsOn } from './trials.js';

/** Trials on the file's own stage. */
export function useTrials(): () => Trials {
  const stage = useStage();
  let kept: Trials | undefined;
  return () => {
    kept ??= trialsOn(stage);
    return kept;
  };
}

/** NEVER_WRONG=all runs every call in every case, and many more random ones. It takes long. */
export const everything = process.env.NEVER_WRONG === 'all';

/**
 * The cheapest call of each kind of tool: a list that Halo pages, one that is walked here, one that Halo gives at once,
 * a name lookup with a record and its lists, and figures.
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
 * The calls of a case: all of them with NEVER_WRONG=all, otherwise one for each kind. If those are fewer than two, two
 * others are taken that vary by case, so that some case covers each call.
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
