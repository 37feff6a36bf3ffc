import type { IncomingMessage } from 'node:http';
import { answerJson, refuse } from '../answer.js';
import { PATH } from '../engine.js';
import type { Route } from '../gate.js';
import { headerOf } from '../names.js';

/** RFC 9728: at the root, and at the path of what it describes. */
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

export interface MetadataParts {
  /** Where clients reach this server, without a path; undefined if it is the host that their requests name. */
  publicUrl: string | undefined;
  behindProxy: boolean;
  /** Who issues the tokens. */
  issuer: string;
  scopes: readonly string[];
}

/** Where a client sees this server. The host's name was checked before a request gets here. */
export const originSeen = (req: IncomingMessage, { publicUrl, behindProxy }: MetadataParts): string =>
  publicUrl ?? `${behindProxy ? 'https' : 'http'}://${headerOf(req, 'host') ?? ''}`;

/** What a client needs to know before it signs in. */
export const metadataRoute =
  (parts: MetadataParts): Route =>
  (req, res, path) => {
    if (path !== WELL_KNOWN && path !== WELL_KNOWN + PATH) return false;
    if (req.method !== 'GET' && req.method !== 'HEAD')
      refuse(res, { status: 405, message: 'Only GET is served here.', headers: { allow: 'GET, HEAD' } });
    else
      answerJson(res, 200, {
        resource: originSeen(req, parts) + PATH,
        authorization_servers: [parts.issuer],
        bearer_methods_supported: ['header'],
        ...(parts.scopes.length > 0 && { scopes_supported: parts.scopes }),
      });
    return true;
  };

/** The challenge of an answer: where to read how to sign in, and what is wrong with the token that was sent. */
export function challengeOf(req: IncomingMessage, parts: MetadataParts, error?: string): string {
  const said = {
    ...(error !== undefined && { error }),
    ...(parts.scopes.length > 0 && { scope: parts.scopes.join(' ') }),
    resource_metadata: `${originSeen(req, parts)}${WELL_KNOWN}${PATH}`,
  };
  return `Bearer ${Object.entries(said)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}
