/**
 * Work that is done once, at its first use, and shared. A failure is not kept: the next use tries again, as files may
 * be out of reach for a moment only.
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
