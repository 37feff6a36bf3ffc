import { invalidScope } from '../http/replies.js';
import type { Json, Row } from '../types.js';
import { type FaultKind, onJson } from './kind.js';

const grant = (does: string, change: (grant: Row) => Row): FaultKind =>
  onJson(does, 'token', (body) => change(body as Row));

const expires = (does: string, expires_in: Json): FaultKind =>
  grant(`a token whose expires_in is ${does}`, (body) => ({ ...body, expires_in }));

/** Log-ins that succeed oddly or not at all, and a token that ends too early. */
export const tokens = {
  'token-revoked': {
    does: 'the token ends while the request is on its way; the next one works',
    on: 'api',
    spoil({ answer, revokeTokens }) {
      revokeTokens();
      return answer();
    },
  },
  'expires-missing': grant('a token without expires_in', ({ expires_in: _, ...body }) => body),
  'expires-zero': expires('0', 0),
  'expires-negative': expires('negative', -60),
  'expires-huge': expires('huge', 1e12),
  'expires-text': expires('no number', 'soon'),
  'scope-reduced': grant('a token that says it has the first of the asked scopes alone', (body) => ({
    ...body,
    scope: String(body.scope).split(' ')[0] ?? '',
  })),
  'scope-refused': { does: 'no token, because of a scope', on: 'token', spoil: () => invalidScope() },
} as const satisfies Record<string, FaultKind>;
