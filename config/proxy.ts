import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../core/loopback.js';
import type { HaloUrls, ProxyServer, WayTo } from '../core/settings.js';
import { decoded } from './decoded.js';
import { unquoted } from './value.js';
import { unfilled } from './variables.js';

/** The variables for https; the first that is set decides. Only loopback is ever reached by http. */
const VARIABLES = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'].flatMap((name) => [name.toLowerCase(), name]);

/** The proxies on the way to both servers of a Halo, and why a named one can't be used. */
export interface Ways {
  proxies?: { token?: ProxyServer; api?: ProxyServer };
  faults: string[];
}

/**
 * The proxies for a Halo, from the variables of this process. This machine, and hosts in NO_PROXY, are reached
 * directly.
 */
export function waysTo(urls: HaloUrls | undefined): Ways {
  const proxies: NonNullable<Ways['proxies']> = {};
  const faults = new Set<string>();
  const wayTo = wayOut();
  for (const server of ['token', 'api'] as const) {
    const way = urls && wayTo(urls[server]);
    if (typeof way === 'string') faults.add(way);
    else if (way !== undefined) proxies[server] = way;
  }
  return { ...(Object.keys(proxies).length > 0 && { proxies }), faults: [...faults] };
}

/** The way to any address by the proxy variables, read now because they lack the credentials later. */
export function wayOut(): WayTo {
  const variable = VARIABLES.find((name) => process.env[name]);
  const proxy = variable === undefined ? undefined : proxyOf(variable, unquoted(process.env[variable] ?? ''));
  return (address) => (isDirect(new URL(address)) ? undefined : proxy);
}

function isDirect({ href, hostname, port }: URL): boolean {
  if (isLoopback(hostname)) return true;
  // Without a proxy for https, the one for http is asked for a tunnel, as other clients do.
  return getProxyForUrl(href) === '' && getProxyForUrl(`http://${hostname}:${port || 443}`) === '';
}

function proxyOf(variable: string, text: string): ProxyServer | string {
  const fault = unfilled(variable, text);
  if (fault !== undefined) return fault;
  const whole = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return `${variable} is not the address of an http proxy. Give it as http://proxy.example:3128, or name in NO_PROXY the hosts that need none.`;
  const credentials = [url.username, url.password].map(decoded).join(':');
  return { variable, url: `${url.protocol}//${url.host}`, ...(credentials !== ':' && { credentials }) };
}

/** Removes user and password from the proxy variables, so that no plugin, child process or crash report shows them. */
export function hideCredentials(env: NodeJS.ProcessEnv): void {
  for (const name of VARIABLES) {
    const text = env[name];
    if (text?.includes('@')) env[name] = text.replace(/^(["']?[a-z]+:\/\/|["']?)[^/]*@/i, '$1');
  }
}

/** All proxy variables that are set, not only the one that decides. */
export const proxyVariables = (env: NodeJS.ProcessEnv): string[] => VARIABLES.filter((name) => env[name]);
