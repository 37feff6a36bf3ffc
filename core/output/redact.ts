const SHAPES = [
  // With a digit in it, as any token has: "bearer authentication" in a ticket is no secret.
  /\bBearer\s+(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g,
  /\b(client_secret|access_token|refresh_token)=[^&\s"']+/gi,
];
const MASK = '[redacted]';

/**
 * A secret within base64, in both alphabets: the same bytes are written in three ways, depending on how many stand
 * before them (`id:secret` of basic authentication). What the neighbours have a share in is left out.
 */
function base64(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const end = Math.floor((bytes.length * 4) / 3);
  const own = bytes.toString('base64').slice(before === 0 ? 0 : before + 1, end);
  return own.length < 4 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

/** Knows the secrets of this process and takes them out of every text that leaves it: result, error or log line. */
export class Redactor {
  readonly #known = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret in the shapes in which it could leave: raw, URL-, base64- and JSON-encoded. */
  readonly remember = (secret: string): void => {
    if (secret.length < 4 || this.#known.has(secret)) return;
    const shapes = [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      new URLSearchParams({ s: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      ...[0, 1, 2].flatMap((before) => base64(secret, before)),
    ];
    for (const shape of shapes) this.#known.add(shape);
    const longestFirst = [...this.#known].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(
      longestFirst.map((known) => known.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
      'gi',
    );
  };

  /** The text without any secret. */
  readonly redact = (text: string): string => {
    let safe = this.#pattern === undefined ? text : text.replace(this.#pattern, MASK);
    for (const shape of SHAPES) safe = safe.replace(shape, MASK);
    return safe;
  };
}
