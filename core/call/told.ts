import type { ErrorCode } from '../errors.js';
import { spending } from '../halo/spent.js';
import type { Tracer } from '../trace/trace.js';
import type { CallResult } from './call.js';

/** What is reported of a finished call: who made it, how it ended, what it cost; nothing of what was asked. */
export interface CallFacts {
  principal?: string | undefined;
  /** Undefined if the caller has several and named none. */
  customer?: string | undefined;
  tool: string;
  outcome: 'OK' | ErrorCode;
  ms: number;
  /** Requests that were sent to Halo. */
  requests: number;
}

export type OnCall = ((facts: CallFacts) => void) | undefined;

/** Who hears of a call. */
export interface Telling {
  onCall?: OnCall;
  tracer?: Tracer | undefined;
  /** The trace that the call is part of, as its client says. */
  traceparent?: string | undefined;
}

/** Makes a call and reports how it ended. */
export function told(
  { onCall, tracer, traceparent }: Telling,
  who: Pick<CallFacts, 'customer' | 'tool'>,
  make: () => Promise<CallResult>,
): Promise<CallResult> {
  if (onCall === undefined && tracer === undefined) return make();
  const span = tracer?.begin({ tool: who.tool, customer: who.customer }, traceparent);
  const started = performance.now();
  return spending(async (spent) => {
    let outcome: CallFacts['outcome'] = 'INTERNAL';
    try {
      const result = await make();
      outcome = result.code ?? 'OK';
      return result;
    } finally {
      span?.end(outcome);
      onCall?.({ ...who, outcome, ms: Math.round(performance.now() - started), requests: spent.requests });
    }
  }, span);
}
