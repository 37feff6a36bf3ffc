import { guardProcess } from '../core/contain/guard.js';
import { serveStdio } from '../core/host/stdio/stdio.js';
import { identity } from './identity.js';
import { UsageError } from './print.js';
import { prepare, type StartFlags, started } from './start.js';
import { tracingOf } from './tracing.js';

/** How long slow plugins may delay the others, and the handshake. */
const GRACE_MS = 250;

export interface ServeFlags extends StartFlags {
  /** An address, or true for the usual one. */
  http?: string | true | undefined;
  behindProxy?: boolean;
  /** False for `--no-auth`. */
  auth?: boolean;
  sessions?: boolean;
  /** An address, or true for the usual one. */
  metrics?: string | true;
}

/** `halo-mcp [serve]`: the MCP server on stdin and stdout, or over HTTP. */
export async function serve(flags: ServeFlags): Promise<void> {
  if (flags.http !== undefined) return (await import('./serve-http.js')).serveOverHttp(flags);
  const stray = [
    ...(flags.behindProxy ? ['--behind-proxy'] : []),
    ...(flags.auth === false ? ['--no-auth'] : []),
    ...(flags.sessions ? ['--sessions'] : []),
    ...(flags.metrics === undefined ? [] : ['--metrics']),
  ];
  if (stray.length > 0) throw new UsageError(`${stray.join(', ')} is for the team server. Add --http HOST:PORT.`);
  const { load, log, redactor, stop } = await prepare(flags, { graceMs: GRACE_MS, lenient: true, goesOn: true });
  // Taken before other code can read from it.
  const { stdin } = process;
  const stdout = guardProcess(log, redactor);
  const tracing = await tracingOf();
  const open = async () => started(await load({ tracer: tracing?.tracer })).session;
  const { code, message } = await serveStdio(open, identity, { log, redactor }, { stdin, stdout });
  if (message !== undefined) process.stderr.write(`${message}\n`);
  // A running sandbox would keep this process alive.
  stop();
  await tracing?.end();
  process.exit(code);
}
