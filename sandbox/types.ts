import type { IncomingHttpHeaders } from 'node:http';
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
  /** Faults for tests: a reply instead of the sandbox's own, or `drop` to break the connection. */
  intercept?: (request: SandboxRequest) => Intercepted | Promise<Intercepted>;
}

export interface Scale {
  invoices?: number;
  recurringInvoices?: number;
  contracts?: number;
}

export type Intercepted = SandboxReply | 'drop' | undefined;

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
}

export interface SandboxReply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  delayMs?: number;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>`; token at `/auth/token`, API at `/api`. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Every request, in order of arrival. */
  requests: SandboxRequest[];
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
  close(): Promise<void>;
}
