/** Longest line that is read, in bytes. */
export const MAX_LINE = 10 * 2 ** 20;
/** So much of a longer one is kept, for the id in it. */
const START = 1024;
const LINE_FEED = 0x0a;
const EMPTY = Buffer.alloc(0);
/** A larger buffer is let go of after its line. */
const KEPT = 2 ** 18;

/**
 * Cuts a byte stream into lines; empty ones are passed over. A line over the limit is not kept in memory: it is
 * reported once, by its start, and skipped to its end.
 */
export class Lines {
  /** Holds the line that is not whole yet, and grows with it. */
  #held = EMPTY;
  #length = 0;
  #skipping = false;

  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onLong: (start: string) => void,
    private readonly most = MAX_LINE,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      this.#add(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    this.#add(chunk.subarray(from));
  }

  /** The stream is over: what stands there without a line end is a line as well. */
  end(): void {
    this.#finish();
  }

  #add(part: Buffer): void {
    if (this.#skipping) return;
    const length = this.#length + part.length;
    if (length > this.most) {
      this.#skipping = true;
      const start = Buffer.concat([this.#held.subarray(0, this.#length), part], START);
      this.#held = EMPTY;
      this.onLong(start.toString('utf8'));
      return;
    }
    if (length > this.#held.length)
      this.#held = Buffer.concat([this.#held.subarray(0, this.#length)], Math.min(2 * length, this.most));
    part.copy(this.#held, this.#length);
    this.#length = length;
  }

  #finish(): void {
    const line = this.#held.toString('utf8', 0, this.#length);
    const skipped = this.#skipping;
    if (this.#held.length > KEPT) this.#held = EMPTY;
    this.#length = 0;
    this.#skipping = false;
    if (!skipped && line.trim() !== '') this.onLine(line);
  }
}
