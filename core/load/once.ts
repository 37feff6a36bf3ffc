/**
 * Work that is done once, on first use, and shared. A failure is not kept: the next use tries again, since files may be
 * unreachable only for a moment.
 */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= work();
    const mine = kept;
    mine.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return mine;
  };
}
