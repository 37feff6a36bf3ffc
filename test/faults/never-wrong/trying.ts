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

/** Every call where there is time for it, as in CI; else those that differ in more than which rows they are of. */
const all = process.env.CI !== undefined || Number(process.env.PROPERTY_RUNS ?? 0) >= 1000;

/** The calls that are tried of some: the first of each tool, and those with such arguments. */
export const chosen = (calls: readonly Call[], args: readonly string[]): readonly Call[] =>
  all
    ? calls
    : calls.filter((call) => calls.find(([tool]) => tool === call[0]) === call || args.some((name) => name in call[1]));

/** The calls of some tools. */
export const callsOf = (tools: RegExp): readonly Call[] => CALLS.filter(([tool]) => tools.test(tool));
