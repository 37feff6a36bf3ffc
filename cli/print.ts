import { styleText } from 'node:util';
import { clean } from '../core/output/clean.js';

/** The real streams: what others print is diverted once packs load. */
const { stdout, stderr } = process;
// A reader who has seen enough (`halo-mcp tools | head`) is no fault.
stdout.on('error', () => process.exit(0));

/** A line on stdout, for commands that talk to a person. Never used while the server runs on stdio. */
export function print(text = ''): void {
  stdout.write(`${text}\n`);
}

/** Sentences on stdout for a person, broken between words where a terminal would break them anywhere. */
export function say(text: string): void {
  print(flowing(text, stdout));
}

/** Sentences on stderr for the person who called the command; what a config or an argument put into it can't steer the terminal. */
export function complain(text: string): void {
  // As it is now: once packs load, it passes the gate.
  process.stderr.write(`${flowing(clean(text), stderr)}\n`);
}

/** Ends the process when all is written, whatever a plugin still has running. */
export function leave(): void {
  // Not before what failed with nobody waiting is told.
  stdout.write('', () => stderr.write('', () => setImmediate(() => process.exit())));
}

/** Text in a colour on a terminal, unless NO_COLOR is set; anywhere else as it is. */
export function paint(colour: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string): string {
  // Asked here, as it would ask the stream that print no longer is once packs load.
  return stdout.isTTY && !process.env.NO_COLOR ? styleText(colour, text, { validateStream: false }) : text;
}

/** Columns to write in: those of the terminal, 80 at most, so that lines stay readable. Some terminals say that they have 0. */
export const columns = (): number => Math.max(40, Math.min(stdout.columns || 80, 80));

/** Text broken between words into lines of so many characters at most, an indent included that begins each of them. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}

/** Text as it fits the terminal of a stream; a line that begins with a blank or a bracket, a command or JSON, stays whole. */
export function flowing(text: string, { isTTY, columns: wide }: { isTTY?: boolean; columns?: number }): string {
  if (!isTTY) return text;
  const width = wide || 80;
  return text.replace(/^[^\s[{}\]].*$/gm, (line) => (line.length > width ? wrap(line, width) : line));
}

/** Columns that a table may fill: all that the terminal has; undefined where stdout is piped or a file. */
export const terminalWidth = (): number | undefined => (stdout.isTTY ? stdout.columns || 80 : undefined);

/** A command that was called wrongly: one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command could not do, in our own words: they go to stderr, exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Whether a person sits there who can be asked. */
export const isInteractive = (): boolean => Boolean(process.stdin.isTTY && stdout.isTTY);
