import { writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { PublicTool } from '../core/output/schema.js';
import type { CallResult } from '../core/session.js';
import { Failure, UsageError } from './print.js';
import { isThere } from './write-file.js';

type Row = Record<string, unknown>;

/** What a file holds: the file that the tool makes, a list's rows, the structured answer, or the text. */
export type Content = 'file' | 'rows' | 'json' | 'text';

/** Names of other files for spreadsheets. */
const SHEETS = ['.xlsx', '.xls', '.xlsm', '.ods', '.numbers'];

/**
 * What a file of this name is to hold.
 * @throws UsageError if its name promises what the tool does not have
 */
export function contentOf(
  file: string,
  json: boolean | undefined,
  { name, inputSchema, outputSchema }: PublicTool,
): Content {
  const ending = extname(file).toLowerCase();
  if (SHEETS.includes(ending))
    throw new UsageError(`A ${ending} file can't be written. Name a .csv file, which spreadsheets open.`);
  if (ending !== '.csv') return json === true || ending === '.json' ? 'json' : 'text';
  if (json === true) throw new UsageError('A .csv file holds no JSON. Name a .json file, or leave out --json.');
  if (makesCsv(inputSchema)) return 'file';
  if (kindOf(outputSchema, 'items') === 'array') return 'rows';
  throw new UsageError(`${name} has no table for a .csv file. Name a .txt or a .json file.`);
}

/** The argument that has a tool make its file. */
export const AS_FILE = { format: 'csv' };

function makesCsv({ properties }: Row): boolean {
  const { format } = (properties ?? {}) as { format?: { enum?: unknown[] } };
  return format?.enum?.includes(AS_FILE.format) === true;
}

const kindOf = ({ properties }: Row, name: string): unknown =>
  (properties as Record<string, Row> | undefined)?.[name]?.type;

/** The parts of an answer. */
export const partsOf = ({ content, structuredContent }: CallResult) => ({
  json: JSON.stringify(structuredContent, null, 2),
  text: content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n'),
  files: content.flatMap((part) => (part.type === 'text' ? [] : part.resource.text)),
});

/** What goes into the file, and what is said beside it. */
export async function divide(content: Content, result: CallResult): Promise<{ file: string; said?: string }> {
  const { json, text, files } = partsOf(result);
  if (content === 'json') return { file: json };
  if (content === 'rows') return { file: await csv(result), said: besideRows(text, result) };
  return files.length > 0 ? { file: files.join('\n'), said: text } : { file: text };
}

/**
 * What an answer says beside its rows: how many of how many these are, which page comes next, what is left out. Why
 * nobody knows how many there are is said of any file, at the end.
 */
function besideRows(text: string, { structuredContent: answer }: CallResult): string {
  const [head = ''] = text.split(text.includes('\n<halo-data-') ? '\n<halo-data-' : '\n', 1);
  return [head, answer?.total === null ? undefined : answer?.hint].filter(Boolean).join('\n');
}

/** A list's rows, with the columns that any of them has. */
async function csv({ structuredContent }: CallResult): Promise<string> {
  const { csvOf } = await import('../revenue/index.js');
  const rows = (structuredContent?.items ?? []) as Row[];
  return csvOf(rows, [...new Set(rows.flatMap((row) => Object.keys(row)))]);
}

/** Writes the file so that only its owner can read it, and replaces an existing one. @throws Failure if it can't */
export function writeOut(file: string, content: string): void {
  const path = resolve(file);
  isThere(path);
  try {
    writeFileSync(path, content.endsWith('\n') ? content : `${content}\n`, { mode: 0o600 });
  } catch (error) {
    const { code = 'no reason given' } = error as { code?: string };
    throw new Failure(`${path} can't be written (${code}). Name a file in a folder that is there.`);
  }
}
