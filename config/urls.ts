import { ConfigError } from '../core/config-error.js';

/** Where Halo's two servers answer. */
export interface HaloUrls {
  /** Token endpoint, with the tenant as a query parameter where one is set. */
  token: string;
  /** Base of the API, without a slash at its end. */
  api: string;
}

export interface HaloAddress {
  instanceUrl?: string | undefined;
  authUrl?: string | undefined;
  apiUrl?: string | undefined;
  tenant?: string | undefined;
}

/**
 * The token endpoint and the API base: `<instance>/auth/token` and `<instance>/api`, unless they are set apart.
 * The tenant goes as a query parameter (shared log-in servers need it, others ignore it).
 * @returns undefined where no address was given at all
 * @throws ConfigError for a URL that is not https (but for loopback) or holds user:password
 */
export function haloUrls({ instanceUrl, authUrl, apiUrl, tenant }: HaloAddress): HaloUrls | undefined {
  const instance = instanceUrl === undefined ? undefined : base(instanceUrl, 'HALO_INSTANCE_URL');
  const auth = authUrl === undefined ? instance && `${instance}/auth` : base(authUrl, 'HALO_AUTH_URL');
  const api = apiUrl === undefined ? instance && `${instance}/api` : base(apiUrl, 'HALO_API_URL');
  if (auth === undefined || api === undefined) return undefined;
  const token = auth.endsWith('/token') ? auth : `${auth}/token`;
  return { token: tenant === undefined ? token : `${token}?tenant=${encodeURIComponent(tenant)}`, api };
}

function base(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new ConfigError(`${name} is not a URL. Give it as https://yourcompany.halopsa.com.`);
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(
      `${name} holds user:password. Take them out; the client id and secret have variables of their own.`,
    );
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new ConfigError(`${name} must start with https:// (http:// only for this machine). Correct it.`);
  if (url.search !== '' || url.hash !== '')
    throw new ConfigError(
      `${name} has a query or a fragment. Give the bare address, such as https://yourcompany.halopsa.com.`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
