import { clean } from './clean.js';

const SHAPES = [
  // With a digit in it, as any token has: "bearer authentication" in a ticket is no secret.
  /\bBearer\s+(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g,
  /\b(client_secret|access_token|refresh_token)=[^&\s"'\\]+/gi,
];
const MASK = '[redacted]';
/** So many secrets are known at once: the first, and the latest; a token lives for hours, a server for months. */
const MOST_KNOWN = 16;
/** Anything shorter is no secret, or every text would be full of holes. */
const SHORTEST = 4;
/** A piece of a secret that is as long as this is taken out like the whole. */
const PIECE = 8;

/**
 * A secret within base64, in both alphabets: the same bytes are written in three ways, depending on how many stand
 * before them (`id:secret` of basic authentication). What the neighbours have a share in is left out.
 */
function base64(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const end = Math.floor((bytes.length * 4) / 3);
  const own = bytes.toString('base64').slice(before === 0 ? 0 : before + 1, end);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

/** The shapes in which a secret could leave: raw, URL-, base64- and JSON-encoded. */
function shapesOf(secret: string): string[] {
  return [
    secret,
    clean(secret),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].flatMap((before) => base64(secret, before)),
  ];
}

/** One end of a secret, by which a piece that was cut off it is known. */
interface End {
  shape: string;
  /** Long enough to be no word. */
  known: string;
  atStart: boolean;
}

/** The ends of a shape: eight characters, and on to the first digit, as "password" may be the start of a password. */
function endsOf(shape: string): End[] {
  if (shape.length < 2 * PIECE) return [];
  const head = shape.slice(0, Math.max(PIECE, shape.search(/\d/) + 1));
  const tail = shape.slice(-Math.max(PIECE, /\d\D*$/.exec(shape)?.[0].length ?? 0));
  return [
    { shape, known: head, atStart: true },
    { shape, known: tail, atStart: false },
  ].filter(({ known }) => /\d/.test(known) && known.length <= 2 * PIECE);
}

const anyOf = (words: Iterable<string>, flags: string): RegExp | undefined => {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return undefined;
  return new RegExp(longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), flags);
};

/**
 * The one gate: every text that leaves this process, in a result, an error or a log line, passes it. It knows the
 * secrets of the process and takes them out.
 */
export class Redactor {
  #secrets: string[] = [];
  #whole: RegExp | undefined;
  #pieces: RegExp | undefined;
  #ends: End[] = [];

  /** Remembers a secret; a shorter one than any real one is let be. */
  readonly remember = (secret: string): void => {
    if (secret.length < SHORTEST || this.#secrets.includes(secret)) return;
    const [first, ...others] = [...this.#secrets, secret];
    this.#secrets = [first ?? secret, ...others.slice(1 - MOST_KNOWN)];
    const shapes = new Set(this.#secrets.flatMap(shapesOf).filter((shape) => shape.length >= SHORTEST));
    this.#whole = anyOf(shapes, 'gi');
    this.#ends = [...shapes].flatMap(endsOf);
    this.#pieces = anyOf(
      this.#ends.map(({ known }) => known),
      'g',
    );
  };

  /** The text as it may leave: well-formed, without what nobody sees, and without any secret or piece of one. */
  readonly redact = (text: string): string => {
    let safe = clean(text);
    if (this.#whole !== undefined) safe = safe.replace(this.#whole, MASK);
    if (this.#pieces !== undefined) safe = this.#withoutPieces(safe, this.#pieces);
    for (const shape of SHAPES) safe = safe.replace(shape, MASK);
    return safe;
  };

  /** Takes out what is left of a secret that something cut in two: its start or its end, as far as it goes. */
  #withoutPieces(text: string, pieces: RegExp): string {
    let [safe, from] = ['', 0];
    for (const { index, 0: known } of text.matchAll(pieces)) {
      if (index < from) continue;
      const spans = this.#ends.filter((end) => end.known === known).map((end) => spanOf(text, index, end));
      const start = Math.max(from, Math.min(...spans.map((span) => span.start)));
      safe += `${text.slice(from, start)}${MASK}`;
      from = Math.max(...spans.map((span) => span.end));
    }
    return safe + text.slice(from);
  }
}

/** How far the text around a known end is the secret's. */
function spanOf(text: string, index: number, { shape, known, atStart }: End): { start: number; end: number } {
  let [start, end] = [index, index + known.length];
  if (atStart) while (end < text.length && text[end] === shape[end - index]) end += 1;
  else while (start > 0 && text[start - 1] === shape[shape.length - known.length - 1 - (index - start)]) start -= 1;
  return { start, end };
}
