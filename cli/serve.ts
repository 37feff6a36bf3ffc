import { serveStdio } from '../core/host/stdio.js';
import { identity } from './identity.js';
import { prepare, type StartFlags } from './start.js';

/** `halo-mcp [serve]`: the MCP server on stdin and stdout. */
export async function serve(flags: StartFlags): Promise<void> {
  const { load, log } = await prepare(flags);
  await serveStdio(load, identity, log);
}
