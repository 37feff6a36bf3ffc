import { empty, invalidClient, invalidRequest, json, tooMany } from '../http/replies.js';
import type { SandboxReply } from '../request.js';
import { type FaultKind, isToken, type Spoiling } from './kind.js';

const HOUR_MS = 3_600_000;

/** In whole seconds, like all HTTP dates. */
const httpDate = (instant: number) => new Date(Math.floor(instant / 1000) * 1000).toUTCString();

const kind = (does: string, spoil: (spoiling: Spoiling) => SandboxReply): FaultKind => ({ does, on: 'api', spoil });

const page = (status: number, title: string): SandboxReply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`,
});

const later = (reply: SandboxReply, after: string, date?: string): SandboxReply => ({
  ...reply,
  headers: { ...reply.headers, 'retry-after': after, ...(date === undefined ? {} : { date }) },
});

const SECONDS = 7;

/** Limits: with Retry-After in each of its forms. */
const limits = {
  429: kind("Halo's limit, without Retry-After", tooMany),
  '429-after': kind("Halo's limit, with Retry-After in `seconds` (7)", ({ settings }) =>
    later(tooMany(), String(settings.seconds ?? SECONDS)),
  ),
  '429-date': kind("Halo's limit, with Retry-After as a date in `seconds` (7)", ({ settings }) =>
    until(settings.seconds, Date.now()),
  ),
  '429-skewed': kind(
    "Halo's limit, with Retry-After as a date in `seconds` (7), from a clock that is an hour ahead, as is Date",
    ({ settings }) => until(settings.seconds, Date.now() + HOUR_MS),
  ),
  '429-past': kind("Halo's limit, with Retry-After as a date an hour ago", () =>
    later(tooMany(), httpDate(Date.now() - HOUR_MS)),
  ),
  '429-garbage': kind("Halo's limit, with a Retry-After that is neither a number nor a date", () =>
    later(tooMany(), 'a while'),
  ),
} as const;

const until = (seconds = SECONDS, now: number) => later(tooMany(), httpDate(now + seconds * 1000), httpDate(now));

/** Answers with an error status. */
export const statuses = {
  400: kind('the request is refused with a sentence', ({ request }) =>
    isToken(request) ? invalidRequest() : json('Parameter client_id must be included', 400),
  ),
  401: kind('the token, or at the token endpoint the client, is refused', ({ request }) =>
    isToken(request) ? invalidClient() : empty(401),
  ),
  403: kind('a scope or role is missing', () => empty(403)),
  404: kind('there is no such record or address', () => empty(404)),
  407: kind('a proxy wants a log-in', () => ({
    ...page(407, 'Proxy Authentication Required'),
    headers: { 'content-type': 'text/html', 'proxy-authenticate': 'Basic realm="proxy"' },
  })),
  409: kind('somebody else changed the record', () =>
    json({ ClassName: 'System.Exception', Message: 'The record was changed by another user.' }, 409),
  ),
  ...limits,
  500: kind('Halo failed, with an empty body', () => empty(500)),
  502: kind('a gateway got no answer from Halo', () => page(502, 'Bad Gateway')),
  503: kind('Halo is not available', () => page(503, 'Service Unavailable')),
  '503-after': kind('Halo is not available, with Retry-After in `seconds` (7)', ({ settings }) =>
    later(page(503, 'Service Unavailable'), String(settings.seconds ?? SECONDS)),
  ),
  504: kind('a gateway ran out of patience with Halo', () => page(504, 'Gateway Timeout')),
} as const;
