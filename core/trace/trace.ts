// trace/: Spans of the calls, where the operator has a place for them.

/** The calls, as whoever collects traces sees them: which tool, whose, and what came of it; nothing of what was asked. */
export interface Tracer {
  /** @param parent what the client sent as its `traceparent`; anything else than one is no parent */
  begin(call: { tool: string; customer: string | undefined }, parent: string | undefined): CallSpan;
}

/** A call that is under way. */
export interface CallSpan {
  /** A request leaves for Halo: its method, and the family of its path, without ids. @returns what ends it */
  request(method: string, family: string): EndRequest;
  /** @param code `OK`, or that of the error */
  end(code: string): void;
}

/** @param status of the answer; nothing where none came */
export type EndRequest = (status?: number) => void;
