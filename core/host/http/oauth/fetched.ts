import { isLoopback } from '../../../loopback.js';

/** How long an identity provider may take. */
const MS = 5_000;
/** The longest answer that is read, in bytes. */
const MOST_BYTES = 2 ** 20;

/** The identity provider gave no answer that can be used. What it said goes nowhere. */
export class Unreachable extends Error {}

/** True for an address that is asked over TLS, or on this machine. */
export const isSafe = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
};

/**
 * A JSON object from the identity provider. Redirects are not followed, as they could lead anywhere.
 * @throws Unreachable
 */
export async function fetched(url: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const found = await fetchedAny(url, headers);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Unreachable('no object came');
  return found as Record<string, unknown>;
}

/** Any JSON. @throws Unreachable */
export async function fetchedAny(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  if (!isSafe(url)) throw new Unreachable('its address is not https');
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(MS),
    });
    if (!answer.ok || answer.body === null) throw new Unreachable(`it answered ${answer.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > MOST_BYTES) throw new Unreachable('its answer is too long');
      parts.push(part);
    }
    return JSON.parse(Buffer.concat(parts).toString());
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable('it gave no answer that can be read');
  }
}
