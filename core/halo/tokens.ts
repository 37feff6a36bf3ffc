import type { Log } from '../logger.js';
import type { Limiter } from './limiter.js';
import type { Scope } from './scopes.js';
import type { HaloStore } from './shared-budget.js';
import { sharedToken } from './shared-token.js';
import { type Credentials, TokenSource } from './token.js';

/** The tokens of one client: requested once for all servers with the same login, if they share a store. */
export function tokensOf(
  connection: Omit<Credentials, 'timeoutMs'> & { apiUrl: string },
  scopes: readonly Scope[],
  limiter: Limiter,
  { timeoutMs, log, store }: { timeoutMs: number; log: Log; store?: HaloStore | undefined },
  known: (token: string) => void,
): TokenSource {
  const { apiUrl, tokenUrl, clientId, clientSecret } = connection;
  const shelf = store?.shelf('token');
  const shared = shelf && sharedToken(shelf, [apiUrl, tokenUrl, clientId, clientSecret], scopes);
  return new TokenSource(scopes, { ...connection, timeoutMs }, limiter, log, known, shared);
}
