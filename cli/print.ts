import { styleText } from 'node:util';
import { clean } from '../core/output/clean.js';
import { withoutHaloSecret } from '../core/secret-form.js';

/** The real streams: what others print is diverted once packs load. */
const { stdout, stderr } = process;

/** From now on a reader that stops early (`halo-mcp tools | head`) ends the process, without an error. */
export function endWithReader(): void {
  stdout.on('error', () => process.exit(0));
}

/** A line on stdout, for commands that talk to a person. Never used while the server runs on stdio. */
export function print(text = ''): void {
  stdout.write(`${text}\n`);
}

/** Sentences on stdout for a person. A terminal gets them wrapped between words. */
export function say(text: string): void {
  print(flowing(text, stdout));
}

/**
 * Sentences on stderr for a person, cleaned so that text from a config or an argument can't control the terminal, and
 * without a client secret that was typed in the place of something else: clients keep what a server writes.
 */
export function complain(text: string): void {
  // Looked up on each call: once packs load, stderr passes the redactor.
  process.stderr.write(`${flowing(withoutHaloSecret(clean(text)), stderr)}\n`);
}

/** Ends the process once everything is written, whatever a plugin still has running. */
export function leave(): void {
  // Unhandled rejections are reported first.
  stdout.write('', () => stderr.write('', () => setImmediate(() => process.exit())));
}

/** Colours text on a terminal, unless NO_COLOR is set. */
export function paint(colour: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string): string {
  // Checked here: styleText would check process.stdout, which is no longer print's stream once packs load.
  return stdout.isTTY && !process.env.NO_COLOR ? styleText(colour, text, { validateStream: false }) : text;
}

/** The columns to write in: the terminal's, at most 80 for readable lines. Some terminals report 0. */
export const columns = (): number => Math.max(40, Math.min(stdout.columns || 80, 80));

/** Wraps text between words into lines of at most `width` characters, including the indent of each line. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}

/** Wraps text for a stream's terminal. A line that begins with a blank or a bracket (a command or JSON) stays whole. */
export function flowing(text: string, { isTTY, columns: wide }: { isTTY?: boolean; columns?: number }): string {
  if (!isTTY) return text;
  const width = wide || 80;
  return text.replace(/^[^\s[{}\]].*$/gm, (line) => (line.length > width ? wrap(line, width) : line));
}

/** The columns that a table may fill: all of the terminal's. Undefined if stdout is not a terminal. */
export const terminalWidth = (): number | undefined => (stdout.isTTY ? stdout.columns || 80 : undefined);

/** A usage error: one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A failure in our own words, which go to stderr; exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** True if there is a person to ask. */
export const isInteractive = (): boolean => Boolean(process.stdin.isTTY && stdout.isTTY);
