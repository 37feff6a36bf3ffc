import { guardProcess } from '../core/contain/guard.js';
import { send } from '../core/halo/http.js';
import { answersOf } from '../core/host/handlers/answers.js';
import { type Place, placeOf } from '../core/host/http/address.js';
import { serveHttp } from '../core/host/http/http.js';
import { type HttpOptions, type HttpParts, refuseOpenDoors } from '../core/host/http/options.js';
import { identity } from './identity.js';
import { oauthOf } from './oauth.js';
import { complain, UsageError } from './print.js';
import type { ServeFlags } from './serve.js';
import { prepare } from './start.js';
import { tokensFile } from './token/file.js';
import { tracingOf } from './tracing.js';

/** The default addresses of the server and of its metrics. */
const USUAL = { http: { host: '127.0.0.1', port: 8787 }, metrics: { host: '127.0.0.1', port: 9464 } };
/** How long slow plugins may delay the others. */
const GRACE_MS = 1000;

/** `halo-mcp serve --http`: the MCP server for a team. */
export async function serveOverHttp(flags: ServeFlags): Promise<void> {
  const { auth = true, behindProxy = false, sessions = false } = flags;
  const place = placeFor('http', flags.http);
  const metrics = flags.metrics === undefined ? undefined : placeFor('metrics', flags.metrics);
  const manner = { all: true, graceMs: GRACE_MS, goesOn: true };
  const { load, log, redactor, stop, settings, http, wayTo, store } = await prepare(flags, manner);
  const { hosts, origins, trustedProxies, callsPerMinute } = http;
  const options: HttpOptions = {
    ...{ place, metrics, auth, behindProxy, sessions, hosts, origins, trustedProxies, callsPerMinute },
    tokens: tokensFile(settings, http),
    oauth: auth ? oauthOf(settings, { ...http, wayTo }, redactor) : undefined,
  };
  refuseOpenDoors(options);
  guardProcess(log, redactor);
  const tracing = await tracingOf();
  const parts: HttpParts = {
    ...{ answersOf, send, identity, gate: { log, redactor } },
    load: (onCall) => load({ onCall, tracer: tracing?.tracer }),
    store,
  };
  const { code, message } = await serveHttp(parts, options, () => process.exit(0));
  if (message !== undefined) complain(message);
  stop();
  await tracing?.end();
  process.exit(code);
}

/** @throws UsageError if it is not an address */
function placeFor(flag: keyof typeof USUAL, given: string | true | undefined): Place {
  const place = typeof given === 'string' ? placeOf(given, USUAL[flag]) : USUAL[flag];
  if (place !== undefined) return place;
  throw new UsageError(`--${flag} ${given} is not an address. Write HOST:PORT, such as 127.0.0.1:${USUAL[flag].port}.`);
}
