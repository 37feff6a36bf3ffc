import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { SERVER_ERROR } from './codes.js';

/** An error answer: nothing in it comes from the request except the id. */
export interface Refusal {
  status: number;
  /** A sentence, and a way out if there is one. */
  message: string;
  code?: number;
  id?: string | number | null;
  headers?: Headers;
}

export type Headers = Record<string, string | number>;

/** Answers with an error, as JSON. */
export function refuse(
  res: ServerResponse,
  { status, message, code = SERVER_ERROR, id = null, headers = {} }: Refusal,
): void {
  answerJson(res, status, { jsonrpc: '2.0', error: { code, message }, id }, headers);
}

export function answerJson(res: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  if (res.headersSent) {
    res.end();
    return;
  }
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  res.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': text.length,
  });
  res.end(res.req?.method === 'HEAD' ? undefined : text);
}

/** Headers of every answer, whoever writes it: it is not stored, and no browser guesses its type. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Keeps proxies from buffering a stream. */
const STREAM = { 'x-accel-buffering': 'no' };

/**
 * Sets those headers when the answer's head is written, overriding the writer's. How long the connection lives is not
 * the writer's to say: Node tells the client for how long it is held, unless somebody has said so already.
 * @param onHead sees the head before it is sent
 */
export function withHeaders(res: ServerResponse, onHead: (res: ServerResponse) => void): void {
  const write = res.writeHead.bind(res);
  res.writeHead = (
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    more?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ) => {
    for (const [name, value] of pairs(typeof reason === 'string' ? more : reason))
      if (name.toLowerCase() !== 'connection') res.setHeader(name, value);
    for (const [name, value] of Object.entries(ALWAYS)) res.setHeader(name, value);
    if (String(res.getHeader('content-type')).startsWith('text/event-stream'))
      for (const [name, value] of Object.entries(STREAM)) res.setHeader(name, value);
    res.statusCode = status;
    onHead(res);
    return write(status);
  };
}

type Value = Exclude<OutgoingHttpHeader, undefined>;

function pairs(headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined): [string, Value][] {
  if (headers === undefined) return [];
  if (!Array.isArray(headers))
    return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[String(name), headers[index + 1] as Value]] : []));
}
