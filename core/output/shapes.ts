import { clean } from './clean.js';

/** Anything shorter does not count as a secret: every text would be full of holes. */
export const SHORTEST = 4;
/** A piece of a secret this long is removed like the whole. */
const PIECE = 8;

/** How a secret is recognized in a text. */
export interface Shape {
  /** What is searched for. */
  text: string;
  /** Of `text`, what is looked at first: a few characters at its end. */
  known: string;
  /** All of it, in any case; or what is left of its start or end after something cut it in two, in its own case. */
  part: 'whole' | 'start' | 'end';
  /** What follows a known start, or precedes a known end. */
  rest: string;
}

/**
 * The shapes in which a secret could leave: raw, URL-, base64-, hex- and JSON-encoded, and the two ends of each.
 * @param secret of at least {@link SHORTEST} characters
 * @param pieces whether pieces from its middle count, too
 */
export function shapesOf(secret: string, pieces = false): Shape[] {
  const wholes = new Set([
    secret,
    clean(secret),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ s: secret }).toString().slice(2),
    ...jsonOf(secret),
    Buffer.from(secret).toString('hex'),
    ...[0, 1, 2].flatMap((before) => base64(secret, before)),
  ]);
  return [
    ...[...wholes].filter((text) => text.length >= SHORTEST).flatMap((text) => [whole(text), ...endsOf(text)]),
    ...(pieces ? piecesOf(secret) : []),
  ];
}

/** As JavaScript writes it in JSON, as encoders that escape slashes do, and as .NET does. */
function jsonOf(secret: string): string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const code = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [plain, plain.replaceAll('/', '\\/'), plain.replaceAll('\\"', '\\u0022').replace(/[+&<>'`]/g, code)];
}

/** Pieces of a longer secret are not searched for: Halo's own have some dozen characters. */
const MOST_IN_PIECES = 256;

/** Each eight characters from the middle that hold a digit, and what follows: cells and lines may cut it in three. */
function piecesOf(text: string): Shape[] {
  if (text.length < 2 * PIECE || text.length > MOST_IN_PIECES) return [];
  const places = new Map<string, number>();
  for (let at = 1; at <= text.length - PIECE; at += 1) {
    const known = text.slice(at, at + PIECE);
    if (/\d/.test(known) && !places.has(known)) places.set(known, at);
  }
  return [...places].map(([known, at]) => ({ text, known, part: 'start', rest: text.slice(at + PIECE) }));
}

const whole = (text: string): Shape => ({ text: fold(text), known: fold(text).slice(-PIECE), part: 'whole', rest: '' });

/** Without case, character by character: the text keeps its length. */
export const fold = (text: string): string => text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');

/**
 * A secret within base64, in both alphabets: the same bytes are written in three ways, depending on how many precede
 * them (`id:secret` of basic authentication). Characters that the neighbours share are left out.
 */
function base64(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const end = Math.floor((bytes.length * 4) / 3);
  const own = bytes.toString('base64').slice(before === 0 ? 0 : before + 1, end);
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

/** The ends of a shape: eight characters, and on to the first digit, as "password" may be the start of a password. */
function endsOf(text: string): Shape[] {
  if (text.length < 2 * PIECE) return [];
  const start = text.slice(0, Math.max(PIECE, text.search(/\d/) + 1));
  const end = text.slice(-Math.max(PIECE, /\d\D*$/.exec(text.slice(-2 * PIECE))?.[0].length ?? 0));
  const ends: Shape[] = [
    { text, known: start, part: 'start', rest: text.slice(start.length) },
    { text, known: end, part: 'end', rest: text.slice(0, -end.length) },
  ];
  return ends.filter(({ known }) => /\d/.test(known) && known.length <= 2 * PIECE);
}
