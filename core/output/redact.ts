import { clean } from './clean.js';
import { unescaped } from './escapes.js';
import { Hunt, joined, type Span } from './hunt.js';
import { SHORTEST, type Shape, shapesOf } from './shapes.js';

const MASK = '[redacted]';

/** What looks like a token, whoever owns it. It holds a digit: "bearer authentication" in a ticket is no secret. */
const BEARER = /\bBearer\s+(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*/gi;
const NAMED = /\b(client_secret|access_token|refresh_token)=[^&\s"'\\]+/gi;
/** Three parts of a word each, from where the first begins: a start at every letter would reread a long word. */
const DOTTED = /(?<![\w-])[\w-]{11,}\.[\w-]{4,}\.[\w-]*/g;
const JWT = /\beyJ[\w-]{8,}\..*/;

/** No shorter text can match one of these. */
const SHORTEST_TOKEN = 'access_token=x'.length;

/** The longest that is accepted, in bytes of UTF-8. Halo's own secrets have some dozen, its tokens a few thousand. */
export const MOST_BYTES = { secret: 4096, token: 16_384 };

/** A client secret, or a token, which lives for hours where a server lives for months. */
export type Kind = keyof typeof MOST_BYTES;

/** True for a secret or token longer than any real one: its reader refuses it, in words of its own. */
export const isTooLong = (text: string, kind: Kind): boolean =>
  text.length > MOST_BYTES[kind] || Buffer.byteLength(text) > MOST_BYTES[kind];

/** The most tokens of one owner that are known at once, the latest ones; secrets are known for ever. */
const MOST_TOKENS = 15;

/** How many times a text may have been escaped: what an error of a server that quotes another's quotes holds. */
const MOST_LAYERS = 3;

/** Secrets by their text, latest last. */
type Known = Map<string, Shape[]>;

/**
 * The one gate: every text that leaves this process, in a result, an error or a log line, passes it. It knows the
 * secrets of the process and removes them.
 */
export class Redactor {
  readonly #secrets: Known = new Map();
  /** By owner: the many tokens of one owner push out none of another's. */
  readonly #tokens = new Map<unknown, Known>();
  #hunt = new Hunt([]);

  /**
   * Remembers a secret, or a token while it is among the latest of its owner; one that is shorter than any real one is
   * ignored.
   * @param owner whoever logs in with it, the same one each time
   */
  readonly remember = (secret: string, kind: Kind = 'secret', owner: unknown = undefined): void => {
    if (secret.length < SHORTEST || this.#secrets.has(secret)) return;
    const shapes = this.#all.get(secret) ?? shapesOf(secret, kind === 'secret');
    if (kind === 'secret') {
      for (const tokens of this.#tokens.values()) tokens.delete(secret);
      this.#secrets.set(secret, shapes);
    } else {
      const tokens: Known = this.#tokens.get(owner) ?? new Map();
      tokens.delete(secret);
      tokens.set(secret, shapes);
      for (const old of [...tokens.keys()].slice(0, -MOST_TOKENS)) tokens.delete(old);
      this.#tokens.set(owner, tokens);
    }
    this.#hunt = new Hunt([...this.#all.values()].flat());
  };

  /** Where secrets stand in a text, also behind the escapes of addresses, HTML, JSON and programs, and escapes of those. */
  #find(text: string, layers = MOST_LAYERS): Span[] {
    const found = this.#hunt.find(text);
    const inner = layers > 0 ? unescaped(text) : undefined;
    if (inner === undefined) return found;
    return joined([...found, ...this.#find(inner.text, layers - 1).map(inner.placeOf)]);
  }

  /** Everything that is known, each once, whoever owns it. */
  get #all(): Known {
    return new Map([this.#secrets, ...this.#tokens.values()].flatMap((known) => [...known]));
  }

  /** The text as it may leave: well-formed, without invisible characters, and without any secret or piece of one. */
  readonly redact = (text: string): string => {
    const seen = clean(text);
    let [safe, from] = ['', 0];
    for (const { start, end } of this.#find(seen)) {
      safe += `${seen.slice(from, start)}${MASK}`;
      from = end;
    }
    safe += seen.slice(from);
    if (safe.length < SHORTEST_TOKEN) return safe;
    return safe
      .replace(BEARER, MASK)
      .replace(DOTTED, (word) => word.replace(JWT, MASK))
      .replace(NAMED, MASK);
  };
}
