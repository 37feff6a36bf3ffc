import { request } from 'node:http';
import type { Connection } from './connect.js';

/** What came over the wire, without decoding, following redirects or retrying. */
export interface Seen {
  /** 0: nothing came. */
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  /** How the connection failed, if it did. The other fields have what came before that. */
  failed?: string;
}

export const text = ({ body }: Seen): string => body.toString('utf8');

/** One GET under /api, or with `form` the log-in; given up after `patience` milliseconds. */
export function look({ sandbox, token }: Connection, path: string, form?: string, patience = 300): Promise<Seen> {
  const seen: Seen = { status: 0, headers: {}, body: Buffer.alloc(0) };
  return new Promise((resolve) => {
    const done = (failed?: { code?: string; message: string }) =>
      resolve({ ...seen, ...(failed && { failed: failed.code ?? failed.message }) });
    const url = form === undefined ? `${sandbox.url}/api${path}` : `${sandbox.url}/auth/token`;
    const signal = AbortSignal.timeout(patience);
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    const sent = request(url, { method: form === undefined ? 'GET' : 'POST', headers, signal }, (response) => {
      seen.status = response.statusCode ?? 0;
      seen.headers = response.headers as Record<string, string>;
      response.on('data', (chunk: Buffer) => {
        seen.body = Buffer.concat([seen.body, chunk]);
      });
      response.on('end', () => done()).on('error', done);
    });
    sent.on('error', done).end(form);
  });
}
