import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { SERVER_ERROR } from './codes.js';

/** An answer that is an error: nothing of it comes from the request but the id. */
export interface Refusal {
  status: number;
  /** A sentence, and a way out where there is one. */
  message: string;
  code?: number;
  id?: string | number | null;
  headers?: Headers;
}

type Headers = Record<string, string | number>;

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

/** What every answer carries, whoever writes it: nobody keeps it, and no browser guesses what it is. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A stream that a proxy holds back is no stream. */
const STREAM = { 'x-accel-buffering': 'no' };

/**
 * Puts those headers on the answer when its head is written, over whatever the writer has.
 * @param onHead sees the head before it leaves
 */
export function withHeaders(res: ServerResponse, onHead: (res: ServerResponse) => void): void {
  const write = res.writeHead.bind(res);
  res.writeHead = (
    status: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    more?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ) => {
    for (const [name, value] of pairs(typeof reason === 'string' ? more : reason)) res.setHeader(name, value);
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
