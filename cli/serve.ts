import { serveStdio } from '../core/host/stdio.js';
import { identity } from './identity.js';
import { prepare, type StartFlags } from './start.js';

/** So long slow plugins hold up the others, and the handshake. */
const GRACE_MS = 400;

/** `halo-mcp [serve]`: the MCP server on stdin and stdout. */
export async function serve(flags: StartFlags): Promise<void> {
  const { load, log, stdout } = await prepare(flags, { graceMs: GRACE_MS });
  await serveStdio(load, identity, log, stdout);
}
