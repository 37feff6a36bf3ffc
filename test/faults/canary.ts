import { readFileSync } from 'node:fs';

/**
 * What must never leave the process in anything that it writes: the client secret and the tokens. Written independently
 * of the server's redactor, so that the two can't share a mistake.
 */

/** Secrets and tokens of the sandbox begin with it. */
const MARK = 's4ndb0x-';

/** Shorter ones, as in some tests, also occur in harmless words. */
const SHORTEST = 8;
/** This many characters of a secret's start or end are a leak. */
const PIECE = 10;

/**
 * The forms in which a secret may leave: raw, in capitals, URL-, form-, JSON-, hex- and base64-encoded at any offset.
 */
export function shapesOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset, 'x'), bytes]).toString('base64');
    // Characters that the neighbours affect are left out.
    const own = text.slice(offset === 0 ? 0 : offset + 1, Math.floor(((bytes.length + offset) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const shapes = [
    ...[secret, secret.toUpperCase(), secret.toLowerCase(), encodeURIComponent(secret)],
    ...[new URLSearchParams([['', secret]]).toString().slice(1), JSON.stringify(secret).slice(1, -1)],
    ...[bytes.toString('hex'), ...base64],
  ];
  return [...new Set(shapes)];
}

/** The forms of a secret, and its first and last characters. */
const hunted = (secret: string): string[] =>
  secret.length < 2 * PIECE ? shapesOf(secret) : [...shapesOf(secret), secret.slice(0, PIECE), secret.slice(-PIECE)];

/** Every place where a secret shows: its form, and the text around it. The sandbox's secrets are always included. */
export function leaksIn(bytes: string, secrets: Iterable<string> = []): string[] {
  const known = [...secrets].filter((secret) => secret.length >= SHORTEST);
  return [...new Set([...shapesOf(MARK), ...known.flatMap(hunted)])].flatMap((shape) => {
    const at = bytes.indexOf(shape);
    return at === -1 ? [] : [`${shape} in: ${bytes.slice(Math.max(0, at - 60), at + 80)}`];
  });
}

/** The secrets that a server is started with. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  const file = env.HALO_CLIENT_SECRET_FILE;
  let kept = '';
  try {
    kept = file === undefined ? '' : readFileSync(file, 'utf8').trim();
  } catch {
    // A missing file holds no secret.
  }
  return [env.HALO_CLIENT_SECRET ?? '', kept].filter((secret) => secret !== '');
}

/** @throws Error if a secret shows in what a process wrote */
export function expectNoLeak(written: Record<string, string>, secrets: Iterable<string> = []): void {
  for (const [stream, bytes] of Object.entries(written)) {
    const leaks = leaksIn(bytes, secrets);
    if (leaks.length > 0) throw new Error(`A secret leaves by ${stream}: ${leaks.join('\n')}`);
  }
}
