import { invalidScope } from '../http/replies.js';
import type { Json, Row } from '../json.js';
import { type FaultKind, onJson } from './kind.js';

const grant = (does: string, change: (grant: Row) => Row): FaultKind =>
  onJson(does, (body) => change(body as Row), 'token');

const expires = (does: string, expires_in: Json): FaultKind =>
  grant(`a token whose expires_in is ${does}`, (body) => ({ ...body, expires_in }));

/** Log-ins that succeed oddly or fail, and a token that ends too early. */
export const tokens = {
  'token-revoked': {
    does: 'the token is revoked while the request is on its way; a new one can be had',
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
  'scope-reduced': {
    does: 'a token that has only the first of the requested scopes, and says so',
    on: 'token',
    spoil({ request, answer }) {
      const form = new URLSearchParams(request.body);
      form.set('scope', form.get('scope')?.split(' ')[0] ?? '');
      return answer({ ...request, body: form.toString() });
    },
  },
  'scope-refused': { does: 'no token, because of a scope', on: 'token', spoil: () => invalidScope() },
} as const satisfies Record<string, FaultKind>;
