import type { AnswerFile } from '../define.js';
import type { ErrorCode } from '../errors.js';

/** What a person is asked to agree to: what would be sent, and nothing else is. */
export interface Proposal {
  tool: string;
  /** In words. What end users wrote may stand in it: it is shown as text, and does nothing. */
  says: string;
  /** `POST /Actions` */
  request: string;
  /** Exactly as it would be sent. */
  body: readonly Record<string, unknown>[];
}

/** What a person said: `unasked` where the client could not ask after all. */
export type Consent = 'yes' | 'no' | 'unasked';

/** What a person is asked, and what has to come back with the answer. */
export interface Question {
  proposal: Proposal;
  /** Sealed: it stands for this very plan, of this caller, for five minutes. */
  state: string;
}

/** What the caller brings. */
export interface Caller {
  signal?: AbortSignal | undefined;
  /** Present where the caller asked to be told of progress; what is told only rises. */
  onProgress?: ((done: number, total: number | undefined, message: string | undefined) => void) | undefined;
  /**
   * Asks the person at the other end; present where the client can. The signal ends the question: nobody waits for its
   * answer any more.
   */
  confirm?: ((proposal: Proposal, signal: AbortSignal) => Promise<Consent>) | undefined;
  /**
   * Present where a person is asked between two calls: the first is answered with the question, and a second one, equal
   * to it, brings what was said.
   */
  between?: { answer?: { state: string; said: 'yes' | 'no' } | undefined } | undefined;
  /** What the call is a part of, as W3C's Trace Context writes it. */
  traceparent?: string | undefined;
  /** True where it is always asked, whatever the config says: the person at a terminal. */
  insists?: boolean | undefined;
}

/** The answer to one call, in MCP's shape but for the code, which is for the host. */
export interface CallResult {
  /** Of an error. */
  code?: ErrorCode;
  /** A person is to be asked before anything is done; present only where the caller asks between two calls. */
  asks?: Question;
  content: ({ type: 'text'; text: string } | { type: 'resource'; resource: AnswerFile })[];
  structuredContent?: Record<string, unknown>;
  isError?: true;
}

/** An answer that is an error. */
export const refusal = (code: ErrorCode, text: string): CallResult => ({
  code,
  isError: true,
  content: [{ type: 'text', text }],
});
