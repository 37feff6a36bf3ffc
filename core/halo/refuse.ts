import { HaloError } from '../errors.js';
import type { Incoming, Outgoing } from './message.js';
import { ruleIn } from './rule.js';
import { scopeOfPath } from './scopes.js';
import { isTaken } from './taken.js';
import { grants, scopeMissing, type Token } from './token.js';

/** Throws for faults that no retry mends. Of Halo's body it repeats only a rule that the change breaks. */
export function refuse(incoming: Incoming, path: string, method: Outgoing['method'], token: Token): void {
  const { status } = incoming;
  if (isTaken(status, method)) return;
  const what = describe(path);
  const scope = scopeOfPath(path, method !== 'GET');
  if ((status === 401 || status === 403) && scope && !grants(token, scope)) throw scopeMissing([scope]);
  if (status === 401)
    throw new HaloError('HALO_CREDENTIALS_REFUSED', 'Halo gave a token and then refused it (HTTP 401).', {
      status,
      remedy:
        method === 'GET'
          ? 'Check that the API application is active and its agent may log in.'
          : 'Call again, which asks for a new token; if it stays, check that the API application is active.',
    });
  if (status === 403) {
    throw new HaloError(
      'HALO_FORBIDDEN',
      `Halo does not let this login ${method === 'GET' ? 'read' : 'change'} ${what} (HTTP 403).`,
      {
        status,
        remedy: scope
          ? `Two gates: the scope ${scope} of the API application, and the role of the agent that it logs in as. \`halo-mcp doctor\` says which one it is.`
          : 'Check the role of the agent that the API application logs in as.',
      },
    );
  }
  if (status === 404 && incoming.headers['x-sandbox-lacks'] !== undefined)
    throw new HaloError(
      'HALO_NOT_FOUND',
      `The sandbox has no ${path.startsWith('/') ? path : `/${path}`}; your Halo may.`,
      {
        status,
        remedy: "Give it one: --with FILE, or `routes` of the kit's sandbox. docs/plugins.md shows how.",
      },
    );
  if (status === 404)
    throw new HaloError(
      'HALO_NOT_FOUND',
      `Halo has nothing at ${path.startsWith('/') ? path : `/${path}`}, or this login can't see it.`,
      { status },
    );
  if (status === 400)
    throw new HaloError('HALO_REQUEST_REFUSED', `Halo refused the request for ${what}${reason(incoming)}.`, {
      status,
      // For a read it would be about a filter, and repeat what was asked for.
      foreign: method === 'GET' ? [] : sentenceIn(incoming),
    });
  throw new HaloError('HALO_UNEXPECTED', `Halo answered ${what} with HTTP ${status}.`, { status });
}

/** `/Tickets/12` → `Tickets 12` */
const describe = (path: string) => path.replace(/^\//, '').replaceAll('/', ' ');

/** The fields that a 400 of model binding names, each with its faults: `[0].outcome_id` is from the first row. */
function reason({ body }: Incoming): string {
  const parsed = parsedOf(body);
  if (typeof parsed !== 'object' || parsed === null) return '';
  const fields = Object.entries((parsed as { errors?: object }).errors ?? parsed)
    .filter(([, faults]) => Array.isArray(faults))
    .map(([key]) => key.replace(/^\$?\[\d{1,4}\]\./, ''))
    .filter((key) => /^[a-z_]{1,40}$/.test(key));
  return fields.length > 0 ? ` (${fields.slice(0, 5).join(', ')})` : '';
}

/** The sentence of one of Halo's rules, if the body is a JSON text; nothing for any other body. */
const sentenceIn = ({ body }: Incoming): string[] => ruleIn(parsedOf(body));

function parsedOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
