import { fold, type Shape } from './shapes.js';

/** From one character to another, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** The most characters of a shape to look up: the end of what it is known by. */
const ANCHOR = 8;

/**
 * Finds shapes in a text in one pass, however many there are: each is known by a few characters, which are looked up
 * wherever their first two occur. No pattern is built, so none can grow too large.
 */
export class Hunt {
  readonly #byAnchor = new Map<string, Shape[]>();
  /** Lengths of the anchors, longest first. */
  readonly #lengths: number[];
  /** The pairs of characters that anchors begin with. */
  readonly #pairs = new Uint8Array(2 ** 14);

  constructor(shapes: Iterable<Shape>) {
    for (const shape of shapes) {
      const anchor = fold(shape.known).slice(-ANCHOR);
      this.#byAnchor.set(anchor, [...(this.#byAnchor.get(anchor) ?? []), shape]);
      this.#pairs[pairOf(anchor, 0)] = 1;
    }
    this.#lengths = [...new Set([...this.#byAnchor.keys()].map((anchor) => anchor.length))].sort((a, b) => b - a);
  }

  /** Where shapes occur, by their starts; overlapping ones are joined. */
  find(text: string): Span[] {
    if (this.#byAnchor.size === 0) return [];
    const folded = fold(text);
    const found: Span[] = [];
    let reached = 0;
    for (let at = 0; at + 1 < folded.length; at += 1) {
      if (this.#pairs[pairOf(folded, at)] === 0) continue;
      for (const length of this.#lengths)
        for (const shape of this.#byAnchor.get(folded.slice(at, at + length)) ?? []) {
          const span = spanOf(shape, { text, folded }, at + length);
          if (span === undefined) continue;
          found.push(span);
          reached = Math.max(reached, span.end);
        }
      // What lies within is already taken out; a secret that repeats itself would be compared at every place in it.
      at = Math.max(at, reached - ANCHOR);
    }
    return joined(found);
  }
}

const pairOf = (text: string, at: number) => (text.charCodeAt(at) * 131 + text.charCodeAt(at + 1)) & (2 ** 14 - 1);

/** How far the text around a known piece that ends at `to` belongs to the secret. */
function spanOf(shape: Shape, { text, folded }: { text: string; folded: string }, to: number): Span | undefined {
  const known = to - shape.known.length;
  if (shape.part === 'whole') {
    const start = to - shape.text.length;
    return start >= 0 && folded.startsWith(shape.text, start) ? { start, end: to } : undefined;
  }
  if (known < 0 || !text.startsWith(shape.known, known)) return undefined;
  if (shape.part === 'start') return { start: known, end: to + sharedStart(text.slice(to), shape.rest) };
  return { start: known - sharedEnd(text.slice(0, known), shape.rest), end: to };
}

/** Compared at once: single characters would take long if a text repeats a start again and again. */
const CHUNK = 64;

/** How many characters both begin with. */
function sharedStart(text: string, other: string): number {
  let shared = 0;
  while (shared + CHUNK <= other.length && text.startsWith(other.slice(shared, shared + CHUNK), shared))
    shared += CHUNK;
  while (shared < other.length && text[shared] === other[shared]) shared += 1;
  return shared;
}

/** How many characters both end with. */
function sharedEnd(text: string, other: string): number {
  let shared = 0;
  const from = (length: number) => other.slice(other.length - length, other.length - shared);
  while (shared + CHUNK <= other.length && text.endsWith(from(shared + CHUNK), text.length - shared)) shared += CHUNK;
  while (shared < other.length && shared < text.length && text.at(-1 - shared) === other.at(-1 - shared)) shared += 1;
  return shared;
}

/** Spans by their starts; overlapping ones are one. */
export function joined(spans: Span[]): Span[] {
  const one: Span[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = one.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else one.push({ start, end });
  }
  return one;
}
