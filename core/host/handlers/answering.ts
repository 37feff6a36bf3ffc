import type { Log } from '../../define.js';
import { factsOf } from '../../log.js';
import { errorText, newRef, ours, unknownFault } from '../../output/fault.js';
import type { Redactor } from '../../output/redact.js';
import type { ClientCan, Round, SendRequest } from './asking.js';
import { INTERNAL_ERROR } from './codes.js';

/** Everything that leaves the process passes through this. */
export interface Gate {
  log: Log;
  redactor: Redactor;
}

/** What a request brings besides its params. */
export interface Asking {
  /** Aborted when the answer is no longer awaited. */
  signal: AbortSignal;
  /** Tells the client something that belongs to this request; dropped if it can't be delivered. */
  notify: (notification: { method: string; params: object }) => void;
  /** The trace that the request is part of, as the transport says; one in its `_meta` takes precedence. */
  traceparent?: string | undefined;
  /** What the client says it can do, if known. */
  client: ClientCan | undefined;
  /** Asks the client something before its request is answered; absent in an era without such requests. */
  request?: SendRequest;
  /** Present in an era in which a question is the answer to a call. */
  round?: Round;
}

/**
 * Answers a request of one method. Its params were checked before: by the protocol's library, or, where the library is
 * not asked, by letting through only a request that has none.
 */
export type Answer = (params: Record<string, unknown>, asking: Asking) => Promise<object>;

/**
 * Wraps an answer so that its errors may leave: the message of whatever is thrown is sent. Our own words are redacted; any
 * other error becomes a reference, and its cause goes to the log.
 */
export function answering(answer: Answer, gate: Gate): Answer {
  return async (params, asking) => {
    try {
      return await answer(params, asking);
    } catch (thrown) {
      throw leaving(thrown, gate);
    }
  };
}

/** The error in the library's form: a code of the protocol and a message. */
function leaving(thrown: unknown, { log, redactor }: Gate): Error {
  const ref = newRef();
  const own = ours(thrown) ?? (thrown instanceof Told ? { words: thrown.message, foreign: [] } : undefined);
  if (own === undefined) log.error({ ref, cause: factsOf(thrown) }, 'a request failed');
  const said = own ?? unknownFault('The server', ref);
  const code = thrown instanceof Told ? thrown.code : INTERNAL_ERROR;
  return Object.assign(new Error(errorText(said, redactor, ref)), { code });
}

/** A protocol error in our own words. */
export class Told extends Error {
  constructor(
    readonly code: number,
    words: string,
  ) {
    super(words);
  }
}
