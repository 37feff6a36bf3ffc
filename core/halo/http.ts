import { HaloError } from '../errors.js';

/** One request, as it leaves. */
export interface Outgoing {
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  /** Largest body that is read, in decoded bytes. */
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/** An answer of any status, its body whole. */
export interface Incoming {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const CONNECT_MS = 5000;
const HEADERS_MS = 20_000;

/**
 * Sends one request once: no retry, no redirect, the body read up to its cap whatever its compression.
 * got's own errors carry the token and the form, so none of them gets out of here.
 * @throws HaloError for everything but an answer
 */
export async function send(out: Outgoing): Promise<Incoming> {
  const { got } = await import('got');
  out.signal.throwIfAborted();
  const stream = got.stream(out.url, {
    method: out.method,
    headers: { 'user-agent': 'halo-mcp', accept: 'application/json', ...out.headers },
    ...(out.form && { form: out.form }),
    ...(out.json !== undefined && { json: out.json }),
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    timeout: {
      lookup: CONNECT_MS,
      connect: CONNECT_MS,
      secureConnect: CONNECT_MS,
      response: Math.min(HEADERS_MS, out.timeoutMs),
      request: out.timeoutMs,
    },
  });
  const abort = () => stream.destroy();
  out.signal.addEventListener('abort', abort, { once: true });
  try {
    let head: { statusCode: number; headers: Incoming['headers'] } | undefined;
    stream.once('response', (response) => {
      head = response;
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > out.maxBytes)
        throw new HaloError(
          'HALO_TOO_LARGE',
          `Halo's answer is larger than ${Math.round(out.maxBytes / 2 ** 20)} MiB and was not read.`,
        );
      chunks.push(chunk);
    }
    out.signal.throwIfAborted();
    if (head === undefined)
      throw new HaloError('HALO_UNREACHABLE', 'The connection to Halo broke before an answer came.');
    return { status: head.statusCode, headers: head.headers, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    out.signal.throwIfAborted();
    throw error instanceof HaloError ? error : wrap(error, new URL(out.url).host);
  } finally {
    out.signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}

/** Where an answer redirects to, as far as it says so: the host alone. */
export function redirectHost({ headers }: Incoming): string {
  const location = String(headers.location ?? '');
  return URL.canParse(location) ? new URL(location).host : 'another address';
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;

function wrap(error: unknown, host: string): HaloError {
  const { name, code = '' } = error as { name?: string; code?: string };
  const cause = { name, code };
  if (name === 'TimeoutError') return new HaloError('HALO_TIMEOUT', 'Halo did not answer in time.', { cause });
  if (TLS.test(code)) return new HaloError('HALO_TLS', `The secure connection to ${host} failed (${code}).`, { cause });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new HaloError('HALO_UNREACHABLE', `The host ${host} can't be found.`, { cause });
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return new HaloError('HALO_UNREACHABLE', `${host} does not accept connections.`, { cause });
  return new HaloError('HALO_UNREACHABLE', `The connection to ${host} broke before the answer was whole.`, { cause });
}

/** Lists and objects in one answer: more would take ten times its length in memory. A hundred rows have some thousands. */
const MOST_PARTS = 250_000;

/**
 * The body as JSON.
 * @throws HaloError HALO_NOT_JSON for a web page or another type, HALO_CUT_OFF for JSON that ends too early,
 * HALO_TOO_LARGE for one that would swell when read
 */
export function parseJson({ body, headers }: Incoming): unknown {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const text = body.replace(/^\uFEFF/, '').trim();
  if (type.includes('html') || text.startsWith('<'))
    throw new HaloError('HALO_NOT_JSON', 'Halo answered with a web page in place of data.');
  if (text === '') throw new HaloError('HALO_CUT_OFF', "Halo's answer was empty.");
  if (partsOf(text) > MOST_PARTS)
    throw new HaloError('HALO_TOO_LARGE', "Halo's answer holds too many parts and was not read.");
  try {
    return JSON.parse(text);
  } catch {
    if (type !== '' && !type.includes('json'))
      throw new HaloError('HALO_NOT_JSON', 'Halo answered with something other than JSON.');
    throw new HaloError('HALO_CUT_OFF', "Halo's answer was cut off.");
  }
}

/** How many lists and objects a text opens, at the most: those inside of its strings are counted as well. */
function partsOf(text: string): number {
  if (text.length <= MOST_PARTS) return 0;
  let parts = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) parts += 1;
  }
  return parts;
}
