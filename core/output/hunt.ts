import { fold, type Shape } from './shapes.js';

/** From one character to another, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** What is looked up of a shape: so many characters at most, at the end of what it is known by. */
const ANCHOR = 8;

/**
 * Finds shapes in a text in one pass, however many there are: each is known by a few characters, which are looked up
 * at every place where two of them stand. No pattern is built, so none can grow too large.
 */
export class Hunt {
  readonly #byAnchor = new Map<string, Shape[]>();
  /** Lengths of anchors, the longest first. */
  readonly #lengths: number[];
  /** Which pairs of characters an anchor begins with. */
  readonly #pairs = new Uint8Array(2 ** 14);

  constructor(shapes: Iterable<Shape>) {
    for (const shape of shapes) {
      const anchor = fold(shape.known).slice(-ANCHOR);
      this.#byAnchor.set(anchor, [...(this.#byAnchor.get(anchor) ?? []), shape]);
      this.#pairs[pairOf(anchor, 0)] = 1;
    }
    this.#lengths = [...new Set([...this.#byAnchor.keys()].map((anchor) => anchor.length))].sort((a, b) => b - a);
  }

  /** Where shapes stand, by their starts; those that overlap are one. */
  find(text: string): Span[] {
    if (this.#byAnchor.size === 0) return [];
    const folded = fold(text);
    const found: Span[] = [];
    for (let at = 0; at + 1 < folded.length; at += 1) {
      if (this.#pairs[pairOf(folded, at)] === 0) continue;
      for (const length of this.#lengths)
        for (const shape of this.#byAnchor.get(folded.slice(at, at + length)) ?? []) {
          const span = spanOf(shape, { text, folded }, at + length);
          if (span !== undefined) found.push(span);
        }
    }
    return joined(found);
  }
}

const pairOf = (text: string, at: number) => (text.charCodeAt(at) * 131 + text.charCodeAt(at + 1)) & (2 ** 14 - 1);

/** How far the text around a known piece, which ends at `to`, is the secret's. */
function spanOf(shape: Shape, { text, folded }: { text: string; folded: string }, to: number): Span | undefined {
  const known = to - shape.known.length;
  if (shape.part === 'whole') {
    const start = to - shape.text.length;
    return start >= 0 && folded.startsWith(shape.text, start) ? { start, end: to } : undefined;
  }
  if (known < 0 || !text.startsWith(shape.known, known)) return undefined;
  let [start, end] = [known, to];
  if (shape.part === 'start') while (end < text.length && text[end] === shape.text[end - known]) end += 1;
  else {
    const head = shape.text.length - shape.known.length;
    while (start > 0 && known - start < head && text[start - 1] === shape.text[head - 1 - (known - start)]) start -= 1;
  }
  return { start, end };
}

function joined(spans: Span[]): Span[] {
  const one: Span[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = one.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else one.push({ start, end });
  }
  return one;
}
