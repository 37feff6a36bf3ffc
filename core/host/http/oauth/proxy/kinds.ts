import type { ProxyOptions } from '../options.js';

/** What each kind of provider is asked for. */
export const KINDS: Record<
  ProxyOptions['provider'],
  { issuer?: string; scopes: string[]; more?: Record<string, string> }
> = {
  oidc: { scopes: ['openid', 'profile', 'email'] },
  entra: { scopes: ['openid', 'profile', 'email', 'offline_access'] },
  google: {
    ...{ issuer: 'https://accounts.google.com', scopes: ['openid', 'profile', 'email'] },
    more: { access_type: 'offline', prompt: 'consent' },
  },
  github: { issuer: 'https://github.com', scopes: ['read:user', 'read:org'] },
};

/** The issuer of its tokens, where a provider has one for all. */
export const issuerOf = (issuer: string, { provider }: Pick<ProxyOptions, 'provider'>): string =>
  issuer || (KINDS[provider].issuer ?? '');
