import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** The sandbox's own answer to a request; without one to the request that came. */
export type Answering = (request?: SandboxRequest) => Promise<SandboxReply>;

export type Intercepted = SandboxAnswer | undefined;

/** `drop` breaks the connection; `raw` is written to it as it is, and ends it. */
export type SandboxAnswer = SandboxReply | 'drop' | { raw: string };

/** One request as it arrived; the token endpoint's too. */
export interface SandboxRequest {
  method: string;
  /** As sent, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Scope of the token used, absent without a valid token. */
  scope?: string;
  body?: string;
  /** Milliseconds of the epoch, real clock. */
  at: number;
  /** The faults that hit it, the outermost first. */
  faults?: string[];
  /** Of the answer, once there is one. */
  status?: number;
  /** When the connection ended before the answer was whole, whoever ended it; milliseconds of the epoch. */
  brokenAt?: number;
}

export interface SandboxReply {
  status: number;
  headers?: Record<string, string>;
  /** A stream goes out in chunks, as fast as the client takes it. */
  body?: string | Buffer | Readable;
  /** Infinity: until the client goes away. */
  delayMs?: number;
  /** What becomes of a body of known length after so many bytes; `crawl`: a byte in `everyMs`. */
  ends?: { after: number; by: 'reset' | 'stall' | 'crawl'; everyMs?: number };
}
