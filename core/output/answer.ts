// output/: What leaves: cleaned, made inert, redacted, fenced and fitted, in that order.
import { z } from 'zod';
import type { AnswerFile, AnswerText, AnyTool } from '../define.js';
import { isDay } from '../halo/value.js';
import { UTC, type Zone } from '../zone.js';
import { mapStrings } from './clean.js';
import { fence, newTag } from './fence.js';
import { fit } from './fit.js';
import { inert } from './inert.js';
import { plain } from './plain.js';
import type { Redactor } from './redact.js';
import { withoutPrivate } from './schema.js';
import { record, table } from './table.js';
import { holdsUntrusted, mapUntrusted } from './untrusted.js';

type Result = Record<string, unknown>;

/** What the head says besides what the tool says. */
export interface Said {
  /** Named in the header if it is not clear whose rows these are. */
  customer?: string | undefined;
  /** How the arguments were read. */
  note?: string | undefined;
  /** Named in the header if a day was requested or is shown, and the zone is not UTC. */
  zone?: Zone | undefined;
}

/**
 * A tool's result as it leaves: strings cleaned and redacted, whole rows fitted to the token limit, and as text a
 * header with a table, or a record, fenced if its schema holds text of end users.
 * @returns the structured content and the text, which says the same
 */
export const answer = (
  tool: AnyTool,
  raw: Result,
  args: Result,
  maxTokens: number,
  redactor: Redactor,
  said?: Said,
): Answer => written(tool, gated(raw, redactor), args, maxTokens, said);

interface Answer {
  structured: Result;
  text: string;
  file?: AnswerFile;
}

/** A result that may leave, and what makes other texts so. */
export interface Gated {
  readonly safe: Result;
  readonly safely: (text: string) => string;
}

/** The first half of an answer: every string cleaned, redacted and made inert. */
export function gated(raw: Result, redactor: Redactor): Gated {
  // Redacted first: a secret that inert has changed would no longer be recognized.
  const safely = once((text: string) => inert(redactor.redact(text)));
  return { safe: mapStrings(raw, safely, safely) as Result, safely };
}

/** The second half: fitted to the token limit, and written as text. */
export function written(
  tool: AnyTool,
  { safe, safely }: Gated,
  args: Result,
  maxTokens: number,
  said: Said = {},
): Answer {
  const tag = holdsUntrusted(tool.output) ? newTag() : undefined;
  const render = last((result: Result) => {
    const own = tool.text?.(mapUntrusted(tool.output, result, goOn) as Result, args);
    // A text that a tool writes itself has not passed the gate; a text written here is made of what has.
    const { head: bare, data = '', file } = own ? (mapStrings(plain(own), safely) as AnswerText) : textOf(tool, result);
    const head = headOf(bare, said, () => holdsDay(args) || holdsDay(result));
    const body = data === '' || tag === undefined ? data : fence(data, tag);
    const hint = typeof result.hint === 'string' ? result.hint : '';
    return { text: [head, body, hint].filter(Boolean).join('\n'), ...(file && { file }) };
  });
  const measured = (some: Result) => {
    const { text, file } = render(some);
    return `${text}${file?.text ?? ''}`;
  };
  const { result } = fit(safe, maxTokens, measured, tool);
  return { structured: withoutPrivate(result), ...render(result) };
}

/** Longer texts hardly ever come twice in an answer; statuses, names and days come in every row. */
const SHORT = 200;

/** Works out the change only once for a short text, however often it comes. */
function once(change: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length > SHORT) return change(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = change(text);
    known.set(text, after);
    return after;
  };
}

/** Keeps what was made of the last value for as long as the same value comes. */
function last<V, T>(make: (value: V) => T): (value: V) => T {
  let kept: { value: V; made: T } | undefined;
  return (value) => {
    if (kept === undefined || kept.value !== value) kept = { value, made: make(value) };
    return kept.made;
  };
}

/** True if a value is a day, or holds one. */
function holdsDay(value: unknown): boolean {
  if (typeof value === 'string') return isDay(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsDay);
}

/** The head, with its customer in front, the note after its first line, and the zone of its days at the end. */
function headOf(bare: string, { customer, note, zone = UTC }: Said, hasDays: () => boolean): string {
  const [first = '', ...lines] = bare.split('\n');
  const noted = note === undefined ? first : first === '' ? note : `${first} (${note})`;
  const led = customer === undefined ? noted : `Customer ${customer}${noted === '' ? '' : `: ${noted}`}`;
  const head = [led, ...lines].join('\n');
  const days = zone.isUtc || !hasDays() ? '' : `Days are those of ${zone.name}.`;
  return [head, days].filter(Boolean).join('\n');
}

/** Marks each line of foreign text after its first, wherever a tool writes it. */
const goOn = (text: string) => text.replaceAll('\n', '\n| ');

/** What the header and the table of a list say; the rest of its result goes below them. */
const OF_A_LIST: readonly string[] = ['items', 'page', 'page_size', 'total', 'next_page', 'omitted', 'hint'];

function textOf(tool: AnyTool, result: Result): AnswerText {
  const items = tool.output.shape.items;
  if (items instanceof z.ZodArray && Array.isArray(result.items)) {
    const columns = items.element instanceof z.ZodObject ? Object.keys(items.element.shape) : [];
    const text = listText(tool.name, columns, result);
    const beside = Object.entries(result).filter(([key]) => !OF_A_LIST.includes(key) && !key.startsWith('_'));
    const data = [text.data, beside.length > 0 ? record(Object.fromEntries(beside)) : ''].filter(Boolean).join('\n\n');
    return { ...text, ...(data !== '' && { data }) };
  }
  const { hint: _hint, omitted: _omitted, ...rest } = result;
  return { head: '', data: record(rest) };
}

/**
 * A page of a list: `50 of 717 tickets, page 1; next: page 2`, and its table. If the total is not proved, `25 of at
 * least 75` counts what the pages up to this one hold.
 */
export function listText(
  tool: string,
  columns: readonly string[],
  { items, page, page_size: size, total, next_page, omitted }: Result,
): AnswerText {
  const rows = Array.isArray(items) ? (items as Result[]) : [];
  const noun = tool.replace(/^list_/, '').replaceAll('_', ' ');
  const before = typeof page === 'number' && typeof size === 'number' ? (page - 1) * size : 0;
  const least = before + rows.length + (typeof omitted === 'number' ? omitted : 0);
  const unproved = total === null && rows.length > 0 ? ` of at least ${least}` : '';
  const of = typeof total === 'number' ? ` of ${total}` : unproved;
  const where = typeof page === 'number' ? `, page ${page}` : '';
  const next = typeof next_page === 'number' ? `; next: page ${next_page}` : '';
  const head = `${rows.length}${of} ${noun}${where}${next}`;
  return rows.length === 0 ? { head } : { head, data: table(rows, columns) };
}
