import type { ErrorCode } from '../errors.js';
import { spending } from '../halo/spent.js';
import type { Tracer } from '../trace/trace.js';
import type { CallResult } from './call.js';

/** What is told of a call when it is over: who made it, what came of it, what it took; nothing of what was asked. */
export interface CallFacts {
  principal?: string | undefined;
  /** Undefined where a caller of several named none. */
  customer?: string | undefined;
  tool: string;
  outcome: 'OK' | ErrorCode;
  ms: number;
  /** Requests that left for Halo. */
  requests: number;
}

export type OnCall = ((facts: CallFacts) => void) | undefined;

/** Who hears of a call. */
export interface Telling {
  onCall?: OnCall;
  tracer?: Tracer | undefined;
  /** What the call is a part of, as its client says. */
  traceparent?: string | undefined;
}

/** Makes a call, and tells what came of it. */
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
