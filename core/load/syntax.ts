import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How long Node may take to check one file. */
const CHECK_MS = 5000;

/**
 * Where the syntax of a module is wrong, if that is why it could not be imported: ` in /plugins/on-call.mjs, line 4`.
 * Of an ES module's fault Node tells nobody the place but itself, so it is asked to check the file, which runs none of it.
 */
export async function placeOfSyntax(error: unknown, file: string): Promise<string> {
  const { name, stack } = Object(error) as { name?: unknown; stack?: unknown };
  if (name !== 'SyntaxError') return '';
  const told = placeIn(String(stack)) ?? (await placeInFile(file));
  return told === undefined ? '' : ` in ${told.file}, line ${told.line}`;
}

/** Where the syntax of this file is wrong, if it is. */
export const placeInFile = async (file: string): Promise<Place | undefined> => placeIn(await checked(file));

interface Place {
  file: string;
  line: number;
}

/** The place at the head of Node's report of a fault. */
function placeIn(report: string): Place | undefined {
  const [, url, path = '', line] = /^(?:(file:\/\/\S+)|([^\n]*\.[cm]?js)):(\d+)\n/.exec(report) ?? [];
  return line === undefined ? undefined : { file: url === undefined ? path : fileURLToPath(url), line: Number(line) };
}

const checked = (file: string): Promise<string> =>
  new Promise((done) => {
    const options = { timeout: CHECK_MS, env: {}, windowsHide: true };
    execFile(process.execPath, ['--check', file], options, (_, __, stderr) => done(stderr));
  });
