import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxReply } from '../request.js';
import { invalidClient, invalidScope, json, unsupportedGrant } from './replies.js';
import { mayAsk } from './scopes.js';

/** The prefix of the sandbox's secrets and tokens, so that one in the wrong place is easy to spot. */
export const MARK = 's4ndb0x-';

interface Application {
  clientId: string;
  clientSecret: string;
  scopes: readonly string[];
  lifetimeSeconds: number;
}

export interface Tokens {
  /** POST /auth/token: form fields, or the client by Basic. */
  issue(headers: IncomingHttpHeaders, body: string, at: number): SandboxReply;
  /** The scopes of a valid Bearer token, else undefined. */
  scopesOf(headers: IncomingHttpHeaders, at: number): readonly string[] | undefined;
  revokeAll(): void;
}

export function createTokens(app: Application): Tokens {
  const live = new Map<string, { scopes: readonly string[]; until: number }>();
  return {
    issue(headers, body, at) {
      const form = new URLSearchParams(body);
      const client = clientOf(headers, form);
      if (client.id !== app.clientId || client.secret !== app.clientSecret) return invalidClient();
      if (form.get('grant_type') !== 'client_credentials') return unsupportedGrant();
      const asked = (form.get('scope') ?? '').split(/\s+/).filter(Boolean);
      if (!mayAsk(asked, app.scopes)) return invalidScope();
      const token = `${MARK}${randomBytes(48).toString('base64url')}`;
      live.set(token, { scopes: asked, until: at + app.lifetimeSeconds * 1000 });
      return json({
        access_token: token,
        token_type: 'Bearer',
        expires_in: app.lifetimeSeconds,
        scope: asked.join(' '),
      });
    },
    scopesOf(headers, at) {
      const token = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
      const grant = token === undefined ? undefined : live.get(token);
      return grant !== undefined && at < grant.until ? grant.scopes : undefined;
    },
    revokeAll: () => live.clear(),
  };
}

function clientOf(headers: IncomingHttpHeaders, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic\s+(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id: decode(id), secret: decode(secret.join(':')) };
}

/** RFC 6749 form-encodes both halves; many clients send them raw. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
