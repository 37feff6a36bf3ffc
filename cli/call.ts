import { resolve } from 'node:path';
import { didYouMean } from '../config/index.js';
import { guardProcess } from '../core/contain/guard.js';
import type { Session } from '../core/session.js';
import type { Settings } from '../core/settings.js';
import { readArgs } from './arguments.js';
import { askPerson } from './ask.js';
import { draw } from './draw.js';
import { AS_FILE, contentOf, divide, partsOf, writeOut } from './out.js';
import { everyPage, partOf } from './pages.js';
import { complain, print, terminalWidth, UsageError } from './print.js';
import { progressLine } from './progress.js';
import { prepare, type StartFlags, started } from './start.js';

interface CallFlags extends StartFlags {
  args?: string;
  json?: boolean;
  yes?: boolean;
  out?: string;
  all?: boolean;
}

/**
 * `halo-mcp call TOOL`: one tool from the terminal, through the same chain as an assistant's call. A terminal gets
 * drawn tables, a pipe the tool's own text. `--out` writes what the file's name promises: the table of a list, or the
 * file that the tool makes (.csv), the structured answer (.json), or the text. `--all` walks the pages of a list, each a
 * call of its own, which waits its turn as any other does; what one has read of Halo the next ones read again from
 * memory, as a list whose rows are chosen here is looked through from its start for each page. It asks before a change.
 */
export async function callCommand(name: string, words: string[], flags: CallFlags): Promise<void> {
  // Taken before packs load: from then on stderr is written line by line.
  const progress = progressLine();
  if (flags.all && !flags.json && !/\.(csv|json)$/i.test(flags.out ?? ''))
    throw new UsageError('--all is for a file or for JSON. Add --out FILE.csv, --out FILE.json or --json.');
  const { settings, load, log, redactor, stop } = await prepare(flags, { quiet: true });
  guardProcess(log, redactor);
  try {
    const { customer, session } = started(await load(flags.all ? { settings: unbounded(settings) } : {}));
    if (flags.all) customer.client.keep();
    const tool = session.tools().find((one) => one.name === name);
    const content = flags.out === undefined || tool === undefined ? undefined : contentOf(flags.out, flags.json, tool);
    const asked = readArgs(words, flags.args, tool?.inputSchema);
    const args = content === 'file' ? { ...asked, ...AS_FILE } : asked;
    const caller = { onProgress: progress.report, confirm: askPerson(flags.yes === true), insists: true };
    const call = (some: Record<string, unknown>) => session.call(name, some, caller);
    const result = flags.all && tool !== undefined ? await everyPage(call, args, tool) : await call(args);
    if (result.code === 'UNKNOWN_TOOL') throw notOn(name, session);
    progress.clear();
    const { json, text, files } = partsOf(result);
    if (result.isError) {
      complain(shown(text));
      process.exitCode = 1;
    } else if (flags.out === undefined || content === undefined)
      print(flags.json ? json : [shown(text), ...files.map((file) => `${BELOW}\n${file}`)].join('\n\n'));
    else {
      const { file, said } = await divide(content, result);
      writeOut(flags.out, file);
      if (said !== undefined) print(shown(said));
      print(`Wrote ${resolve(flags.out)}.`);
      const part = partOf(result);
      if (part !== undefined) complain(part);
    }
  } finally {
    stop();
  }
}

/** The head of a file that the answer mentions and nothing is written to. */
const BELOW = 'The CSV file, which --out FILE.csv writes by itself:';

/** What no model reads needs no limit of its tokens. */
const unbounded = (settings: Settings): Settings => ({
  ...settings,
  output: { ...settings.output, maxTokens: Number.MAX_SAFE_INTEGER },
});

function notOn(name: string, { tools }: Session): UsageError {
  const names = tools().map((tool) => tool.name);
  const others = didYouMean(name, names) || ` Tools: ${names.join(', ')}.`;
  return new UsageError(`No tool named "${name}" is on.${others} \`halo-mcp tools --why ${name}\` says why.`);
}

function shown(text: string): string {
  const width = terminalWidth();
  return width === undefined ? text : draw(text, width);
}
