import { StringDecoder } from 'node:string_decoder';

/** Longest line that is read. */
export const MAX_LINE = 10 * 2 ** 20;

/**
 * Cuts a byte stream into lines. A line over the limit is not kept in memory: it is reported once as `undefined` and
 * skipped to its end.
 */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;
  #skipping = false;

  constructor(
    private readonly onLine: (line: string | undefined) => void,
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

  #add(part: string): void {
    if (this.#skipping) return;
    this.#length += part.length;
    this.#parts.push(part);
    if (this.#length <= this.most) return;
    this.#skipping = true;
    this.#parts = [];
    this.onLine(undefined);
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
