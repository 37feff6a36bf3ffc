import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Fault, FaultName } from './faults.js';
import type { TenantName } from './tenant/variants.js';

/** What Halo can put into a JSON body. */
export type Json = string | number | boolean | null | Json[] | Row;
/** One Halo record as sent. */
export interface Row {
  [key: string]: Json;
}

export interface SandboxOptions {
  /** ISO instant that all dates of the tenant are relative to; default: the real clock. */
  now?: string;
  /** Default 0: any free port. */
  port?: number;
  clientId?: string;
  /** Default: random at each start. */
  clientSecret?: string;
  /** Scopes ticked on the "API application"; default: every real read: and edit: name. */
  scopes?: string[];
  /** Default 700. The next API request inside a rolling window of five minutes answers 429. */
  requestsPer5Minutes?: number;
  /** Default 3600. */
  tokenLifetimeSeconds?: number;
  /** Forces the envelope of /Agent; by default `results` when pageinate=true was sent, else a bare array. */
  agentEnvelope?: 'results' | 'array';
  /** Which tenant it is; default: `usual`. */
  tenant?: TenantName;
  /** Total rows wanted per resource; further rows are generated at first use, the same ones each time. */
  scale?: Scale;
  /** What goes wrong from the start, each as it is or written `name:times@on`. */
  faults?: readonly (Fault | string)[];
  /**
   * A reply instead of the sandbox's own, where no fault of the table does. `answer` gives what the sandbox itself says
   * to this request, or to a changed one.
   */
  intercept?: (request: SandboxRequest, answer: Answering) => Intercepted | Promise<Intercepted>;
}

export interface Scale {
  invoices?: number;
  recurringInvoices?: number;
  contracts?: number;
}

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
  faults?: FaultName[];
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

export interface Sandbox {
  /** `http://127.0.0.1:<port>`; token at `/auth/token`, API at `/api`. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Every request, in order of arrival. */
  requests: SandboxRequest[];
  /** Switches a fault on, inside of those that are on already. @throws RangeError for one that there is none of */
  fault(...faults: readonly (Fault | string)[]): void;
  /** Switches every fault off. */
  clearFaults(): void;
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
  close(): Promise<void>;
}
