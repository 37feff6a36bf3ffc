import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../core/loopback.js';
import type { HaloUrls, ProxyServer } from '../core/settings.js';
import { decoded } from './decoded.js';
import { unquoted } from './value.js';
import { unfilled } from './variables.js';

/** Which variable decides for https, the first that is set; only loopback is ever asked by http. */
const VARIABLES = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'].flatMap((name) => [name.toLowerCase(), name]);

/** The ways to both servers of a Halo, where they lead through a proxy; and why one that is named can't be used. */
export interface Ways {
  proxies?: { token?: ProxyServer; api?: ProxyServer };
  faults: string[];
}

/** The ways to a Halo by the proxy variables of this process; none of them for this machine, nor for what NO_PROXY names. */
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

/** The proxy, undefined for the direct way, or a sentence with its way out for one that can't be used. */
function proxyFor(address: string): ProxyServer | string | undefined {
  const url = new URL(address);
  if (isLoopback(url.hostname)) return undefined;
  // As a client without a proxy for https would: by the other one, which is asked for a tunnel as well.
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
    return `${variable} is no address of an http proxy. Give it as http://proxy.example:3128, or name Halo's host in NO_PROXY.`;
  const credentials = [url.username, url.password].map(decoded).join(':');
  return { variable, url: `${url.protocol}//${url.host}`, ...(credentials !== ':' && { credentials }) };
}

/** Takes user and password out of the proxy variables: no plugin, no child and no crash report shows them by mistake. */
export function hideCredentials(env: NodeJS.ProcessEnv): void {
  for (const name of VARIABLES) {
    const text = env[name];
    if (text?.includes('@')) env[name] = text.replace(/^(["']?[a-z]+:\/\/|["']?)[^/]*@/i, '$1');
  }
}

/** The proxy variables that are set, whichever decides. */
export const proxyVariables = (env: NodeJS.ProcessEnv): string[] => VARIABLES.filter((name) => env[name]);
