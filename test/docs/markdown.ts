import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

export const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');

/** The code blocks of one language. */
export function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, tongue]) => tongue === language)
    .map(([, , code]) => code ?? '');
}

/** Links to files, without their anchors. */
export function fileLinks(markdown: string): string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target?.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Words between backticks, outside of code blocks. */
export function words(markdown: string): string[] {
  return [...prose(markdown).matchAll(/`([^`\n]+)`/g)].map(([, word]) => word ?? '');
}

/** The cells of the rows of the table whose header begins with this cell. */
export function tableOf(markdown: string, header: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.split('|')[1]?.trim() === header);
  if (start === -1) throw new Error(`no table begins with ${header}`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(start + 2, length === -1 ? undefined : start + length);
  return rows.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((text) => text.trim()),
  );
}

/** Backticked words of one cell. */
export const ticked = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');

const prose = (markdown: string) => markdown.replace(/^```[\s\S]*?^```$/gm, '');
