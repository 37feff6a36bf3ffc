import { parseArgs } from 'node:util';
import { complain, endWithReader, leave } from './print.js';
import { serve } from './serve.js';

/** Errors whose words are our own. */
const OURS = new Set(['ConfigError', 'UsageError', 'HaloError', 'Failure']);

/** Runs the command that the process was started with. */
export async function run(): Promise<void> {
  // A crash prints no more than a caught error. Once packs load, the process guard takes over.
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return;
    fail(error);
    process.exit();
  });
  endWithReader();
  // Node opens its debugger on this signal, and any sender could then read the secret from memory.
  process.on('SIGUSR1', () => undefined);
  let goesOn = false;
  try {
    const flags = usualFlags(process.argv.slice(2));
    if (flags === undefined) goesOn = await (await import('./program.js')).command();
    else await serve(flags);
  } catch (error) {
    fail(error);
  }
  if (!goesOn) leave();
}

/** The flags of the start that clients make, read without the library that reads all others; undefined for any other. */
function usualFlags(args: string[]): { config?: string; customer?: string } | undefined {
  const options = { config: { type: 'string' }, customer: { type: 'string' } } as const;
  try {
    return parseArgs({ args: args[0] === 'serve' ? args.slice(1) : args, options }).values;
  } catch {
    return undefined;
  }
}

function fail(error: unknown): void {
  const name = (error as { name?: string }).name;
  if (error instanceof Error && OURS.has(String(name))) {
    complain((error as { line?: string }).line ?? error.message);
    process.exitCode = name === 'HaloError' || name === 'Failure' ? 1 : 2;
  } else {
    complain(unknownFault(error));
    process.exitCode = 1;
  }
}

/** For any other error, its kind and place only: its message is unchecked. */
function unknownFault(error: unknown): string {
  const { name, code, stack } = Object(error) as { name?: unknown; code?: unknown; stack?: unknown };
  const words = [name, code].filter((word) => typeof word === 'string' && /^\w{1,40}$/.test(word));
  const [, place] = /^ +at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(String(stack)) ?? [];
  const facts = [...words, ...(place === undefined ? [] : [`at ${place}`])].join(', ');
  return `INTERNAL: halo-mcp failed${facts === '' ? '' : ` (${facts})`}. Report it to whoever runs this server.`;
}
