import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { isSafe, type Outside, Unreachable } from './outside.js';

/** How long keys are used before they are read again. */
const KEPT_MS = 10 * 60_000;
/** For an unknown key they are read again at most this often. */
const AGAIN_MS = 1_000;
/** After a failure nobody is asked for this long. */
export const REST_MS = 2_000;

/** The identity provider, as its discovery document describes it. */
export interface Provider {
  /** @throws Unreachable */
  discovery(): Promise<Record<string, unknown>>;
  /** Finds the key of a token; if it is unknown, the keys are read once more. @throws Unreachable */
  key: JWTVerifyGetKey;
}

/** Both are read at the first need, and shared by all who need them. */
export function providerOf(
  { issuer, jwksUri }: { issuer: string; jwksUri: string | undefined },
  outside: Outside,
): Provider {
  const discovery = resting(async () => {
    const found = await documentOf(issuer, outside);
    if (found.issuer !== issuer) throw new Unreachable('its discovery document is of another issuer');
    return found;
  });
  const keys = resting(async () => {
    const uri = jwksUri ?? (await discovery.get(KEPT_MS)).jwks_uri;
    if (typeof uri !== 'string' || !isSafe(uri)) throw new Unreachable('it names no address of its keys');
    const set = await outside.object(uri);
    try {
      return createLocalJWKSet(set as unknown as JSONWebKeySet);
    } catch {
      throw new Unreachable('its keys can not be read');
    }
  });
  return {
    discovery: () => discovery.get(KEPT_MS),
    async key(header, token) {
      const find = await keys.get(KEPT_MS);
      try {
        return await find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        // The keys may have changed since.
        return await (await keys.get(AGAIN_MS))(header, token);
      }
    },
  };
}

/** Where the document is: as OpenID Connect has it, or as OAuth alone. */
async function documentOf(issuer: string, outside: Outside): Promise<Record<string, unknown>> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  try {
    return await outside.object(`${origin}${path}/.well-known/openid-configuration`);
  } catch {
    return outside.object(`${origin}/.well-known/oauth-authorization-server${path}`);
  }
}

/** A value that is read again once it is too old: once for all who ask meanwhile, and not soon after a failure. */
function resting<T>(read: () => Promise<T>) {
  let held: { value: T; at: number } | undefined;
  let failed: { error: unknown; at: number } | undefined;
  let reading: Promise<T> | undefined;
  const begin = async () => {
    try {
      const value = await read();
      held = { value, at: performance.now() };
      failed = undefined;
      return value;
    } catch (error) {
      failed = { error, at: performance.now() };
      throw error;
    } finally {
      reading = undefined;
    }
  };
  return {
    async get(oldestMs: number): Promise<T> {
      const now = performance.now();
      if (held !== undefined && now - held.at < oldestMs) return held.value;
      if (reading === undefined && failed !== undefined && now - failed.at < REST_MS) throw failed.error;
      reading ??= begin();
      return reading;
    },
  };
}
