import { estimateTokenCount } from 'tokenx';
import { cut, mapStrings } from './clean.js';

/** Tokens of a text, on the safe side: the estimate counts 0.67 to 0.87 of what models count on tab-separated tables. */
export const tokensOf = (text: string): number => Math.ceil(estimateTokenCount(text) * 1.5);

type Result = Record<string, unknown>;

const isTable = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.some((v) => typeof v === 'object' && v !== null);

/**
 * Makes a result fit into so many tokens of text: whole rows are kept, `omitted` counts the rest, and `hint` says how to
 * go on. A list keeps its first rows and gives no next page, so that nothing is skipped; a record's lists are cut alike.
 * Totals never change.
 */
export function fit(
  result: Result,
  maxTokens: number,
  render: (result: Result) => string,
): { result: Result; text: string } {
  const text = render(result);
  if (tokensOf(text) <= maxTokens) return { result, text };
  const longest = Math.max(0, ...Object.values(result).map((v) => (isTable(v) ? v.length : 0)));
  let [low, high] = [0, longest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (tokensOf(render(keep(result, middle))) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  let fitted = keep(result, low);
  for (const most of SHORTER) {
    if (tokensOf(render(fitted)) <= maxTokens) break;
    fitted = mapStrings(fitted, (text) => cut(text, most)) as Result;
  }
  return { result: fitted, text: render(fitted) };
}

/** Where no row could go any more, its long texts are shortened, each with what is missing. */
const SHORTER = [2000, 500, 120, 40];

/** The result with at most so many rows in each of its lists. */
function keep(result: Result, most: number): Result {
  return Array.isArray(result.items) ? keepRows(result, result.items, most) : keepParts(result, most);
}

function keepRows(result: Result, items: unknown[], most: number): Result {
  if (most >= items.length) return result;
  const page = Number(result.page ?? 1);
  const served = Number(result.page_size ?? items.length);
  const size = nextSize(served, most);
  // Cut at a multiple of the size to go on with, so that the next call starts at the first row that is missing.
  const kept = Math.floor(most / size) * size;
  const next = Math.floor(((page - 1) * served + kept) / size) + 1;
  const hint = `Too long: ${items.length - kept} of this page's ${items.length} rows are left out. Go on with page_size=${size}, page=${next}.`;
  return { ...result, items: items.slice(0, kept), next_page: null, omitted: items.length - kept, hint };
}

/** The largest page size that divides the one served and fits with a quarter to spare. */
function nextSize(served: number, fits: number): number {
  for (let size = Math.floor(fits * 0.75); size > 1; size -= 1) if (served % size === 0) return size;
  return 1;
}

function keepParts(result: Result, most: number): Result {
  let omitted = Number(result.omitted ?? 0);
  const cut: string[] = [];
  const kept = Object.fromEntries(
    Object.entries(result).map(([key, value]) => {
      if (!isTable(value) || value.length <= most) return [key, value];
      omitted += value.length - most;
      cut.push(`${value.length - most} of ${value.length} ${key}`);
      return [key, value.slice(0, most)];
    }),
  );
  if (cut.length === 0) return result;
  const hint = [
    result.hint,
    `Too long: ${cut.join(' and ')} are left out. Ask for less, or use the list tool for them.`,
  ]
    .filter(Boolean)
    .join(' ');
  return { ...kept, omitted, hint };
}
