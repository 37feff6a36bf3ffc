import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback } from '../../../../loopback.js';
import { networkOf } from '../../address.js';
import type { Outside } from '../outside.js';

/** The longest document to read, in bytes; real ones have a few hundred. */
const MOST_BYTES = 16_384;
/** The time limit for each try at looking up a name, and the number of tries. */
const LOOKUP = { timeout: 1_000, tries: 2 };
/** The most addresses of a name to try. */
const MOST_ADDRESSES = 2;

/** All addresses of a name; rejects if there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/**
 * Asks the name servers. The system's own lookup would let a stranger's slow name server hold the few threads that
 * Halo's name needs as well.
 */
export const resolveBy =
  (servers?: readonly string[]): Resolve =>
  async (name) => {
    const resolver = new Resolver(LOOKUP);
    if (servers !== undefined) resolver.setServers(servers);
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  };

export interface DocumentParts {
  outside: Outside;
  /** True if this server runs on the user's own machine, where a document may then be too. */
  local: boolean;
  resolve?: Resolve;
}

/**
 * Reads a client's metadata. A stranger chose the address, so it must not lead this server into its own network: the
 * addresses of its name are checked first, and only one of those is then connected to, even if the name has moved on.
 * Gives undefined if the address may not be asked or sends no document.
 */
export const documentsBy =
  ({ outside, local, resolve = resolveBy() }: DocumentParts) =>
  async (address: string): Promise<Record<string, unknown> | undefined> => {
    const url = new URL(address);
    const { protocol, hostname, pathname, username, password, search, hash } = url;
    if (username + password + search + hash !== '' || pathname === '/') return undefined;
    const read = (at?: string) => outside.object(address, { at, maxBytes: MOST_BYTES }).catch(() => undefined);
    if (local && protocol === 'http:' && isLoopback(hostname)) return read();
    if (protocol !== 'https:') return undefined;
    const bare = hostname.replace(/^\[(.*)\]$/, '$1');
    const all = isIP(bare) ? [bare] : await resolve(bare).catch(() => []);
    if (all.some(isInside)) return undefined;
    // One of each kind first, since this server may reach only one kind.
    const firsts = [4, 6].flatMap((kind) => all.find((one) => isIP(one) === kind) ?? []);
    for (const at of [...new Set([...firsts, ...all])].slice(0, MOST_ADDRESSES)) {
      const found = await read(at);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** IPv4 networks that outsiders must not reach through this server. */
const INSIDE = networkOf([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
]);
/** Public IPv6, and the parts of it whose addresses may stand for an IPv4 address. */
const WORLD = networkOf(['2000::/3']);
const TRANSLATED = networkOf(['2001::/23', '2002::/16']);

/** True for an address that can only be reached from inside a network. */
export const isInside = (address: string): boolean =>
  isIP(address) === 4 ? INSIDE.check(address) : !WORLD.check(address, 'ipv6') || TRANSLATED.check(address, 'ipv6');
