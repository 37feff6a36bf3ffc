/** Results that are needed again and again, worked out and kept once: the same day, amount or name is in many rows. */

/** The most results of one kind that are kept; beyond that, all of them are dropped. */
const MOST = 10_000;

export function remembering<Of extends readonly (string | number)[], Answer>(
  work: (...of: Of) => Answer,
): (...of: Of) => Answer {
  const known = new Map<string, Answer>();
  return (...of) => {
    const key = of.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST) known.clear();
    const answer = work(...of);
    known.set(key, answer);
    return answer;
  };
}
