/** The ids that code, tests and pages name: of the revenue rules, and of faults. */
import { readdirSync, readFileSync } from 'node:fs';

/** The paths of all files under these folders; a missing folder has none. */
export function filesIn(folders: readonly string[], ending = '.ts'): string[] {
  return folders.flatMap((folder) => {
    try {
      const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      return paths.filter((path) => path.endsWith(ending)).map((path) => `${folder}/${path}`);
    } catch {
      return [];
    }
  });
}

export const textOfAll = (files: readonly string[]) => files.map((file) => readFileSync(file, 'utf8')).join('\n');

/** Rows, amounts, run rate, contracts, classes; and those that may come: one client, kinds, renewals, leaks, trends, bridge. */
const RULE = /(?<![\w:.-])(C-[a-e]|[RAMCOKNLTB](?:[1-9]|1\d))(?![\w-]|:\d|\.\d)/g;
/** `R1-R5` and `C-a to C-c` include those between. */
const SPAN = /(?<![\w-])([RAMCOKNLTB])(\d{1,2})-\1(\d{1,2})(?![\w-])/g;

/** Every rule that a text names. */
export function rulesIn(text: string): Set<string> {
  const spans = [...text.matchAll(SPAN)].flatMap(([, letter, first, last]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${letter}${Number(first) + index}`),
  );
  const alone = [...text.replaceAll(SPAN, ' ').matchAll(RULE)].map(([, id = '']) => id);
  return new Set([...spans, ...alone]);
}

/** Every fault that a text names: a letter of its kind and two digits. `'T23'` alone is an hour. */
export const faultsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/(?<![\w-])([FSPDUHW]\d{2}|T\d{2}(?!'))(?![\w:-])/g)].map(([, id = '']) => id));

/** The beginnings of quoted texts in a test file: names of tests, and the first cells of their tables. */
export const openings = (text: string): string =>
  [...text.matchAll(/['"`]([\w-]+)(?=[ '"`:,])/g)].map(([, word]) => word).join('\n');

export const sorted = (ids: Iterable<string>) => [...ids].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
