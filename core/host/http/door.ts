import type { BlockList } from 'node:net';
import { ConfigError } from '../../config-error.js';
import type { Log } from '../../logger.js';
import type { Server } from '../../server.js';
import type { Rate, Rates } from '../../store/rates.js';
import type { HttpOptions } from './options.js';
import { customersOf, type NotHere, type Principal, principalOf } from './principal.js';
import { anybody, byToken, FAILED, type SignIn } from './sign-in.js';
import { TokenBook } from './tokens/book.js';
import { BadTokens, type TokenEntry } from './tokens/file.js';

/** Who is let in, and whether what says so can still be read. */
export interface Door {
  signIn: SignIn;
  isStale: () => boolean;
  close: () => void;
}

/**
 * The way in of a server.
 * @throws ConfigError where nobody could ever sign in
 */
export async function doorOf(
  server: Server,
  { auth, tokens }: Pick<HttpOptions, 'auth' | 'tokens'>,
  trusted: BlockList,
  log: Log,
  rates: (purpose: string, rate: Rate) => Rates,
): Promise<Door> {
  const never = new AbortController().signal;
  if (!auth || tokens === undefined) {
    log.warn({}, 'Nobody has to sign in (--no-auth): whatever runs on this machine may call.');
    const principal = principalOf(server, { customer: server.customers, principal: 'anybody' }, never);
    return { signIn: anybody(principal), isStale: () => false, close: () => undefined };
  }
  const own = (entry: TokenEntry, ended: AbortSignal): Principal | NotHere => {
    const { name, packs, tools } = entry;
    const customer = customersOf(entry, server.customers);
    if ('notHere' in customer) {
      log.warn({ principal: name }, `The token "${name}" is of no use here. ${customer.notHere}`);
      return customer;
    }
    return principalOf(server, { customer, principal: name, narrow: { packs, tools } }, ended);
  };
  const book = new TokenBook(tokens, own, log);
  try {
    await book.open();
  } catch (error) {
    if (!(error instanceof BadTokens)) throw error;
    throw new ConfigError(
      `Nobody could sign in. The file of tokens, ${tokens}: ${error.message}. Make a token with \`halo-mcp token new NAME --config FILE\`; or, on this machine alone, add --no-auth.`,
    );
  }
  if (book.size === 0)
    log.warn(
      {},
      'There is no token, so nobody can sign in. `halo-mcp token new NAME` makes one; no restart is needed.',
    );
  return {
    signIn: byToken(book, trusted, rates('failed', FAILED)),
    isStale: () => book.fault !== undefined,
    close: () => book.close(),
  };
}
