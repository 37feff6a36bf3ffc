/** Work in steps: after each one, the caller may give others a turn. */
export type Steps<T> = Generator<undefined, T, void>;

/** Runs all steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same work, all of its steps at once. */
export const inOneGo =
  <Of extends readonly unknown[], T>(work: (...of: Of) => Steps<T>) =>
  (...of: Of): T =>
    atOnce(work(...of));

/** Items per step: most are quick, and a step costs something, too. */
const AT_ONCE = 16;

/** Does the work for each of many items. */
export function* each<Item>(items: Iterable<Item>, work: (item: Item) => void): Steps<void> {
  let done = 0;
  for (const item of items) {
    work(item);
    done += 1;
    if (done % AT_ONCE === 0) yield;
  }
}

/** What the work makes of each of many items, in one list. */
export function* flatMapped<Item, Made>(
  items: Iterable<Item>,
  work: (item: Item) => Made | readonly Made[],
): Steps<Made[]> {
  const all: Made[] = [];
  yield* each(items, (item) => {
    const made = work(item);
    if (Array.isArray(made)) for (const one of made) all.push(one);
    else all.push(made as Made);
  });
  return all;
}
