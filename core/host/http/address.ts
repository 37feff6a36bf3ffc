import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Parses addresses and networks, such as `10.0.0.0/8` or `::1`. */
export function networkOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const kind = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, kind);
    else list.addSubnet(address, Number(bits), kind);
  }
  return list;
}

/** True for an address or a network that `networkOf` takes. */
export function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

/** An address as it is listed: without a port, and IPv4 inside IPv6 as IPv4. */
const plain = (address: string): string =>
  address
    .trim()
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/^\[(.*)\](?::\d+)?$/, '$1');

const isIn = (list: BlockList, address: string): boolean => {
  const kind = isIP(address);
  return kind !== 0 && list.check(address, kind === 6 ? 'ipv6' : 'ipv4');
};

/** An owner of one IPv6 address owns its whole /64 network. */
function ownerOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

/**
 * Where a request comes from, for limits: an IPv4 address or an IPv6 network. X-Forwarded-For counts only if it
 * comes from a trusted proxy; of the addresses in it, the last one that is not a trusted proxy counts.
 */
export const callerOf = (req: IncomingMessage, trusted: BlockList): string => ownerOf(addressOf(req, trusted));

function addressOf(req: IncomingMessage, trusted: BlockList): string {
  const direct = plain(req.socket.remoteAddress ?? '');
  if (!isIn(trusted, direct)) return direct;
  const said = String(req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map(plain);
  return said.findLast((address) => isIP(address) !== 0 && !isIn(trusted, address)) ?? direct;
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Where to listen. */
export interface Place {
  /** A name or an address, IPv6 without brackets. */
  host: string;
  /** 0 for any free port. */
  port: number;
}

/**
 * Parses `HOST:PORT`, `HOST`, `:PORT` or `PORT`, with defaults from the other. A word without a port is no host.
 * @returns undefined for anything else
 */
export function placeOf(text: string, otherwise: Place): Place | undefined {
  if (/^\d{1,5}$/.test(text)) return checked({ ...otherwise, port: Number(text) });
  const [, six, name, port] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]*))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (six === undefined && name === undefined) return undefined;
  if (six !== undefined && isIP(six) !== 6) return undefined;
  if (port === undefined && /^(?!localhost$)[a-z_-]/i.test(name ?? '') && !name?.includes('.')) return undefined;
  return checked({ host: six ?? (name || otherwise.host), port: port === undefined ? otherwise.port : Number(port) });
}

const checked = (place: Place): Place | undefined => (place.port <= 65_535 ? place : undefined);

/** A host as it is written in a URL. */
export const shownHost = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
