import { ConfigError } from '../core/config-error.js';
import type { HaloUrls } from '../core/settings.js';
import { type HaloSetting, variableOf } from './variables.js';

export interface HaloAddress {
  instanceUrl?: string | undefined;
  authUrl?: string | undefined;
  apiUrl?: string | undefined;
  tenant?: string | undefined;
}

/**
 * The token endpoint and the API base: `<instance>/auth/token` and `<instance>/api`, unless they are set apart.
 * The tenant goes as a query parameter (shared log-in servers need it, others ignore it).
 * @param nameOf how an address is called in an error: by its variable, unless it stands elsewhere
 * @returns undefined where no address was given at all
 * @throws ConfigError for a URL that is not https (but for loopback) or holds user:password
 */
export function haloUrls(
  { instanceUrl, authUrl, apiUrl, tenant }: HaloAddress,
  nameOf: (setting: HaloSetting) => string = variableOf,
): HaloUrls | undefined {
  const instance = instanceUrl === undefined ? undefined : base(instanceUrl, nameOf('instanceUrl'));
  const auth = authUrl === undefined ? instance && `${instance}/auth` : base(authUrl, nameOf('authUrl'));
  const api = apiUrl === undefined ? instance && `${instance}/api` : base(apiUrl, nameOf('apiUrl'));
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
