import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import type { Json } from '../json.js';
import type { SandboxReply } from '../request.js';
import { type FaultKind, onJson, onReply, onText } from './kind.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const MIB = 2 ** 20;
const DEPTH = 100_000;
const FAILED = { loaded: false, load_error: "Invalid object name 'faultz'.", rows: [] };
const LOG_IN = '<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>';

/** Bodies that are not an answer, are too large, or hold the wrong things. */
export const bodies = {
  html: instead('200 with a log-in page', { headers: { 'content-type': 'text/html' }, body: LOG_IN }),
  text: instead('200 with plain text', { headers: { 'content-type': 'text/plain' }, body: 'OK' }),
  empty: instead('200 with an empty body', {}),
  'content-type': onReply('the right JSON, declared as plain text', (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-type': 'text/plain' },
  })),
  'cut-json': onText('half of the JSON, in an answer whose length says that it is complete', (text) =>
    text.slice(0, text.length / 2),
  ),
  'load-error': onJson(
    '200 with a report that failed inside',
    (body) => (isRow(body) && !('reports' in body) ? { ...body, report: FAILED } : body),
    '/Report',
  ),
  'deep-json': onText('the right JSON, with 100,000 nested lists', (text) =>
    text.replace('{', `{"deep":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},`),
  ),
  'duplicate-keys': onText('the right JSON, with another value before each id under the same key', (text) =>
    text.replaceAll(/"id":(-?\d+)/g, '"id":1,"id":$1'),
  ),
  'proto-keys': onJson('the right JSON, with __proto__ and constructor keys in each object', polluted),
  'big-ids': onText('the right JSON, with ids beyond 2^53', (text) =>
    text.replaceAll(
      /"id":(-?)(\d+)/g,
      (_all, sign: string, id: string) => `"id":${sign}${2n ** 53n + 1n + 2n * BigInt(id)}`,
    ),
  ),
  nan: onText('the right JSON except for a NaN', (text) => text.replace(/":-?\d+/, '":NaN')),
  huge: instead('200 with JSON of `bytes` (16 MiB), without its length', ({ bytes }) => ({
    headers: JSON_TYPE,
    body: filler(bytes ?? 16 * MIB),
  })),
  'gzip-bomb': bomb('gzip', () => createGzip()),
  'br-bomb': bomb('br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })),
  'double-gzip': onReply('the right JSON, compressed twice', (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-encoding': 'gzip, gzip' },
    body: gzipSync(gzipSync(String(reply.body ?? ''))),
  })),
  'false-gzip': onReply('the right JSON, declared as compressed but plain', (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-encoding': 'gzip' },
  })),
} as const;

type Rest = Omit<SandboxReply, 'status'>;

function instead(does: string, rest: Rest | ((settings: { bytes?: number }) => Rest)): FaultKind {
  return {
    ...{ does, on: 'api' },
    spoil: ({ settings }) => ({ status: 200, ...(typeof rest === 'function' ? rest(settings) : rest) }),
  };
}

function bomb(encoding: string, compress: () => Transform): FaultKind {
  return instead(
    `200 with JSON of \`bytes\` (64 MiB), which ${encoding} compresses to almost nothing`,
    ({ bytes }) => ({
      headers: { ...JSON_TYPE, 'content-encoding': encoding },
      // A client that leaves half-way is not an error of the sandbox.
      body: pipeline(filler(bytes ?? 64 * MIB), compress(), () => undefined),
    }),
  );
}

/** Streams one JSON object of this many bytes. */
function filler(bytes: number): Readable {
  const [head, tail] = ['{"padding":"', '"}'];
  return Readable.from(
    (function* () {
      yield head;
      for (let left = bytes - head.length - tail.length; left > 0; left -= 65_536) {
        yield '0'.repeat(Math.min(left, 65_536));
      }
      yield tail;
    })(),
    { objectMode: false },
  );
}

const isRow = (body: Json): body is Record<string, Json> =>
  typeof body === 'object' && body !== null && !Array.isArray(body);

/** Parsing JSON makes `__proto__` an own property, and so does this. */
function polluted(body: Json): Json {
  if (Array.isArray(body)) return body.map(polluted);
  if (!isRow(body)) return body;
  const row = Object.fromEntries(Object.entries(body).map(([key, value]) => [key, polluted(value)]));
  for (const key of ['__proto__', 'constructor']) {
    Object.defineProperty(row, key, { value: { polluted: true, prototype: { polluted: true } }, enumerable: true });
  }
  return row;
}
