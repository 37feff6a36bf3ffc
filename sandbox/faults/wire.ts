import { type FaultKind, onReply } from './kind.js';

const HOUR_MS = 3_600_000;
const KIB = 1024;

const skewed = (does: string, byMs: number): FaultKind =>
  onReply(
    does,
    (reply) => ({ ...reply, headers: { ...reply.headers, date: new Date(Date.now() + byMs).toUTCString() } }),
    'all',
  );

const half = (body: unknown) => Math.floor(Buffer.byteLength(typeof body === 'string' ? body : '') / 2);

/** Connections that break or crawl, and headers that are wrong. */
export const wire = {
  reset: { does: 'the connection breaks before anything comes', on: 'api', spoil: () => 'drop' },
  'reset-body': onReply('the connection breaks in the middle of the body', (reply) => ({
    ...reply,
    ends: { after: half(reply.body), by: 'reset' },
  })),
  'slow-headers': onReply('nothing comes for `ms`, or until the client goes away', (reply, { settings }) => ({
    ...reply,
    delayMs: settings.ms ?? Number.POSITIVE_INFINITY,
  })),
  'slow-body': onReply('the body comes one byte at a time, one every `ms` (200)', (reply, { settings }) => ({
    ...reply,
    ends: { after: 0, by: 'crawl', everyMs: settings.ms ?? 200 },
  })),
  'stalled-body': onReply('nothing comes after the middle of the body', (reply) => ({
    ...reply,
    ends: { after: half(reply.body), by: 'stall' },
  })),
  'big-headers': onReply('the right answer with a header of `bytes` (32 KiB)', (reply, { settings }) => ({
    ...reply,
    headers: { ...reply.headers, 'x-padding': '0'.repeat(settings.bytes ?? 32 * KIB) },
  })),
  'control-headers': {
    does: 'a header with control characters',
    on: 'api',
    spoil: () => ({ raw: 'HTTP/1.1 200 OK\r\nX-Odd: a\u0000\u0007b\r\nContent-Length: 2\r\n\r\n{}' }),
  },
  'clock-ahead': skewed('the right answer, from a clock that is an hour ahead', HOUR_MS),
  'clock-behind': skewed('the right answer, from a clock that is an hour behind', -HOUR_MS),
} as const satisfies Record<string, FaultKind>;
