import { estimateTokenCount } from 'tokenx';
import type { AnyTool } from '../define.js';
import { HaloError } from '../errors.js';
import { cut, mapStrings } from './clean.js';

/** The estimate counts 0.67 to 0.87 of what models count on tab-separated tables. */
const SAFE = 1.5;

/** Tokens of a text, with a margin. */
export const tokensOf = (text: string): number => Math.ceil(estimateTokenCount(text) * SAFE);

/** Emoji, and scripts such as Chinese in which a character may take more than one token. */
const DENSE = /[©®‼⁉]|[^\0-\u0fff\u2000-\u206f]/;

/** True for a text short enough to fit for certain, which saves the slower estimate. */
export const isShort = (text: string, maxTokens: number): boolean =>
  text.length * SAFE <= maxTokens && !DENSE.test(text);

/** Bounds the length of a text whatever its tokens, since blanks cost none. */
const MOST_CHARACTERS_A_TOKEN = 8;

type Result = Record<string, unknown>;

/** How a tool's answer is cut. */
type Cutting = Pick<AnyTool, 'whenCut' | 'oldestFirst'>;

/**
 * Makes a result fit into this many tokens of text: whole rows are kept, `omitted` counts the rest, and `hint` says how
 * to go on. A list keeps its first rows and gives no next page, so that nothing is skipped; a record's lists are cut
 * alike, those that begin with the oldest at their start. If one row alone is too long, the lists inside it are cut,
 * then its texts. Totals never change.
 * @throws HaloError HALO_TOO_LARGE if nothing helps
 */
export function fit(
  result: Result,
  maxTokens: number,
  render: (result: Result) => string,
  cutting: Cutting = {},
): { result: Result; text: string } {
  const fits = (some: Result) => {
    const text = render(some);
    return (
      isShort(text, maxTokens) || (text.length <= maxTokens * MOST_CHARACTERS_A_TOKEN && tokensOf(text) <= maxTokens)
    );
  };
  const done = (some: Result) => ({ result: some, text: render(some) });
  if (fits(result)) return done(result);
  const rows = most(longest(result), 1, (n) => fits(keep(result, n, cutting)));
  let fitted = keep(result, rows, cutting);
  if (!fits(fitted)) {
    const whole = fitted;
    fitted = cutInner(
      whole,
      most(longestInner(whole), 0, (n) => fits(cutInner(whole, n, cutting))),
      cutting,
    );
  }
  for (const length of SHORTER) {
    if (fits(fitted)) break;
    fitted = shorten(fitted, length);
  }
  if (!fits(fitted) && !Array.isArray(result.items)) fitted = keep(fitted, 0, cutting);
  if (!fits(fitted))
    throw new HaloError('HALO_TOO_LARGE', `The answer does not fit into ${maxTokens} tokens.`, {
      remedy: 'Ask for less, or let whoever runs this server raise output.maxTokens.',
    });
  return done(fitted);
}

/** If one row is too long by itself, its texts are shortened, each saying what is missing. No figure is this long. */
const SHORTER = [2000, 500, 120, 40];

const shorten = ({ hint, ...result }: Result, length: number): Result => ({
  ...(mapStrings(result, (text) => cut(text, length)) as Result),
  ...(hint !== undefined && { hint }),
});

/** The largest number up to `high` that will do; `low` if none does. */
function most(high: number, low: number, willDo: (n: number) => boolean): number {
  let [from, to] = [low, Math.max(low, high)];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (willDo(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}

const longest = (result: Result) => Math.max(0, ...Object.values(result).map((v) => (Array.isArray(v) ? v.length : 0)));

/** The result with at most this many rows in each of its lists. */
function keep(result: Result, most: number, cutting: Cutting): Result {
  return Array.isArray(result.items) ? keepRows(result, result.items, most) : keepParts(result, most, cutting);
}

function keepRows(result: Result, items: unknown[], most: number): Result {
  if (most >= items.length) return result;
  const pages = 'page' in result && 'page_size' in result;
  const page = Number(result.page ?? 1);
  const served = Number(result.page_size ?? items.length);
  const size = nextSize(served, most);
  // Cut at a multiple of the next page size, so that the next call starts at the first missing row.
  const kept = pages ? Math.floor(most / size) * size : most;
  const next = Math.floor(((page - 1) * served + kept) / size) + 1;
  const how = pages ? `Go on with page_size=${size}, page=${next}.` : 'Ask for less.';
  const goOn = `Too long: ${items.length - kept} of this page's ${items.length} rows are left out. ${how}`;
  const hint = [result.hint, goOn].filter(Boolean).join(' ');
  const end = 'next_page' in result ? { next_page: null } : {};
  return { ...result, items: items.slice(0, kept), ...end, omitted: items.length - kept, hint };
}

/** The largest page size that divides the one served and fits with a quarter to spare. */
function nextSize(served: number, fits: number): number {
  for (let size = Math.floor(fits * 0.75); size > 1; size -= 1) if (served % size === 0) return size;
  return 1;
}

function keepParts(result: Result, most: number, cutting: Cutting): Result {
  const cuts: Cut[] = [];
  const kept = Object.fromEntries(
    Object.entries(result).map(([key, value]) => [
      key,
      Array.isArray(value) ? cutList(value, most, { key, cuts, ...cutting }) : value,
    ]),
  );
  return told(kept, result, cuts, cutting);
}

interface Cut {
  key: string;
  omitted: number;
  of: number;
}

function cutList(
  list: unknown[],
  most: number,
  { key, cuts, oldestFirst = {} }: { key: string; cuts: Cut[] } & Cutting,
): unknown[] {
  if (list.length <= most) return list;
  const time = oldestFirst[key];
  if (time !== undefined) return cutOldest(list as Result[], most, { key, cuts, time });
  cuts.push({ key, omitted: list.length - most, of: list.length });
  return list.slice(0, most);
}

/** The rows of the newest times; those of one time stay together. */
function cutOldest(list: Result[], most: number, { key, cuts, time }: { key: string; cuts: Cut[]; time: string }) {
  const first = list.findIndex((row, at) => list.length - at <= most && row[time] !== list[at - 1]?.[time]);
  const kept = first < 0 ? [] : list.slice(first);
  const times = (rows: Result[]) => new Set(rows.map((row) => row[time])).size;
  cuts.push({ key, omitted: times(list) - times(kept), of: times(list) });
  return kept;
}

/** The same for lists inside rows and parts, at any depth. */
function cutInner(result: Result, most: number, cutting: Cutting): Result {
  const cuts: Cut[] = [];
  const walk = (value: unknown, key: string, depth: number): unknown => {
    if (Array.isArray(value))
      return (depth > 1 ? cutList(value, most, { key, cuts, ...cutting }) : value).map((v) => walk(v, key, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k, depth + 1)]));
  };
  return told(walk(result, '', 0) as Result, result, cuts, cutting);
}

function longestInner(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) && depth > 1 ? value.length : 0;
  return Math.max(own, ...Object.values(value).map((v) => longestInner(v, depth + 1)));
}

/** The cut result with its count and a sentence that says what is left out. */
function told(
  kept: Result,
  result: Result,
  cuts: Cut[],
  { whenCut = 'Ask for less.', oldestFirst = {} }: Cutting,
): Result {
  if (cuts.length === 0) return result;
  const byKey = new Map<string, Cut>();
  for (const { key, omitted, of } of cuts) {
    const known = byKey.get(key) ?? { key, omitted: 0, of: 0 };
    byKey.set(key, { key, omitted: known.omitted + omitted, of: known.of + of });
  }
  const parts = [...byKey.values()].map(
    ({ key, omitted, of }) => `${key in oldestFirst ? 'the oldest ' : ''}${omitted} of ${of} ${key}`,
  );
  const hint = [result.hint, `Too long: ${parts.join(' and ')} are left out. ${whenCut}`].filter(Boolean).join(' ');
  const omitted = cuts.reduce((sum, one) => sum + one.omitted, Number(result.omitted ?? 0));
  return { ...kept, omitted, hint };
}
