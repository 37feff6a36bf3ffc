/** The event loop as long work sees it. */
export interface Loop {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Gives everything else that waits its turn: timers, answers, the caller who cancels. */
  giveBack(): Promise<void>;
}

/** The loop of this process. */
export const LOOP: Loop = {
  now: () => performance.now(),
  giveBack: () => new Promise((resolve) => setImmediate(resolve)),
};

/** How long work may hold the loop before it gives it back. */
const TURN_MS = 10;

/**
 * Called between the pieces of long work: gives the loop back once a piece has lasted long enough. Undefined until then:
 * to await nothing costs more than most pieces do.
 * @throws the signal's reason if nobody waits for the work any more
 */
export function pace(signal: AbortSignal | undefined, { now, giveBack }: Loop = LOOP): () => Promise<void> | undefined {
  let since = now();
  const giveWay = async () => {
    await giveBack();
    signal?.throwIfAborted();
    since = now();
  };
  return () => (now() - since < TURN_MS ? undefined : giveWay());
}
