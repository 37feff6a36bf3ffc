import { HaloError } from '../../core/errors.js';
import type { Bounds, Incoming, Outgoing } from '../../core/halo/http.js';
import { Passing } from '../../core/halo/retry.js';
import { pause } from '../core/halo/fake.js';

/** What happens to one request. */
export type Fate =
  | { kind: 'answer' | 'reset' | 'cut' | 'empty' | 'html' | 'silent' | 'stall' }
  /** The page before the requested one, labelled as such. */
  | { kind: 'repeat' }
  | { kind: 'status'; status: number; retryAfter?: number; dated?: boolean };

/** What goes wrong, and when. Times are seconds from the start. */
export interface Script {
  /** For requests to the API and to the log-in server, in order; later ones are answered. */
  fates: Fate[];
  tokenFates: Fate[];
  /** Nothing gets through in these spans. */
  outages: { from: number; seconds: number; server: 'api' | 'token' | 'both' }[];
  /** When all tokens become invalid. */
  revoked: number[];
  /** Milliseconds per answer, in order of requests, repeating. */
  latencies: number[];
  rows: number;
  /** The most rows on a page. */
  cap: number;
  /** Which page comes in place of each but the first; it claims to be the requested one. */
  paging: 'right' | 'before' | 'after' | 'first';
}

/** One request, as Halo saw it. */
export interface Entry {
  server: 'api' | 'token';
  route: string;
  /** `performance.now()` of its arrival and of its end. */
  at: number;
  ended: number;
  /** Their order among all arrivals and ends, since many share one moment. */
  order: { at: number; ended: number };
  fate: Fate | { kind: 'unauthorized' };
  /** Its caller left before the answer. */
  aborted: boolean;
}

/** A Halo without a network: `send` in place of the real one, and all requests. */
export function scriptedHalo({ fates, tokenFates, outages, revoked, latencies, rows, cap, paging }: Script) {
  const started = performance.now();
  const log: Entry[] = [];
  let events = 0;
  const issued = new Map<string, number>();
  const seconds = () => (performance.now() - started) / 1000;

  function fateOf(server: Entry['server'], { headers }: Outgoing): Entry['fate'] {
    const now = seconds();
    if (outages.some((out) => [server, 'both'].includes(out.server) && now >= out.from && now < out.from + out.seconds))
      return { kind: 'reset' };
    const at = issued.get(headers?.authorization ?? '');
    const isRevoked = at === undefined || revoked.some((moment) => moment > at && moment <= now);
    if (server === 'api' && isRevoked) return { kind: 'unauthorized' };
    const order = log.filter((entry) => entry.server === server).length;
    return (server === 'api' ? fates : tokenFates)[order] ?? { kind: 'answer' };
  }

  function bodyOf(server: Entry['server'], url: URL, fate: Entry['fate']): unknown {
    if (server === 'token') {
      const value = `token-${issued.size + 1}-canary`;
      issued.set(`Bearer ${value}`, seconds());
      return { access_token: value, token_type: 'Bearer', expires_in: 120 };
    }
    const id = /\d+$/.exec(url.pathname)?.[0];
    if (id !== undefined) return { id: Number(id), whole: true };
    const page = Number(url.searchParams.get('page_no'));
    const size = Math.min(cap, Number(url.searchParams.get('page_size')));
    const repeated = Math.max(1, page - 1);
    const served =
      fate.kind === 'repeat'
        ? repeated
        : page === 1
          ? 1
          : { right: page, before: repeated, after: page + 1, first: 1 }[paging];
    const tickets = Array.from({ length: rows }, (_, index) => ({ id: index + 1 }));
    return {
      page_no: fate.kind === 'repeat' ? served : page,
      page_size: size,
      record_count: rows,
      tickets: tickets.slice((served - 1) * size, served * size),
    };
  }

  async function send(out: Outgoing, bounds: Bounds): Promise<Incoming> {
    const url = new URL(out.url);
    const server = url.pathname === '/auth/token' ? 'token' : 'api';
    const fate = fateOf(server, out);
    const at = performance.now();
    const route = `${url.pathname}${url.search}`;
    const order = { at: events++, ended: Number.POSITIVE_INFINITY };
    const entry: Entry = { server, route, at, ended: Number.POSITIVE_INFINITY, order, fate, aborted: false };
    const latency = latencies[log.length % Math.max(1, latencies.length)] ?? 0;
    log.push(entry);
    try {
      await aborted(bounds.signal, pause(fate.kind === 'silent' ? 20_000 : fate.kind === 'stall' ? 15_000 : latency));
      return answer(server, url, fate);
    } catch (error) {
      entry.aborted = bounds.signal.aborted;
      throw error;
    } finally {
      entry.ended = performance.now();
      order.ended = events++;
    }
  }

  function answer(server: Entry['server'], url: URL, fate: Entry['fate']): Incoming {
    const timeout = new HaloError('HALO_TIMEOUT', 'Halo did not answer in time.');
    if (fate.kind === 'silent') throw new Passing(timeout, 'silent');
    if (fate.kind === 'stall') throw timeout;
    if (fate.kind === 'reset')
      throw new Passing(new HaloError('HALO_UNREACHABLE', 'The connection broke.'), 'unreachable');
    const headers: Incoming['headers'] = { 'content-type': fate.kind === 'html' ? 'text/html' : 'application/json' };
    if (fate.kind === 'unauthorized') return { status: 401, headers, body: '' };
    if (fate.kind === 'status') {
      if (fate.retryAfter !== undefined) Object.assign(headers, retryHeaders(fate.retryAfter, fate.dated));
      return { status: fate.status, headers, body: '' };
    }
    const text =
      fate.kind === 'html' ? '<html>' : fate.kind === 'empty' ? '' : JSON.stringify(bodyOf(server, url, fate));
    return { status: 200, headers, body: fate.kind === 'cut' ? text.slice(0, text.length / 2) : text };
  }

  return { send, log, started };
}

/** As seconds, or as a date from a clock that is an hour ahead. */
function retryHeaders(seconds: number, dated = false): Incoming['headers'] {
  const there = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
  return dated
    ? { date: new Date(there).toUTCString(), 'retry-after': new Date(there + seconds * 1000).toUTCString() }
    : { 'retry-after': String(seconds) };
}

/** Runs the work, unless its caller leaves. */
const aborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    work.then(resolve, reject);
  });
