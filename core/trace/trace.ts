// trace/: Spans of the calls, if the operator collects traces.

/** The calls as a trace shows them: which tool, for whom, and how it ended; nothing of what was asked. */
export interface Tracer {
  /** @param parent the `traceparent` that the client sent; anything malformed counts as none */
  begin(call: { tool: string; customer: string | undefined }, parent: string | undefined): CallSpan;
}

/** A call in progress. */
export interface CallSpan {
  /** A request is sent to Halo: its method, and the family of its path, without ids. @returns what ends it */
  request(method: string, family: string): EndRequest;
  /** @param code `OK`, or the error's code */
  end(code: string): void;
}

/** @param status of the answer; absent if none came */
export type EndRequest = (status?: number) => void;
