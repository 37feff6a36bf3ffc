import type { BlockList } from 'node:net';
import type { Log } from '../../../logger.js';
import type { Rate, Rates } from '../../../store/rates.js';

/** Which callers a rule is for, and what they may use. What is left out is not narrowed. */
export interface Rule {
  /** The name of a claim, as the identity provider writes it: `groups`, `roles`, `email`. */
  claim: string;
  /** It holds one of these. */
  values: readonly string[];
  customers?: readonly string[] | undefined;
  packs?: readonly string[] | undefined;
  tools?: readonly string[] | undefined;
}

/** How callers sign in by OAuth. */
export interface OAuthOptions {
  /** As it stands in the tokens. */
  issuer: string;
  /** Whom the tokens are for: this server. Undefined only where it makes its own, as a proxy. */
  audience: string | undefined;
  /** Where the issuer's keys are; undefined to look them up in its discovery document. */
  jwksUri: string | undefined;
  algorithms: readonly string[];
  /** What a token must have, all of it. */
  scopes: readonly string[];
  /** The first that fits decides. */
  rules: readonly Rule[];
  proxy: ProxyOptions | undefined;
}

/** An identity provider that knows nothing of MCP clients, behind a sign-in of the server's own. */
export interface ProxyOptions {
  provider: 'oidc' | 'entra' | 'google' | 'github';
  clientId: string;
  clientSecret: string;
  /** Where clients reach this server: `https://mcp.example.com`. */
  publicUrl: string;
  /** Asked of the provider; undefined for those that its kind needs. */
  scopes: readonly string[] | undefined;
  /** Where clients may be sent back to, beside this machine and the clients that are known. */
  redirectUris: readonly string[];
}

/** What a token says of its holder, after its signature was found good. */
export type Claims = Readonly<Record<string, unknown>>;

/** What the server brings. */
export interface OAuthParts {
  log: Log;
  behindProxy: boolean;
  trusted: BlockList;
  rates: (purpose: string, rate: Rate) => Rates;
}
