import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../core/loopback.js';
import type { HaloUrls, ProxyServer } from '../core/settings.js';
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
  for (const server of ['token', 'api'] as const) {
    const way = urls && proxyFor(urls[server]);
    if (typeof way === 'string') faults.add(way);
    else if (way !== undefined) proxies[server] = way;
  }
  return { ...(Object.keys(proxies).length > 0 && { proxies }), faults: [...faults] };
}

/** The proxy, undefined for a direct connection, or a sentence with its way out if the proxy can't be used. */
function proxyFor(address: string): ProxyServer | string | undefined {
  const url = new URL(address);
  if (isLoopback(url.hostname)) return undefined;
  // Without an https proxy, the http one is used, which tunnels as well.
  const plain = `http://${url.hostname}:${url.port || 443}`;
  if (getProxyForUrl(url.href) === '' && getProxyForUrl(plain) === '') return undefined;
  const variable = VARIABLES.find((name) => process.env[name]);
  return variable === undefined ? undefined : proxyOf(variable, unquoted(process.env[variable] ?? ''));
}

function proxyOf(variable: string, text: string): ProxyServer | string {
  const fault = unfilled(variable, text);
  if (fault !== undefined) return fault;
  const whole = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return `${variable} is not the address of an http proxy. Give it as http://proxy.example:3128, or name Halo's host in NO_PROXY.`;
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
