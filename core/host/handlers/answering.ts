import type { Log } from '../../define.js';
import { factsOf } from '../../log.js';
import { errorText, newRef, ours, unknownFault } from '../../output/fault.js';
import type { Redactor } from '../../output/redact.js';
import type { ClientCan, Round, SendRequest } from './asking.js';
import { INTERNAL_ERROR } from './codes.js';

/** What every word passes that leaves the process. */
export interface Gate {
  log: Log;
  redactor: Redactor;
}

/** What a request brings beside its params. */
export interface Asking {
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** Tells the client something that belongs to this request; nobody hears of it where it can't be told. */
  notify: (notification: { method: string; params: object }) => void;
  /** What the request is a part of, as the transport says; what stands in its `_meta` is nearer. */
  traceparent?: string | undefined;
  /** What the client says it can do, where it is known. */
  client: ClientCan | undefined;
  /** Asks the client something before its request is answered; absent in an era that has no such requests. */
  request?: SendRequest;
  /** Present in an era in which a question is the answer to a call. */
  round?: Round;
}

/** Answers a request of one method, whose params the protocol's library has read. */
export type Answer = (params: Record<string, unknown>, asking: Asking) => Promise<object>;

/**
 * The answer with errors that may leave: the protocol's library sends the message of whatever is thrown. Our own words
 * are redacted; of anything else a reference is told, and its cause goes to the log.
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

/** As the library takes it: a code of the protocol and a message. */
function leaving(thrown: unknown, { log, redactor }: Gate): Error {
  const ref = newRef();
  const own = ours(thrown) ?? (thrown instanceof Told ? { words: thrown.message, foreign: [] } : undefined);
  if (own === undefined) log.error({ ref, cause: factsOf(thrown) }, 'a request failed');
  const said = own ?? unknownFault('The server', ref);
  const code = thrown instanceof Told ? thrown.code : INTERNAL_ERROR;
  return Object.assign(new Error(errorText(said, redactor, ref)), { code });
}

/** An error of the protocol in our own words. */
export class Told extends Error {
  constructor(
    readonly code: number,
    words: string,
  ) {
    super(`MCP error ${code}: ${words}`);
  }
}
