import { didYouMean } from '../config/index.js';
import { guardProcess } from '../core/contain/guard.js';
import type { Session } from '../core/session.js';
import { readArgs } from './arguments.js';
import { askPerson } from './ask.js';
import { draw } from './draw.js';
import { complain, print, terminalWidth, UsageError } from './print.js';
import { progressLine } from './progress.js';
import { prepare, type StartFlags, started } from './start.js';

interface CallFlags extends StartFlags {
  args?: string;
  json?: boolean;
  yes?: boolean;
}

/**
 * `halo-mcp call TOOL`: one tool from the terminal, through the same chain as an assistant's call. On a terminal tables
 * are drawn; piped, it is the tool's own text. Before a change it asks.
 */
export async function callCommand(name: string, words: string[], flags: CallFlags): Promise<void> {
  // On the terminal's own stderr: what is printed once packs load is told line by line.
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
    const text = result.content
      .map((part) => (part.type === 'text' ? shown(part.text) : part.resource.text))
      .join('\n');
    if (result.isError) {
      complain(text);
      process.exitCode = 1;
    } else print(flags.json ? JSON.stringify(result.structuredContent, null, 2) : text);
  } finally {
    stop();
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
