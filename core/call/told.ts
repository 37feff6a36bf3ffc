import type { ErrorCode } from '../errors.js';
import { spending } from '../halo/spent.js';
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

/** Makes a call, and tells what came of it. */
export function told(
  onCall: OnCall,
  who: Pick<CallFacts, 'customer' | 'tool'>,
  make: () => Promise<CallResult>,
): Promise<CallResult> {
  if (onCall === undefined) return make();
  const started = performance.now();
  return spending(async (spent) => {
    let outcome: CallFacts['outcome'] = 'INTERNAL';
    try {
      const result = await make();
      outcome = result.code ?? 'OK';
      return result;
    } finally {
      onCall({ ...who, outcome, ms: Math.round(performance.now() - started), requests: spent.requests });
    }
  });
}
