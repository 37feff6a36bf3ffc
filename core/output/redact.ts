const SHAPES = [
  /\bBearer\s+[\w.~+/-]{8,}=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g,
  /\b(client_secret|access_token|refresh_token)=[^&\s"']+/gi,
];
const MASK = '[redacted]';

/** Knows the secrets of this process and takes them out of every text that leaves it: result, error or log line. */
export class Redactor {
  readonly #known = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret in the shapes in which it could leave: raw, URL-, base64- and JSON-encoded. */
  readonly remember = (secret: string): void => {
    if (secret.length < 4 || this.#known.has(secret)) return;
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    const shapes = [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ s: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      base64,
      Buffer.from(secret).toString('base64url'),
    ];
    for (const shape of shapes) this.#known.add(shape);
    const longestFirst = [...this.#known].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(
      longestFirst.map((known) => known.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
      'g',
    );
  };

  /** The text without any secret. */
  readonly redact = (text: string): string => {
    let safe = this.#pattern === undefined ? text : text.replace(this.#pattern, MASK);
    for (const shape of SHAPES) safe = safe.replace(shape, MASK);
    return safe;
  };
}
