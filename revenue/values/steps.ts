/** Work in steps: after each one whoever drives it may let others have their turn. */
export type Steps<T> = Generator<undefined, T, void>;

/** All of the steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
