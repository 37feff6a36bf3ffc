// host/http/: MCP over HTTP for a team: who may call, what a request must look like, and a server's life. Only `serve
// --http` loads it.
import { type End, failed } from '../end.js';
import { quietEngine } from './engine.js';
import { type HttpOptions, type HttpParts, refuseOpenDoors } from './options.js';
import { startTeam } from './team.js';

/**
 * Serves MCP over HTTP. Resolves when the process should exit: after a signal, or if the start fails.
 * @param quit ends the process at once, at a second signal
 */
export async function serveHttp(parts: HttpParts, options: HttpOptions, quit: () => void): Promise<End> {
  const { log } = parts.gate;
  try {
    refuseOpenDoors(options);
    quietEngine(log);
    const team = await startTeam(parts, options);
    await signalled(quit);
    log.info({}, 'stopping: what is in flight is answered first');
    const lost = await team.stop();
    if (lost > 0) log.warn({ lost }, 'requests were cut off, as they took too long');
    return { code: 0 };
  } catch (error) {
    if (isPortFault(error))
      return {
        code: 1,
        message: `Nothing can listen on ${error.address ?? options.place.host}:${error.port ?? options.place.port} (${error.code}). Choose another address with --http HOST:PORT.`,
      };
    return failed(error, log);
  }
}

/** Resolves at the first signal to stop; a second one ends all waiting. */
function signalled(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let before = false;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (before) again();
        before = true;
        resolve();
      });
  });
}

const isPortFault = (error: unknown): error is NodeJS.ErrnoException & { address?: string; port?: number } =>
  error instanceof Error &&
  ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '');
