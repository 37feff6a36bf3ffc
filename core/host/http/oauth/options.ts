import type { BlockList } from 'node:net';
import type { send } from '../../../halo/http.js';
import type { Log } from '../../../logger.js';
import type { WayTo } from '../../../settings.js';
import type { Rate, Rates } from '../../../store/rates.js';
import type { SignIns } from '../../../store/store.js';

/** Which callers a rule is for, and what they may use. What is left out is not restricted. */
export interface Rule {
  /** The name of a claim, as the identity provider writes it: `groups`, `roles`, `email`. */
  claim: string;
  /** It must hold one of these. */
  values: readonly string[];
  customers?: readonly string[] | undefined;
  packs?: readonly string[] | undefined;
  tools?: readonly string[] | undefined;
}

/** How callers sign in with OAuth. */
export interface OAuthOptions {
  /** As the tokens spell it. */
  issuer: string;
  /** Whom the tokens are for: this server. Undefined only if it makes its own, as a proxy. */
  audience: string | undefined;
  /** Where the issuer's keys are; undefined to look them up in its discovery document. */
  jwksUri: string | undefined;
  algorithms: readonly string[];
  /** What a token must have, all of them. */
  scopes: readonly string[];
  /** The first that matches decides. */
  rules: readonly Rule[];
  proxy: ProxyOptions | undefined;
  /** The proxy to the provider and to clients' metadata; absent if both are reached directly. */
  wayTo?: WayTo | undefined;
}

/** An identity provider that knows nothing of MCP clients, behind the server's own sign-in. */
export interface ProxyOptions {
  provider: 'oidc' | 'entra' | 'google' | 'github';
  clientId: string;
  clientSecret: string;
  /** Where clients reach this server: `https://mcp.example.com`. */
  publicUrl: string;
  /** Requested from the provider; undefined for those that its kind needs. */
  scopes: readonly string[] | undefined;
  /** Where clients may be sent back to, besides this machine and the known clients. */
  redirectUris: readonly string[];
}

/** What a token says of its holder, after its signature was verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** What the server provides. */
export interface OAuthParts {
  log: Log;
  behindProxy: boolean;
  trusted: BlockList;
  rates: (purpose: string, rate: Rate) => Rates;
  send: typeof send;
  /** Undefined if this server shares its sign-ins with no other. */
  signIns: SignIns | undefined;
}
