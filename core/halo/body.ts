import { HaloError } from '../errors.js';
import type { TextReader } from './text.js';

const IDLE_MS = 15_000;

/** A body that stopped coming. */
export class Stalled extends Error {}

/**
 * A whole body as text, already decompressed.
 * @param maxBytes of the decoded body; the rest is not read
 * @throws HaloError HALO_TOO_LARGE; Stalled if nothing comes for 15 s
 */
export async function readBody(stream: AsyncIterable<Buffer>, maxBytes: number, text: TextReader): Promise<string> {
  const parts = stream[Symbol.asyncIterator]();
  let size = 0;
  for (;;) {
    const { value: chunk, done } = await inTime(parts.next());
    if (done) return text.end();
    size += chunk.length;
    if (size > maxBytes)
      throw new HaloError('HALO_TOO_LARGE', `Halo's answer is larger than ${sizeOf(maxBytes)} and was not read.`);
    text.add(chunk);
  }
}

const sizeOf = (bytes: number) => (bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`);

function inTime<T>(next: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const idle = setTimeout(() => reject(new Stalled()), IDLE_MS);
    next.then(resolve, reject).finally(() => clearTimeout(idle));
  });
}
