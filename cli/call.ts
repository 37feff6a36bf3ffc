import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../config/index.js';
import { guardProcess } from '../core/contain/guard.js';
import type { Session } from '../core/session.js';
import { readArgs } from './arguments.js';
import { askPerson } from './ask.js';
import { draw } from './draw.js';
import { complain, Failure, print, terminalWidth, UsageError } from './print.js';
import { progressLine } from './progress.js';
import { prepare, type StartFlags, started } from './start.js';
import { isThere } from './write-file.js';

interface CallFlags extends StartFlags {
  args?: string;
  json?: boolean;
  yes?: boolean;
  out?: string;
}

/**
 * `halo-mcp call TOOL`: one tool from the terminal, through the same chain as an assistant's call. A terminal gets
 * drawn tables, a pipe the tool's own text. `--out` writes the file that the tool made, or else its answer. It asks
 * before a change.
 */
export async function callCommand(name: string, words: string[], flags: CallFlags): Promise<void> {
  // Taken before packs load: from then on stderr is written line by line.
  const progress = progressLine();
  const { load, log, redactor, stop } = await prepare(flags, { quiet: true });
  guardProcess(log, redactor);
  try {
    const { session } = started(await load());
    const tool = session.tools().find((one) => one.name === name);
    const args = readArgs(words, flags.args, tool?.inputSchema);
    const caller = { onProgress: progress.report, confirm: askPerson(flags.yes === true), insists: true };
    const result = await session.call(name, args, caller);
    if (result.code === 'UNKNOWN_TOOL') throw notOn(name, session);
    progress.clear();
    const json = flags.json ? JSON.stringify(result.structuredContent, null, 2) : undefined;
    const texts = result.content.flatMap((part) => (part.type === 'text' ? part.text : []));
    const files = result.content.flatMap((part) => (part.type === 'text' ? [] : part.resource.text));
    if (result.isError) {
      complain(texts.map(shown).join('\n'));
      process.exitCode = 1;
    } else if (flags.out === undefined) print(json ?? [...texts.map(shown), ...files].join('\n'));
    else {
      // The file that the tool made, such as a CSV, or else its answer.
      const content = json ?? (files.length > 0 ? files : texts).join('\n');
      writeOut(flags.out, content);
      if (json === undefined && files.length > 0) print(texts.map(shown).join('\n'));
      print(`Wrote ${resolve(flags.out)}.`);
    }
  } finally {
    stop();
  }
}

/** Writes the file so that only its owner can read it, and replaces an existing one. @throws Failure if it can't */
function writeOut(file: string, content: string): void {
  const path = resolve(file);
  isThere(path);
  try {
    writeFileSync(path, content.endsWith('\n') ? content : `${content}\n`, { mode: 0o600 });
  } catch (error) {
    const { code = 'no reason given' } = error as { code?: string };
    throw new Failure(`${path} can't be written (${code}). Name a file in a folder that is there.`);
  }
}

function notOn(name: string, { tools }: Session): UsageError {
  const names = tools().map((tool) => tool.name);
  const others = didYouMean(name, names) || ` Tools: ${names.join(', ')}.`;
  return new UsageError(`No tool named "${name}" is on.${others} \`halo-mcp tools --why ${name}\` says why.`);
}

function shown(text: string): string {
  const width = terminalWidth();
  return width === undefined ? text : draw(text, width);
}
