import { ConfigError } from '../core/config-error.js';
import { isLoopback } from '../core/loopback.js';
import type { HaloUrls } from '../core/settings.js';
import { shown } from '../core/shown.js';
import { type HaloSetting, variableOf } from './variables.js';

export interface HaloAddress {
  instanceUrl?: string | undefined;
  authUrl?: string | undefined;
  apiUrl?: string | undefined;
  tenant?: string | undefined;
}

type AddressSetting = Exclude<keyof HaloAddress, 'tenant'>;
export const ADDRESSES: readonly AddressSetting[] = ['instanceUrl', 'authUrl', 'apiUrl'];

/** An address as the server uses it, and what was corrected in it. */
export interface Address {
  url: string;
  /** The tenant that its query named. */
  tenant: string | undefined;
  /** A sentence about the correction, if the address was given differently. */
  corrected: string | undefined;
}

/**
 * The token endpoint and the API base: `<instance>/auth/token` and `<instance>/api`, unless they are set separately.
 * The tenant is sent as a query parameter (shared log-in servers need it, others ignore it).
 * @param nameOf what an error calls an address: its variable, unless it comes from elsewhere
 * @returns undefined if no address was given
 * @throws ConfigError like `readAddress`
 */
export function haloUrls(
  given: HaloAddress,
  nameOf: (setting: HaloSetting) => string = variableOf,
): HaloUrls | undefined {
  const read: Partial<Record<AddressSetting, Address>> = {};
  for (const setting of ADDRESSES) {
    const text = given[setting];
    if (text !== undefined) read[setting] = readAddress(setting, text, nameOf(setting));
  }
  return joined(read, given.tenant);
}

/** The two addresses that requests go to, from those given. */
export function joined(
  { instanceUrl, authUrl, apiUrl }: Partial<Record<AddressSetting, Address>>,
  given: string | undefined,
): HaloUrls | undefined {
  const auth = authUrl?.url ?? (instanceUrl && `${instanceUrl.url}/auth`);
  const api = apiUrl?.url ?? (instanceUrl && `${instanceUrl.url}/api`);
  if (auth === undefined || api === undefined) return undefined;
  const tenant = given ?? authUrl?.tenant ?? instanceUrl?.tenant;
  const query = tenant === undefined ? '' : `?tenant=${encodeURIComponent(tenant)}`;
  return { token: `${auth}/token${query}`, api };
}

/** Hosted by Halo, an instance is a host name, and any path after it is a page. */
const HOSTED = /\.(halopsa|haloitsm|haloservicedesk|halocrm)\.com$/;
/** The first path segments that every Halo has. */
const PAGES = ['api', 'auth', 'portal', 'apidoc', 'login', 'home', 'config', 'ticket', 'tickets'];

/**
 * Reads an address as people paste it: without its scheme, or followed by a slash, a page or a query. It is corrected
 * if it can mean only one thing.
 * @param name what errors and corrections call it; neither repeats the given text, which may hold anything
 * @throws ConfigError if it is not a URL, not https (except loopback), holds user:password, or is ambiguous
 */
export function readAddress(setting: AddressSetting, text: string, name: string): Address {
  const url = urlOf(text.trim());
  if (url === undefined) throw new ConfigError(`${name} is not a URL. Give it as https://yourcompany.halopsa.com.`);
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(
      `${name} holds user:password. Take them out; the client id and secret have variables of their own.`,
    );
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new ConfigError(`${name} must start with https:// (http:// only for this machine). Correct it.`);
  const path = url.pathname.replace(/\/+$/, '');
  const known = READERS[setting](path, HOSTED.test(url.hostname));
  if (known === undefined && (url.search !== '' || url.hash !== ''))
    throw new ConfigError(
      `${name} has a query or a fragment. Give the bare address, such as https://yourcompany.halopsa.com.`,
    );
  const read = `${url.origin}${known ?? path}`;
  const tenant = url.searchParams.get('tenant')?.trim() || undefined;
  const isPlain = /^https?:\/\//i.test(text.trim()) && url.search === '' && url.hash === '' && read === written(url);
  const is = tenant === undefined ? read : `${read} with the tenant ${shown(tenant, 60)}`;
  return { url: read, tenant, corrected: isPlain ? undefined : `${name} is read as ${is}; set it to that.` };
}

/** Its bare form. The token endpoint is also accepted as the log-in server. */
const written = ({ origin, pathname }: URL) => `${origin}${pathname.replace(/\/+$/, '').replace(/\/token$/, '')}`;

/** The path of each address as the server uses it; undefined if it can't be told which part belongs to it. */
const READERS: Record<AddressSetting, (path: string, isHosted: boolean) => string | undefined> = {
  instanceUrl(path, isHosted) {
    if (isHosted) return '';
    return path === '' ? '' : before(path, PAGES);
  },
  authUrl: (path) => (path === '' ? '' : (upTo(path, 'auth') ?? before(path, ['token', 'authorize', 'account']))),
  apiUrl: (path) => (path === '' ? '' : upTo(path, 'api')),
};

/** The part of a path before the first of these words. */
function before(path: string, words: readonly string[]): string | undefined {
  const parts = path.split('/');
  const at = parts.findIndex((part) => words.includes(part.toLowerCase()));
  return at === -1 ? undefined : parts.slice(0, at).join('/');
}

/** The part of a path up to and including a word. */
function upTo(path: string, word: string): string | undefined {
  const parts = path.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === word);
  return at === -1 ? undefined : parts.slice(0, at + 1).join('/');
}

/** Parses a URL, or a host with a dot or a port and no scheme, optionally in brackets. */
function urlOf(text: string): URL | undefined {
  const bare = /^<(.*)>$/.exec(text)?.[1] ?? text;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)
    ? bare
    : /^(?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+|localhost|\[[\da-f:.]+\])(:\d{1,5})?(?:[/?#].*)?$/iu.test(bare)
      ? withScheme(bare.replace(/^\/\//, ''))
      : bare;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** Adds the scheme: http for this machine, else https. */
function withScheme(bare: string): string {
  const secure = `https://${bare}`;
  return URL.canParse(secure) && isLoopback(new URL(secure).hostname) ? `http://${bare}` : secure;
}
