import { resolve } from 'node:path';
import { type Config, ConfigError, readSecret } from '../config/index.js';
import type { OAuthOptions } from '../core/host/http/oauth/options.js';
import { issuerOf } from '../core/host/http/oauth/proxy/kinds.js';
import type { Redactor } from '../core/output/redact.js';
import { loginOf, type Settings } from '../core/settings.js';

/**
 * How callers sign in by OAuth. From here on the proxy's secret is redacted. Who may call is a decision, so a config
 * that was merely found can't make it.
 * @throws ConfigError if the secret can't be read, or the proxy on the way to the provider can't be used
 */
export function oauthOf(
  { named, directory }: Pick<Settings, 'named' | 'directory'>,
  { oauth, wayTo }: Pick<Config['http'], 'oauth'> & Pick<Config, 'wayTo'>,
  redactor: Redactor,
): OAuthOptions | undefined {
  if (!named || oauth === undefined) return undefined;
  const { proxy, audience, jwksUri, ...given } = oauth;
  const issuer = proxy === undefined ? (given.issuer ?? '') : issuerOf(given.issuer ?? '', proxy);
  const way = wayTo(issuer);
  if (typeof way === 'string') throw new ConfigError(way);
  for (const secret of loginOf(way)) redactor.remember(secret);
  const rest = { ...given, issuer, audience, jwksUri, wayTo };
  if (proxy === undefined) return { ...rest, proxy: undefined };
  const { clientSecretFile, scopes, ...known } = proxy;
  const { secret, fault } = readSecret(resolve(directory, clientSecretFile));
  if (secret === undefined) throw new ConfigError(fault ?? 'The secret of "http.oauth.proxy" can not be read.');
  redactor.remember(secret, 'secret', 'http.oauth.proxy');
  return { ...rest, proxy: { ...known, scopes, clientSecret: secret } };
}
