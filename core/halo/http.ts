import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { HaloError } from '../errors.js';
import { LOOP } from '../output/pace.js';
import { agentsFor } from './agents.js';
import { readBody, Stalled } from './body.js';
import type { Incoming, Outgoing } from './message.js';
import { proxyFault } from './proxy-fault.js';
import { Passing } from './retry.js';
import { isTaken } from './taken.js';
import { cutOff, leniently, textReader } from './text.js';

export type { Incoming, Outgoing } from './message.js';

/** How much an answer may take. */
export interface Bounds {
  /** Largest body that is read, in decoded bytes. */
  maxBytes: number;
  /** For the whole exchange, from the connection to the end of the body. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Called when the connection is up and the request goes out: from here on Halo may have it. */
  onSent?: (() => void) | undefined;
}

const CONNECT_MS = 5000;
const HEADERS_MS = 20_000;
const MAX_HEADER_BYTES = 16_384;
/** A body that takes some milliseconds to read. */
const LARGE = 2 ** 20;

/**
 * Sends one request once: follows no redirect, and reads the body up to its cap, whatever its compression. got's own
 * errors carry the token and the form, so none of them gets out of here.
 * @throws Passing if the connection breaks or no headers come, the signal's own reason, and HaloError for everything
 * else that is not an answer
 */
export async function send(out: Outgoing, bounds: Bounds): Promise<Incoming> {
  const { got } = await import('got');
  const { signal, timeoutMs, onSent } = bounds;
  const agent = await agentsFor(out.proxy);
  signal.throwIfAborted();
  const { url, host, serverName } = placeOf(out);
  const stream = got.stream(url, {
    method: out.method,
    headers: { 'user-agent': 'halo-mcp', accept: 'application/json', ...out.headers, ...(host && { host }) },
    ...(out.form && { form: out.form }),
    ...(out.json !== undefined && { json: out.json }),
    // Without a body, got would wait for one.
    ...(out.method === 'DELETE' && { body: '' }),
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: there is no switch that sends a secret to whoever answers.
    https: { rejectUnauthorized: true, ...(serverName && { serverName }) },
    timeout: {
      lookup: CONNECT_MS,
      connect: CONNECT_MS,
      secureConnect: CONNECT_MS,
      response: Math.min(HEADERS_MS, timeoutMs),
      request: timeoutMs,
    },
  });
  // got spreads its options for a cache into a literal with more fields; V8 would give that a shape of its own, 20 KB,
  // for each request.
  stream.options.cacheOptions = {};
  // Whoever awaits the stream gets its errors; one that comes in between must not end the process.
  stream.on('error', () => undefined);
  if (onSent !== undefined) stream.once('request', (request: ClientRequest) => tellWhenSent(request, onSent));
  const abort = () => stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  let head: { statusCode: number; headers: Incoming['headers'] } | undefined;
  try {
    [head] = (await once(stream, 'response', { signal })) as [NonNullable<typeof head>];
    // An answer proves that the request was sent.
    onSent?.();
    refuseEncoding(head.headers);
    const { statusCode: status, headers } = head;
    const text = isTaken(status, out.method) ? textReader(headers) : leniently();
    const body = await readBody(stream as AsyncIterable<Buffer>, bounds.maxBytes, text);
    // Decoding took one go, and so will parsing: others get a turn in between.
    if (body.length > LARGE) await LOOP.giveBack();
    signal.throwIfAborted();
    return { status, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof HaloError || error instanceof Passing
      ? error
      : ((out.proxy && proxyFault(error, out.proxy)) ?? wrap(error, new URL(out.url).host, head !== undefined));
  } finally {
    signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}

/** Where a request goes and, if its address was looked up earlier, the host that must answer there. */
function placeOf({ url, at }: Outgoing): { url: string; host?: string; serverName?: string } {
  if (at === undefined) return { url };
  const { host, hostname } = new URL(url);
  const place = new URL(url);
  place.hostname = isIP(at) === 6 ? `[${at}]` : at;
  // A bare IP address has no name to check a certificate for.
  return { url: place.href, host, ...(place.hostname !== hostname && { serverName: hostname }) };
}

/** Nothing of a request leaves before its connection stands; one that was kept stands already. */
function tellWhenSent(request: ClientRequest, tell: () => void): void {
  const watch = (socket: Socket & { encrypted?: boolean; secureConnecting?: boolean }) => {
    if (!socket.connecting && socket.secureConnecting !== true) tell();
    else socket.once(socket.encrypted === true ? 'secureConnect' : 'connect', tell);
  };
  if (request.socket) watch(request.socket);
  else request.once('socket', watch);
}

/** got removes one layer of compression and its name; what is still named was not decoded. */
function refuseEncoding(headers: Incoming['headers']): void {
  if (!/^(identity)?$/i.test(String(headers['content-encoding'] ?? '')))
    throw new HaloError('HALO_NOT_JSON', "Halo's answer is compressed in a way that is not read.");
}

/** The host that an answer redirects to, if it names one. */
export function redirectHost({ headers }: Incoming): string {
  const location = String(headers.location ?? '');
  return URL.canParse(location) ? new URL(location).host : 'another address';
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;

/** What a library's error means, in our own words. */
function wrap(error: unknown, host: string, begun: boolean): HaloError | Passing {
  const { name, code = '', event = '' } = error as { name?: string; code?: string; event?: string };
  const cause = { name, code };
  const unreachable = (sentence: string) =>
    new Passing(new HaloError('HALO_UNREACHABLE', sentence, { cause }), 'unreachable');
  if (error instanceof Stalled || (name === 'TimeoutError' && begun))
    return new HaloError('HALO_TIMEOUT', "Halo's answer did not come whole in time.", { cause });
  if (name === 'TimeoutError') {
    if (/^(lookup|connect|secureConnect)$/.test(event)) return unreachable(`${host} does not answer.`);
    return new Passing(new HaloError('HALO_TIMEOUT', 'Halo did not answer in time.', { cause }), 'silent');
  }
  if (TLS.test(code)) return new HaloError('HALO_TLS', `The secure connection to ${host} failed (${code}).`, { cause });
  if (code.startsWith('HPE_'))
    return new HaloError('HALO_UNEXPECTED', `${host} sent a malformed answer (${code}).`, {
      cause,
      remedy: 'Check HALO_INSTANCE_URL: something other than Halo may answer there.',
    });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return unreachable(`The host ${host} can't be found.`);
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return unreachable(`${host} does not accept connections.`);
  return begun
    ? cutOff("The connection broke before Halo's answer was whole.")
    : unreachable(`The connection to ${host} broke before an answer came.`);
}
