import { resolve } from 'node:path';
import { type Config, ConfigError, readSecret } from '../config/index.js';
import type { OAuthOptions } from '../core/host/http/oauth/options.js';
import type { Redactor } from '../core/output/redact.js';
import type { Settings } from '../core/settings.js';

/**
 * How callers sign in by OAuth. From here on the proxy's secret is redacted. Who may call is a decision, so a config
 * that was merely found can't make it.
 * @throws ConfigError if the secret can't be read
 */
export function oauthOf(
  { named, directory }: Pick<Settings, 'named' | 'directory'>,
  { oauth }: Config['http'],
  redactor: Redactor,
): OAuthOptions | undefined {
  if (!named || oauth === undefined) return undefined;
  const { proxy, issuer = '', audience, jwksUri, ...rest } = oauth;
  if (proxy === undefined) return { ...rest, issuer, audience, jwksUri, proxy: undefined };
  const { clientSecretFile, scopes, ...known } = proxy;
  const { secret, fault } = readSecret(resolve(directory, clientSecretFile));
  if (secret === undefined) throw new ConfigError(fault ?? 'The secret of "http.oauth.proxy" can not be read.');
  redactor.remember(secret, 'secret', 'http.oauth.proxy');
  return { ...rest, issuer, audience, jwksUri, proxy: { ...known, scopes, clientSecret: secret } };
}
