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

/** An address as it is used, and what was put right in it. */
export interface Address {
  url: string;
  /** The tenant that its query named. */
  tenant: string | undefined;
  /** A sentence, where it was given in another way than it is read. */
  corrected: string | undefined;
}

/**
 * The token endpoint and the API base: `<instance>/auth/token` and `<instance>/api`, unless they are set apart.
 * The tenant goes as a query parameter (shared log-in servers need it, others ignore it).
 * @param nameOf how an address is called in an error: by its variable, unless it stands elsewhere
 * @returns undefined where no address was given at all
 * @throws ConfigError as `readAddress` does
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

/** The two addresses that requests go to, of those that were given. */
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

/** Where Halo itself is the host, an instance is a host name, and whatever stands behind it a page of it. */
const HOSTED = /\.(halopsa|haloitsm|haloservicedesk|halocrm)\.com$/;
/** The first words of the paths that every Halo has below its address. */
const PAGES = ['api', 'auth', 'portal', 'apidoc', 'login', 'home', 'config', 'ticket', 'tickets'];

/**
 * An address as people paste it: without its scheme, with a slash, a page or a query behind it. It is put right where it
 * can mean one thing alone.
 * @param name what it is called in an error and in a correction; neither repeats what was given, which may hold anything
 * @throws ConfigError for what is no URL, is not https (but for loopback), holds user:password, or may mean several things
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

/** Its bare form; the token endpoint is as good a way to say where the log-in server is. */
const written = ({ origin, pathname }: URL) => `${origin}${pathname.replace(/\/+$/, '').replace(/\/token$/, '')}`;

/** The path of each address as it is used; undefined where it can't be told what belongs to it. */
const READERS: Record<AddressSetting, (path: string, isHosted: boolean) => string | undefined> = {
  instanceUrl(path, isHosted) {
    if (isHosted) return '';
    return path === '' ? '' : before(path, PAGES);
  },
  authUrl: (path) => (path === '' ? '' : (upTo(path, 'auth') ?? before(path, ['token', 'authorize', 'account']))),
  apiUrl: (path) => (path === '' ? '' : upTo(path, 'api')),
};

/** The part of a path before the first of some words. */
function before(path: string, words: readonly string[]): string | undefined {
  const parts = path.split('/');
  const at = parts.findIndex((part) => words.includes(part.toLowerCase()));
  return at === -1 ? undefined : parts.slice(0, at).join('/');
}

/** The part of a path that ends with a word. */
function upTo(path: string, word: string): string | undefined {
  const parts = path.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === word);
  return at === -1 ? undefined : parts.slice(0, at + 1).join('/');
}

/** A URL, also without its scheme: a host with a dot or a port, and nothing around it but brackets. */
function urlOf(text: string): URL | undefined {
  const bare = /^<(.*)>$/.exec(text)?.[1] ?? text;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)
    ? bare
    : /^(?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]+|localhost|\[[\da-f:.]+\])(:\d{1,5})?(?:[/?#].*)?$/iu.test(bare)
      ? withScheme(bare.replace(/^\/\//, ''))
      : bare;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** What runs on this machine speaks http, unless it says otherwise. */
function withScheme(bare: string): string {
  const secure = `https://${bare}`;
  return URL.canParse(secure) && isLoopback(new URL(secure).hostname) ? `http://${bare}` : secure;
}
