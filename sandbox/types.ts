import type { Fault } from './faults.js';
import type { Answering, Intercepted, SandboxRequest } from './request.js';
import type { Routes, Rows } from './routes.js';
import type { Change, Mail } from './tenant/changes.js';
import type { TenantName } from './tenant/variants.js';

export type * from './json.js';
export type * from './request.js';

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
  /** Endpoints of your own, or in place of the sandbox's: `{ '/KBArticle': { key: 'articles', rows: [{ id: 1 }] } }`. */
  routes?: Routes | undefined;
  /** Further rows of the sandbox's own endpoints: `{ '/Site': [{ id: 9001, name: 'Depot', client_id: 12 }] }`. */
  rows?: Rows | undefined;
  /** Default 700. The next API request inside a rolling window of five minutes answers 429. */
  requestsPer5Minutes?: number;
  /** Default 3600. */
  tokenLifetimeSeconds?: number;
  /** Forces the envelope of /Agent; by default `results` when pageinate=true was sent, else a bare array. */
  agentEnvelope?: 'results' | 'array';
  /** The tenant; default `usual`. */
  tenant?: TenantName;
  /** Total rows wanted per resource; further rows are generated at first use, the same ones each time. */
  scale?: Scale;
  /** The shape in which a written record comes back; default `object`, with 201. */
  answers?: Answers;
  /** Faults that are on from the start, as objects or written `name:times@on`. */
  faults?: readonly (Fault | string)[];
  /**
   * A reply instead of the sandbox's own, for what no fault covers. `answer` gives the sandbox's reply to this request
   * or a changed one.
   */
  intercept?: (request: SandboxRequest, answer: Answering) => Intercepted | Promise<Intercepted>;
}

/** One object, an array of it, or that array under its list's name. */
export type Answers = 'object' | 'array' | 'list';

export interface Scale {
  invoices?: number;
  recurringInvoices?: number;
  contracts?: number;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>`; token at `/auth/token`, API at `/api`. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Every request, in order of arrival. */
  requests: SandboxRequest[];
  /** Every e-mail and message that Halo would have sent, in order. */
  readonly mails: readonly Mail[];
  /** Every record that was made, changed or deleted, in order. */
  readonly changes: readonly Change[];
  /** Switches faults on, inside the active ones. @throws RangeError for an unknown fault */
  fault(...faults: readonly (Fault | string)[]): void;
  /** Switches every fault off. */
  clearFaults(): void;
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
  close(): Promise<void>;
}
