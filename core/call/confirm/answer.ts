import type { AnswerText, AnyTool } from '../../define.js';
import { isHaloError } from '../../errors.js';
import { factsOf } from '../../log.js';
import type { Log } from '../../logger.js';
import { answer } from '../../output/answer.js';
import { newRef } from '../../output/fault.js';
import type { Redactor } from '../../output/redact.js';
import { record } from '../../output/table.js';
import { ownOf, writtenOutput } from '../../output/written.js';
import type { Zone } from '../../zone.js';
import { checked } from '../checked.js';
import type { Prepared } from './prepare.js';
import type { Written } from './write.js';

type Result = Record<string, unknown>;

interface Showing {
  tool: AnyTool;
  args: Result;
  maxTokens: number;
  redactor: Redactor;
  about: { customer: string | undefined; note: string | undefined; zone: Zone | undefined };
  log: Log;
}

/** The result of a write as the caller sees it: always a success, with a schema that covers all three states. */
export function answerWritten(
  written: Exclude<Written, { state: 'asking' }>,
  { tool, args, maxTokens, redactor, about, log }: Showing,
) {
  const { text: _, whenCut: __, ...bare } = tool;
  const own = { ...bare, output: writtenOutput(tool.output) };
  const show = (result: Result, text: (shown: Result) => AnswerText) =>
    answer({ ...own, text }, defined(result), args, maxTokens, redactor, about);

  if (written.state === 'preview') {
    const { prepared, state, says, confirm, expires } = written;
    const { structured, text } = show({ state, says, confirm, expires }, (shown) => ({
      head: `A preview: nothing was changed. ${next(tool.name, confirm, expires)}`,
      data: `${shown.says}\n${shownRequest(prepared)}`,
    }));
    // Bypasses the gate, which would not change a letter: otherwise the plan would have been refused.
    const { state: _state, says: safe, ...rest } = structured;
    return { structured: { state, says: safe, body: prepared.body, ...rest }, text };
  }
  if (written.state === 'already_done') {
    const { confirm, expires } = written;
    return show({ ...written }, (shown) => ({
      head: `Nothing was changed now: an equal change was made already. ${next(tool.name, confirm, expires, 'a second time')}`,
      data: record({ id: shown.id, at: shown.at, says: shown.says }),
    }));
  }
  return done(written, tool, show, log);
}

function done(
  { id, prepared, result, failed, found, seen }: Extract<Written, { state: 'done' }>,
  tool: AnyTool,
  show: (result: Result, text: (shown: Result) => AnswerText) => { structured: Result; text: string },
  log: Log,
) {
  const own = ownAnswer(tool, result, failed, log);
  const undo = undoOf(prepared, id);
  const notes = [
    found === true && 'Halo gave no answer, and shows that it was made.',
    seen.length > 0 && `Not as promised: ${seen.join('; ')}.${undo === undefined ? '' : ` To take it back: ${undo}.`}`,
    own.hint,
  ].filter((note) => typeof note === 'string');
  const hint = notes.length > 0 ? { hint: notes.join(' ') } : {};
  const facts = { state: 'done', id, ...own.result, undo, found, ...(seen.length > 0 && { seen }), ...hint };
  return show(facts, ({ state: _state, hint: _hint, seen: _seen, ...shown }) => ({
    head: 'Done: it was changed in Halo.',
    data: record(shown),
  }));
}

/** The tool's own answer, checked. If it can't be shown, the reason why: the change was made all the same. */
function ownAnswer(
  tool: AnyTool,
  result: Result | undefined,
  failed: unknown,
  log: Log,
): { result: Result; hint?: string } {
  try {
    if (failed !== undefined) throw failed;
    const said = checked(tool, result);
    return { result: ownOf(said), ...(typeof said.hint === 'string' && { hint: said.hint }) };
  } catch (error) {
    const ref = newRef();
    log.error({ tool: tool.name, ref, cause: factsOf(error) }, 'the answer of a write failed');
    const why = isHaloError(error) ? error.code : `ref ${ref}`;
    return {
      result: {},
      hint: `The tool's own answer can't be shown (${why}). Read the record; don't make the change again.`,
    };
  }
}

/** How to take the change back, with the id of the record that was made. */
const undoOf = ({ undo }: Prepared, id: number | undefined): string | undefined =>
  undo !== undefined && /\{id\}|…/.test(undo) && id === undefined ? undefined : undo?.replace(/\{id\}|…/, String(id));

const next = (tool: string, confirm: string, expires: string, times = '') =>
  `Show it to the person who asked. If they agree, call ${tool} with the same arguments and confirm "${confirm}"${times === '' ? '' : ` to make it ${times}`}; that holds until ${expires.slice(11, 19)} UTC.`;

/** As JSON that the gate leaves unchanged: it would decode HTML's escape for "<". */
const shownRequest = ({ path, body }: Prepared): string =>
  `POST ${path}\n${JSON.stringify(body, null, 1).replaceAll('&lt;', '\\u0026lt;')}`;

const defined = (result: Result): Result =>
  Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
