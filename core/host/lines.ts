import { StringDecoder } from 'node:string_decoder';

/** Longest line that is read. */
export const MAX_LINE = 10 * 2 ** 20;
/** So much of a longer one is kept, for the id in it. */
const START = 1024;

/**
 * Cuts a byte stream into lines; empty ones are passed over. A line over the limit is not kept in memory: it is
 * reported once, by its start, and skipped to its end.
 */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  #skipping = false;

  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onLong: (start: string) => void,
    private readonly most = MAX_LINE,
  ) {}

  push(chunk: Buffer): void {
    let text = this.#decoder.write(chunk);
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      this.#add(text.slice(0, end));
      this.#finish();
      text = text.slice(end + 1);
    }
    this.#add(text);
  }

  /** The stream is over: what stands there without a line end is a line as well. */
  end(): void {
    this.#add(this.#decoder.end());
    this.#finish();
  }

  #add(part: string): void {
    if (this.#skipping) return;
    this.#length += part.length;
    this.#parts.push(part);
    if (this.#length <= this.most) return;
    this.#skipping = true;
    const start = this.#parts.join('').slice(0, START);
    this.#parts = [];
    this.onLong(start);
  }

  #finish(): void {
    const line = this.#parts.join('');
    const skipped = this.#skipping;
    this.#parts = [];
    this.#length = 0;
    this.#skipping = false;
    if (!skipped && line.trim() !== '') this.onLine(line);
  }
}
