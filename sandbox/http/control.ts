import type { FaultSet } from '../faults/set.js';
import type { SandboxReply, SandboxRequest } from '../request.js';
import { empty, json } from './replies.js';

const PATH = '/sandbox/faults';

/** True for a request that controls the sandbox itself. Faults don't hit it, and it is not logged. */
export const isControl = ({ path }: SandboxRequest): boolean => path === PATH;

/** GET the active faults, POST one or a list of them, DELETE all. */
export function control({ method, body = '' }: SandboxRequest, faults: FaultSet): SandboxReply {
  if (method === 'DELETE') faults.clear();
  else if (method === 'POST') {
    try {
      const given = JSON.parse(body);
      faults.add(...(Array.isArray(given) ? given : [given]));
    } catch (error) {
      return json({ error: (error as Error).message }, 400);
    }
  } else if (method !== 'GET') return empty(405);
  return json(faults.list().map((fault) => ({ ...fault })));
}
