import { HaloError } from '../errors.js';
import type { ProxyServer } from '../settings.js';
import { Passing } from './retry.js';

/** Begins the code of every error that is the proxy's, not Halo's; the status that it refused with follows. */
export const PROXY = 'PROXY_';
/** It did not answer. */
export const SILENT = `${PROXY}SILENT`;

/** What to do about a proxy that wants a login. */
export const LOGIN_OF_PROXY =
  "Put its user and password into HTTPS_PROXY (http://user:password@proxy.example:3128), or name Halo's host in NO_PROXY.";

/** A proxy's error in our own words, so that Halo is not blamed for it; undefined for any other error. */
export function proxyFault(error: unknown, { url, variable }: ProxyServer): HaloError | Passing | undefined {
  const { code = '' } = error as { code?: string };
  if (!code.startsWith(PROXY)) return undefined;
  const proxy = `The proxy ${new URL(url).host} (${variable})`;
  const remedy = `Check ${variable}; NO_PROXY names the hosts that are asked directly.`;
  const unreachable = (sentence: string, way = remedy) => new HaloError('HALO_UNREACHABLE', sentence, { remedy: way });
  const status = Number(code.slice(PROXY.length));
  if (status === 407) return unreachable(`${proxy} asks for a login (HTTP 407).`, LOGIN_OF_PROXY);
  if (status >= 400 && status < 500) return unreachable(`${proxy} refuses the way to Halo (HTTP ${status}).`);
  if (code === SILENT) return new Passing(unreachable(`${proxy} does not answer.`), 'unreachable');
  if (Number.isNaN(status))
    return new HaloError('HALO_TLS', `The certificate of the proxy ${new URL(url).host} (${variable}) is not trusted.`);
  return new Passing(unreachable(`${proxy} does not reach Halo (HTTP ${status}).`), 'unreachable');
}
