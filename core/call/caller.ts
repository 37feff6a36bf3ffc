import type { AnswerFile } from '../define.js';
import type { ErrorCode } from '../errors.js';

/** What a person is asked to agree to. Exactly this is sent, and nothing else. */
export interface Proposal {
  tool: string;
  /** In words. It may quote end users, so it is shown as plain text. */
  says: string;
  /** `POST /Actions` */
  request: string;
  /** Exactly as it would be sent. */
  body: readonly Record<string, unknown>[];
}

/** What a person said: `unasked` if the client could not ask after all. */
export type Consent = 'yes' | 'no' | 'unasked';

/** What a person is asked, and the state that has to come back with the answer. */
export interface Question {
  proposal: Proposal;
  /** Sealed: it stands for this exact plan of this caller, for five minutes. */
  state: string;
}

/** What the caller brings. */
export interface Caller {
  signal?: AbortSignal | undefined;
  /** Present if the caller asked for progress; the reported value only rises. */
  onProgress?: ((done: number, total: number | undefined, message: string | undefined) => void) | undefined;
  /**
   * Asks the person at the other end; present if the client can. The signal ends the question: the answer is no longer
   * awaited.
   */
  confirm?: ((proposal: Proposal, signal: AbortSignal) => Promise<Consent>) | undefined;
  /**
   * Present if the person is asked between two calls: the first call returns the question, and a second, equal one
   * brings the answer.
   */
  between?: { answer?: { state: string; said: 'yes' | 'no' } | undefined } | undefined;
  /** The trace that the call is part of, as W3C's Trace Context writes it. */
  traceparent?: string | undefined;
  /** True if it always asks, whatever the config says: the person at a terminal. */
  insists?: boolean | undefined;
}

/** The answer to one call, in MCP's shape except for the code, which is for the host. */
export interface CallResult {
  /** Of an error. */
  code?: ErrorCode;
  /** A person has to be asked before anything is done; present only if the caller asks between two calls. */
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
