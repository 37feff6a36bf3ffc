import type { AnyTool } from '../define.js';
import { HaloError } from '../errors.js';
import { inputForm, type PublicTool } from '../output/schema.js';
import { faultsOf, sentencesOf } from './faults.js';
import { putInForm } from './form.js';
import { givenArguments, refuseReserved } from './given.js';

/**
 * Reads a tool's arguments: tolerant in form, strict in meaning. Reports all faults at once; if a name is unknown, also
 * the whole list of names.
 * @param besides names of arguments that were read earlier and belong in that list
 * @param note receives what the head of the answer says about the arguments: `client_id 0 left out`
 * @param form the tool's input form, if it exists already
 * @param siblings tools that read the same of Halo and may have the argument that is unknown here
 * @throws HaloError BAD_ARGUMENTS
 */
export function readArguments(
  tool: AnyTool,
  raw: unknown,
  besides: readonly string[] = [],
  note: (words: string) => void = () => {},
  { strict, whole: schema } = inputForm(tool),
  siblings: () => readonly PublicTool[] = () => [],
): Record<string, unknown> {
  const given = givenArguments(raw);
  const { args, zeros, faults } = putInForm(schema, given, tool.effect !== 'read');
  // Objects that came as text are parsed by now.
  refuseReserved(args);
  const parsed = strict.safeParse(args);
  if (parsed.success && faults.length === 0) {
    if (zeros.length > 0) note(`${zeros.map((id) => `${id} 0`).join(', ')} left out`);
    return parsed.data;
  }
  const all = [...faults, ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, args, schema))];
  const known = [...besides, ...Object.keys(strict.shape)];
  const takes = known.length === 0 ? `${tool.name} takes no arguments.` : `${tool.name} takes: ${known.join(', ')}.`;
  const unknown = all.some((fault) => 'unknown' in fault && fault.path.length === 0);
  const sentences = sentencesOf(all, { besides, siblings });
  const remedy = sentences.length > 1 ? 'Correct them and call again.' : 'Correct it and call again.';
  throw new HaloError('BAD_ARGUMENTS', sentences.join(' '), unknown ? takes : remedy);
}
