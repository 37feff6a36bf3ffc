import { z } from 'zod';
import { isLoopback } from '../core/loopback.js';

/** An address of an identity provider, or this server's own public address. */
const Address = z
  .string()
  .max(2000)
  .refine(
    isSafe,
    'must be an address that begins with https:// (http:// only for this machine), without user:password, query or fragment',
  );

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username + password + search + hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

const Words = z.array(z.string().min(1).max(300)).min(1).max(1000);
/** A scope as RFC 6749 writes it. */
const Scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/, 'must be a scope, without blanks or quotes'))
  .max(50);

/** Asymmetric algorithms only: checking a token must not let anybody make one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

const Rule = z.strictObject({
  claim: z.string().min(1).max(300).describe('Name of the claim, such as groups, roles or email.'),
  values: Words.describe('The rule applies to callers whose claim has exactly one of these values.'),
  customers: Words.optional().describe('Customers that these callers may use. Left out: the only customer.'),
  packs: Words.optional().describe('Packs that they may use. Left out: all packs that are on.'),
  tools: Words.optional().describe('Tools that they may use. Left out: all tools of these packs.'),
});

const SignIn = z.strictObject({
  provider: z.enum(['oidc', 'entra', 'google', 'github']).default('oidc').describe('The kind of identity provider.'),
  clientId: z.string().min(1).max(300).describe('Client ID of the application registered there.'),
  clientSecretFile: z.string().min(1).describe('File that holds its client secret.'),
  publicUrl: Address.refine(
    (text) => !URL.canParse(text) || new URL(text).pathname === '/',
    'must be an address without a path, such as https://mcp.example.com',
  )
    .transform((text) => text.replace(/\/$/, ''))
    .describe('Address where clients reach this server, without /mcp.'),
  scopes: Scopes.optional().describe('Scopes to request from the provider. Left out: those that its kind needs.'),
  redirectUris: z
    .array(z.string().min(1).max(2000))
    .max(100)
    .default([])
    .describe('Exact addresses that clients may be sent back to, besides this machine and known clients.'),
});

/** Sign-in through an identity provider. */
export const OAuth = z
  .strictObject({
    issuer: Address.optional().describe('The identity provider, as in `iss` of its tokens.'),
    audience: z.string().min(1).max(2000).optional().describe('This server, as in `aud` of the tokens.'),
    jwksUri: Address.optional().describe(
      "Address of the provider's keys. Left out: the one in its discovery document.",
    ),
    algorithms: z
      .array(z.enum(ALGORITHMS))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
      .describe('Algorithms that tokens may be signed with.'),
    scopes: Scopes.default([]).describe('Scopes that a token must have, all of them.'),
    rules: z
      .array(Rule)
      .min(1)
      .max(1000)
      .describe('Who may use what: the first rule that matches decides. A caller that matches none is refused.'),
    proxy: SignIn.optional().describe(
      "A sign-in by this server, for identity providers that MCP clients can't use directly.",
    ),
  })
  .superRefine(({ issuer, audience, proxy }, context) => {
    const needs = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (issuer === undefined && (proxy?.provider ?? 'oidc') in { oidc: 1, entra: 1 })
      needs('issuer', 'is needed: the address of the identity provider, as `iss` of its tokens has it');
    if (audience === undefined && proxy === undefined)
      needs('audience', 'is needed: without it a token that was made for another server would be good here');
  });
