/** The longest line that is read, in bytes. */
export const MAX_LINE = 10 * 2 ** 20;
/** How much of a longer line is kept, to find its id. */
const START = 1024;
/** A line in more pieces than this is merged early: many small pieces take far more memory than their bytes. */
const MOST_PARTS = 1024;
const LINE_FEED = 0x0a;

/**
 * Cuts a byte stream into lines and skips empty ones. A line over the limit is not kept in memory: its start is
 * reported once, and the rest is skipped.
 */
export class Lines {
  /** The pieces of the unfinished line. */
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

  /** The stream is over: a remainder without a line feed is a line too. */
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
