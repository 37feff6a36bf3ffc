import { didYouMean } from '../config/index.js';
import { complain, print, UsageError } from './print.js';
import { prepare, type StartFlags } from './start.js';

/** `halo-mcp call TOOL`: one tool from the terminal, through the same chain as an assistant's call. */
export async function callCommand(tool: string, flags: StartFlags & { args?: string; json?: boolean }): Promise<void> {
  const args = parse(flags.args);
  const { load, stop } = await prepare(flags, { quiet: true });
  try {
    const core = await load();
    const result = await core.call(tool, args);
    if (result === undefined) {
      const names = core.catalog.on.map((entry) => entry.tool.name);
      throw new UsageError(
        `No tool named "${tool}" is on.${didYouMean(tool, names) || ` Tools: ${names.join(', ')}.`} \`halo-mcp tools --why ${tool}\` says why.`,
      );
    }
    const text = result.content.map((part) => (part.type === 'text' ? part.text : part.resource.text)).join('\n');
    if (result.isError) {
      complain(text);
      process.exitCode = 1;
    } else print(flags.json ? JSON.stringify(result.structuredContent, null, 2) : text);
  } finally {
    stop();
  }
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    const args: unknown = JSON.parse(text);
    if (typeof args === 'object' && args !== null && !Array.isArray(args)) return args;
  } catch {
    // Told below, as every text that is no object.
  }
  throw new UsageError(`--args is no JSON object. Give it as --args '{"page_size": 5}'.`);
}
