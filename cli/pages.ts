import type { PublicTool } from '../core/output/schema.js';
import type { CallResult } from '../core/session.js';
import { UsageError } from './print.js';

type Row = Record<string, unknown>;
type Call = (args: Row) => Promise<CallResult>;

/** What the answer of a list says of its pages. */
interface Listed {
  items: Row[];
  page_size: number;
  total: number | null;
  next_page: number | null;
  omitted?: number;
  hint?: string;
}

/** The pages of an answer; undefined if it is no list. */
const listed = ({ structuredContent }: CallResult): Listed | undefined =>
  Array.isArray(structuredContent?.items) ? (structuredContent as unknown as Listed) : undefined;

/**
 * What is to be said where an answer holds only a part of its list, or may: how much, how to have the rest, and why
 * nobody knows how much there is.
 */
export function partOf(result: CallResult): string | undefined {
  const list = listed(result);
  if (list === undefined) return undefined;
  const { items, total, next_page: next, omitted = 0, hint } = list;
  const rows = total === null ? `${rowsOf(items.length)}, and there are more` : `${items.length} of ${total} rows`;
  const part = next === null && omitted === 0 ? [] : [`The file holds ${rows}. Add --all to have every page.`];
  const told = [...part, ...(total === null && hint !== undefined ? [hint] : [])];
  return told.length > 0 ? told.join('\n') : undefined;
}

const rowsOf = (many: number) => `${many} row${many === 1 ? '' : 's'}`;

/**
 * All pages of a list as one answer; the first error ends it, as a list with a gap would look whole.
 * @throws UsageError if the tool has no pages
 */
export async function everyPage(call: Call, args: Row, tool: PublicTool): Promise<CallResult> {
  const most = sizeOf(tool);
  if (args.page !== undefined) throw new UsageError('--all begins with the first page. Leave page out.');
  const rows: Row[] = [];
  const earlier = new Set<string>();
  const hints = new Set<string>();
  // The size of the pages makes no difference to the answer, only to the number of calls.
  let [page, size] = [1, most];
  for (;;) {
    const result = await call({ ...args, page, page_size: size });
    const got = listed(result);
    if (result.isError || got === undefined) return result;
    // A row that came in meanwhile moves the others onto a page that is read later. Without an id, rows may look alike.
    rows.push(...got.items.filter((row) => row.id === undefined || !earlier.has(JSON.stringify(row))));
    for (const row of got.items) earlier.add(JSON.stringify(row));
    for (const sentence of sentencesOf(got.hint)) keep(sentence, hints);
    const { next_page: next, page_size: served } = got;
    if (next === null || next <= page) return joined(result, rows, got.total, hints);
    // Halo may serve fewer a page than it is asked for.
    [page, size] = [next, served];
  }
}

const sentencesOf = (text = '') => text.split(/(?<=[.!?]) /).filter((one) => one !== '');

/** Keeps each sentence once, and none of which another one has every word, in that order. */
function keep(sentence: string, hints: Set<string>): void {
  if ([...hints].some((one) => says(one, sentence))) return;
  for (const one of hints) if (says(sentence, one)) hints.delete(one);
  hints.add(sentence);
}

/** Whether a sentence has all words of another one, in their order. */
function says(sentence: string, other: string): boolean {
  const words = (text: string) => text.match(/[^\s,;:.]+/g) ?? [];
  const left = words(other);
  for (const word of words(sentence)) if (word === left[0]) left.shift();
  return left.length === 0;
}

/** The largest number of rows a page that the tool takes. @throws UsageError if it has no pages */
function sizeOf({ name, inputSchema, outputSchema }: PublicTool): number {
  const { page, page_size: size } = propertiesOf(inputSchema);
  const { items } = propertiesOf(outputSchema);
  if (page === undefined || size === undefined || items?.type !== 'array')
    throw new UsageError(`${name} has no pages. Leave --all out.`);
  return Number(size.maximum ?? 100);
}

const propertiesOf = ({ properties = {} }: Row) => properties as Record<string, Row | undefined>;

/** One answer of all rows. */
function joined(last: CallResult, items: readonly Row[], total: number | null, hints: Set<string>): CallResult {
  const read = `${rowsOf(items.length)} ${items.length === 1 ? 'was' : 'were'} read`;
  if (total !== null && total !== items.length)
    hints.add(`${read} where Halo counts ${total}: some came or went meanwhile. Call again.`);
  const hint = [...hints].join(' ');
  return {
    ...last,
    content: [{ type: 'text', text: rowsOf(items.length) }],
    structuredContent: {
      ...last.structuredContent,
      ...{ items, page: 1, page_size: items.length, total, next_page: null },
      ...(hint === '' ? { hint: undefined } : { hint }),
    },
  };
}
