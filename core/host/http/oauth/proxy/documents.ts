import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../../../../loopback.js';
import type { Outside } from '../outside.js';

/** The longest document that is read, in bytes; real ones have a few hundred. */
const MOST_BYTES = 16_384;
/** How long the lookup of a name may take. */
const LOOKUP_MS = 3_000;
/** How many addresses of a name are tried. */
const MOST_ADDRESSES = 2;

/** All addresses of a name; rejects if there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveName: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

export interface DocumentParts {
  outside: Outside;
  /** True if this server runs on the user's own machine: then a document may be there as well. */
  local: boolean;
  resolve?: Resolve;
}

/**
 * Reads a client's metadata. A stranger chose the address, so it must not lead this server into its own network: the name
 * is looked up and its addresses are checked first, and then one of those is connected to, whatever the name stands for
 * by then. Gives undefined for an address that may not be asked, and if no document came.
 */
export const documentsBy =
  ({ outside, local, resolve = resolveName }: DocumentParts) =>
  async (address: string): Promise<Record<string, unknown> | undefined> => {
    const url = new URL(address);
    const { protocol, hostname, pathname, username, password, search, hash } = url;
    if (username + password + search + hash !== '' || pathname === '/') return undefined;
    const read = (at?: string) => outside.object(address, { at, maxBytes: MOST_BYTES }).catch(() => undefined);
    if (local && protocol === 'http:' && isLoopback(hostname)) return read();
    if (protocol !== 'https:') return undefined;
    const bare = hostname.replace(/^\[(.*)\]$/, '$1');
    const all = isIP(bare) ? [bare] : await inTime(resolve(bare)).catch(() => []);
    if (all.some(isInside)) return undefined;
    for (const at of all.toSorted((one, other) => isIP(one) - isIP(other)).slice(0, MOST_ADDRESSES)) {
      const found = await read(at);
      if (found !== undefined) return found;
    }
    return undefined;
  };

function inTime<T>(found: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(reject, LOOKUP_MS);
    found.then(resolve, reject).finally(() => clearTimeout(alarm));
  });
}

/** Networks that outsiders must not reach through this server, and those whose addresses may stand for one of them. */
const INSIDE = new BlockList();
for (const [network, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const),
] as const)
  INSIDE.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  INSIDE.addSubnet(network, bits, 'ipv6');

/** True for an address that only the inside of a network reaches. */
export const isInside = (address: string): boolean => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return INSIDE.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
};
