import { serveStdio } from '../core/host/stdio.js';
import { identity } from './identity.js';
import { type StartFlags, start } from './start.js';

/** `halo-mcp [serve]`: the MCP server on stdin and stdout. */
export async function serve(flags: StartFlags): Promise<void> {
  const { core, log } = await start(flags);
  await serveStdio(core, identity, log);
}
