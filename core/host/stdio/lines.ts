/** Longest line that is read, in bytes. */
export const MAX_LINE = 10 * 2 ** 20;
/** So much of a longer one is kept, for the id in it. */
const START = 1024;
/** A line in more pieces than this is put together meanwhile: many small ones weigh far more than their bytes. */
const MOST_PARTS = 1024;
const LINE_FEED = 0x0a;

/**
 * Cuts a byte stream into lines; empty ones are passed over. A line over the limit is not kept in memory: it is
 * reported once, by its start, and skipped to its end.
 */
export class Lines {
  /** The line that is not whole yet. */
  #parts: Buffer[] = [];
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
    this.#length += part.length;
    this.#parts.push(part);
    if (this.#length > this.most) {
      this.#skipping = true;
      const start = Buffer.concat(this.#parts, START).toString('utf8');
      this.#parts = [];
      this.onLong(start);
    } else if (this.#parts.length > MOST_PARTS) this.#parts = [Buffer.concat(this.#parts)];
  }

  #finish(): void {
    const line = Buffer.concat(this.#parts).toString('utf8');
    const skipped = this.#skipping;
    this.#parts = [];
    this.#length = 0;
    this.#skipping = false;
    if (!skipped && line.trim() !== '') this.onLine(line);
  }
}
