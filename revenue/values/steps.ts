/** Work in steps: after each one, the caller may give others a turn. */
export type Steps<T> = Generator<undefined, T, void>;

/** Runs all steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
