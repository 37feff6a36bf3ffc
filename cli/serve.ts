import { guardProcess } from '../core/contain/guard.js';
import { serveStdio } from '../core/host/stdio/stdio.js';
import { identity } from './identity.js';
import { prepare, type StartFlags, started } from './start.js';

/** So long slow plugins hold up the others, and the handshake. */
const GRACE_MS = 250;

/** `halo-mcp [serve]`: the MCP server on stdin and stdout. */
export async function serve(flags: StartFlags): Promise<void> {
  const { load, log, redactor, stop } = await prepare(flags, { graceMs: GRACE_MS, lenient: true });
  // Before anybody else could read from it.
  const { stdin } = process;
  const stdout = guardProcess(log, redactor);
  const open = async () => started(await load()).session;
  const { code, message } = await serveStdio(open, identity, { log, redactor }, { stdin, stdout });
  if (message !== undefined) process.stderr.write(`${message}\n`);
  // A sandbox that was started would keep this process alive.
  stop();
  process.exit(code);
}
