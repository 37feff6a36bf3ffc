const WINDOW_MS = 5 * 60_000;

/** Counts requests in a rolling window of five minutes; `admit` is false for the one above the limit. */
export function createLimit(perWindow: number): { admit(at: number): boolean } {
  let admitted: number[] = [];
  return {
    admit(at) {
      if (admitted.length >= perWindow) admitted = admitted.filter((then) => then > at - WINDOW_MS);
      if (admitted.length >= perWindow) return false;
      admitted.push(at);
      return true;
    },
  };
}
