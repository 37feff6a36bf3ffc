import type { guardProcess } from '../core/contain/guard.js';
import { placeOf } from '../core/host/http/address.js';
import { type Common, type HttpOptions, type HttpParts, refuseOpenDoors, serveHttp } from '../core/host/http/http.js';
import { identity } from './identity.js';
import { complain, UsageError } from './print.js';
import type { ServeFlags } from './serve.js';
import { prepare } from './start.js';
import { tokensFile } from './token/file.js';

const USUAL = { host: '127.0.0.1', port: 8787 };
/** What comes by hand, so that serving on stdio loads one file and no more. */
interface Shared extends Common {
  guardProcess: typeof guardProcess;
}

/** So long slow plugins hold up the others. */
const GRACE_MS = 1000;

/** `halo-mcp serve --http`: the MCP server for a team. */
export async function serveOverHttp(flags: ServeFlags, { guardProcess: guard, ...common }: Shared): Promise<void> {
  const { http: address, auth = true, behindProxy = false, sessions = false } = flags;
  const place = typeof address === 'string' ? placeOf(address, USUAL) : USUAL;
  if (place === undefined)
    throw new UsageError(`--http ${address} is no address. Write HOST:PORT, such as 127.0.0.1:8787.`);
  const { load, log, redactor, stop, settings, http } = await prepare(flags, { all: true, graceMs: GRACE_MS });
  const { hosts, origins, trustedProxies, callsPerMinute } = http;
  const options: HttpOptions = {
    ...{ place, auth, behindProxy, sessions, hosts, origins, trustedProxies, callsPerMinute },
    tokens: tokensFile(settings, http),
  };
  refuseOpenDoors(options);
  guard(log, redactor);
  const parts: HttpParts = {
    ...{ ...common, identity, gate: { log, redactor } },
    load: (onCall) => load({ onCall }),
  };
  const { code, message } = await serveHttp(parts, options);
  if (message !== undefined) complain(message);
  stop();
  process.exit(code);
}
