import { serveStdio } from '../core/host/stdio.js';
import { identity } from './identity.js';
import { prepare, type StartFlags } from './start.js';

/** `halo-mcp [serve]`: the MCP server on stdin and stdout. */
export async function serve(flags: StartFlags): Promise<void> {
  const { load, log, stop } = await prepare(flags);
  try {
    await serveStdio(load, identity, log);
  } catch (error) {
    // A sandbox that was started would keep this process alive.
    stop();
    throw error;
  }
}
