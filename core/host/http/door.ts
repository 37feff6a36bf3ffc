import { existsSync } from 'node:fs';
import { ConfigError } from '../../config-error.js';
import type { Log } from '../../logger.js';
import type { Server } from '../../server.js';
import type { Route } from './gate.js';
import type { OAuthParts } from './oauth/options.js';
import type { HttpOptions } from './options.js';
import { customersOf, type NotHere, type Principal, principalOf } from './principal.js';
import { anybody, byToken, FAILED, type SignIn } from './sign-in.js';
import { TokenBook } from './tokens/book.js';
import { BadTokens, type TokenEntry } from './tokens/file.js';

/** Who may come in, and whether the list of them is still readable. */
export interface Door {
  signIn: SignIn;
  isStale: () => boolean;
  /** What it serves itself, for clients that have to sign in. */
  routes: Route;
  close: () => void;
}

/**
 * Sets up how callers sign in.
 * @throws ConfigError if nobody could ever sign in
 */
export async function doorOf(
  server: Server,
  { auth, tokens, oauth: wanted, behindProxy }: Pick<HttpOptions, 'auth' | 'tokens' | 'oauth' | 'behindProxy'>,
  parts: Omit<OAuthParts, 'behindProxy'>,
): Promise<Door> {
  const { log, trusted, rates } = parts;
  const never = new AbortController().signal;
  if (!auth || tokens === undefined) {
    log.warn({}, 'Nobody has to sign in (--no-auth): whatever runs on this machine may call.');
    const principal = principalOf(server, { customer: server.customers, principal: 'anybody' }, never);
    return { signIn: anybody(principal), isStale: () => false, routes: () => false, close: () => undefined };
  }
  const own = (entry: TokenEntry, ended: AbortSignal): Principal | NotHere => {
    const { name, packs, tools } = entry;
    const customer = customersOf(entry, server.customers);
    if ('notHere' in customer) {
      log.warn({ principal: name }, `The token "${name}" can't be used here. ${customer.notHere}`);
      return customer;
    }
    return principalOf(server, { customer, principal: name, narrow: { packs, tools } }, ended);
  };
  const oauth =
    wanted && (await (await import('./oauth/oauth.js')).openOAuth(server, wanted, { ...parts, behindProxy }));
  const book = await bookOf(tokens, own, { log, needed: oauth === undefined });
  return {
    signIn: byToken({ book, oauth }, trusted, rates('failed', FAILED)),
    isStale: () => book?.fault !== undefined,
    routes: oauth?.routes ?? (() => false),
    close() {
      book?.close();
      oauth?.close();
    },
  };
}

/**
 * The tokens of a file.
 * @returns undefined if there is no file and callers can sign in another way
 * @throws ConfigError if nobody could sign in without it, or if it exists and can't be read
 */
async function bookOf(
  file: string,
  own: (entry: TokenEntry, ended: AbortSignal) => Principal | NotHere,
  { log, needed }: { log: Log; needed: boolean },
): Promise<TokenBook<Principal | NotHere> | undefined> {
  if (!needed && !existsSync(file)) return undefined;
  const book = new TokenBook(file, own, log);
  try {
    await book.open();
  } catch (error) {
    if (!(error instanceof BadTokens)) throw error;
    throw new ConfigError(
      `${needed ? 'Nobody could sign in. ' : ''}The file of tokens, ${file}: ${error.message}. Make a token with \`halo-mcp token new NAME --config FILE\`; or, on this machine alone, add --no-auth.`,
    );
  }
  if (needed && book.size === 0)
    log.warn(
      {},
      'There is no token, so nobody can sign in. `halo-mcp token new NAME` makes one; no restart is needed.',
    );
  return book;
}
