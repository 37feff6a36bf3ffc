import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** The sandbox's own answer to this request, or by default to the original one. */
export type Answering = (request?: SandboxRequest) => Promise<SandboxReply>;

export type Intercepted = SandboxAnswer | undefined;

/** `drop` breaks the connection; `raw` is written to it verbatim and ends it. */
export type SandboxAnswer = SandboxReply | 'drop' | { raw: string };

/** One request as it arrived, including those to the token endpoint. */
export interface SandboxRequest {
  method: string;
  /** As sent, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Scope of the token used, absent without a valid token. */
  scope?: string;
  body?: string;
  /** Milliseconds since the epoch, real clock. */
  at: number;
  /** The faults that hit it, outermost first. */
  faults?: string[];
  /** Of the answer, once there is one. */
  status?: number;
  /** When either side ended the connection before the answer was complete; milliseconds since the epoch. */
  brokenAt?: number;
}

export interface SandboxReply {
  status: number;
  headers?: Record<string, string>;
  /** A stream goes out in chunks, as fast as the client takes it. */
  body?: string | Buffer | Readable;
  /** Infinity: until the client goes away. */
  delayMs?: number;
  /** What happens to a body of known length after this many bytes; `crawl`: one byte per `everyMs`. */
  ends?: { after: number; by: 'reset' | 'stall' | 'crawl'; everyMs?: number };
}
