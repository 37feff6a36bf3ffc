import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { headerOf } from '../../names.js';

/** How long a sign-in may take. */
export const SIGN_IN_MS = 10 * 60_000;

/** The key for a sign-in's state: the digest of a secret that only its holder has. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const nameOf = (publicUrl: string) => (publicUrl.startsWith('https:') ? '__Host-halo-mcp-sign-in' : 'halo-mcp-sign-in');

/** The browser that a request comes from, as the digest of its cookie; undefined if it has none. */
export function browserOf(req: IncomingMessage, publicUrl: string): string | undefined {
  const secret = secretOf(req, publicUrl);
  return secret === undefined ? undefined : digest(secret);
}

function secretOf(req: IncomingMessage, publicUrl: string): string | undefined {
  const pairs = (headerOf(req, 'cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  const found = pairs.filter(([name]) => name === nameOf(publicUrl));
  const [, secret = ''] = found.length === 1 ? (found[0] ?? []) : [];
  return /^[\w-]{43}$/.test(secret) ? secret : undefined;
}

/** Recognizes the browser from now on: two windows of it are one. */
export function known(req: IncomingMessage, publicUrl: string): { browser: string; cookie: string } {
  const secret = secretOf(req, publicUrl) ?? randomBytes(32).toString('base64url');
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const cookie = `${nameOf(publicUrl)}=${secret}; Path=/; Max-Age=${SIGN_IN_MS / 1000}; HttpOnly; SameSite=Lax${secure}`;
  return { browser: digest(secret), cookie };
}

/** A secret that is valid for one thing, once. */
export const ticket = (): string => randomBytes(32).toString('base64url');
