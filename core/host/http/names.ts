import type { IncomingMessage } from 'node:http';
import type { Refusal } from './answer.js';

/** The host names that a request may use, and the pages that it may come from. */
export interface Names {
  hosts: readonly string[];
  origins: readonly string[];
}

/** A Host header: a name or an address, with an optional port. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::(\d{1,5}))?$/;

/** Names of the machine itself. Probes and tunnels use them wherever the server is bound. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses a request that uses another name than the server's, or comes from a page that is not listed: a browser can be
 * tricked into calling an address that it should not, and only these two headers show it.
 * @param own the address that the server is bound to
 */
export function guardNames({ hosts, origins }: Names, own: string): (req: IncomingMessage) => Refusal | undefined {
  const known = new Set([...LOOPBACK, own, ...hosts].map((name) => name.toLowerCase()));
  const isKnown = (host: string): boolean => {
    const [, name = ''] = HOST.exec(host) ?? [];
    return known.has(name) || (name !== '' && known.has(host));
  };
  const listed = new Set(origins.map(originOf));
  return (req) => {
    const host = headerOf(req, 'host')?.toLowerCase();
    if (host === undefined) return { status: 400, message: 'A request needs one Host header, and one only.' };
    if (!isKnown(host))
      return {
        status: 403,
        message: 'This server does not answer under that host name. Its operator lists names in "http.hosts".',
      };
    if (!headerNames(req).includes('origin')) return undefined;
    const origin = headerOf(req, 'origin');
    // One of the server's own pages, under a name that was accepted above.
    const isOwn = origin === `http://${host}` || origin === `https://${host}`;
    if (origin !== undefined && (isOwn || listed.has(origin))) return undefined;
    return {
      status: 403,
      message: 'Pages of that origin may not call this server. Its operator lists them in "http.origins".',
    };
  };
}

/** An origin as a browser writes it. */
const originOf = (text: string): string => (URL.canParse(text) ? new URL(text).origin : text);

const headerNames = ({ rawHeaders }: IncomingMessage) =>
  rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());

/** The only value of a header; undefined if there is none, or several: different readers might pick different ones. */
export function headerOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  return values.length === 1 ? values[0]?.trim() : undefined;
}

/** What a page of a listed origin may do; an origin that is not listed has already been refused. */
export function corsOf(req: IncomingMessage, origins: readonly string[]): Record<string, string> {
  const origin = headerOf(req, 'origin');
  if (origin === undefined || !origins.map(originOf).includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    vary: 'Origin',
    'access-control-expose-headers': 'Mcp-Session-Id, WWW-Authenticate, Retry-After',
    ...(req.method === 'OPTIONS' && {
      'access-control-allow-methods': 'POST, GET, DELETE, OPTIONS',
      'access-control-allow-headers':
        'Authorization, Content-Type, Accept, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-Id, Traceparent',
      'access-control-max-age': '600',
    }),
  };
}
