import type { Server } from '../../server.js';
import { answerJson, refuse } from './answer.js';
import type { Route } from './gate.js';
import type { Life } from './life.js';

/** How long what was found out about Halo holds. */
const KEPT_MS = 10_000;
/** How long Halo may take to say that it is there. */
const ASK_MS = 5_000;

/** Whether the Halos of all customers answer, those of some, or none. */
export type HaloState = 'up' | 'some down' | 'down';

/** What `/readyz` tells; nothing of a customer, a version or Halo's data. */
export interface Readiness {
  status: 'ready' | 'draining' | 'not ready';
  halo: HaloState;
  /** Present where what the operator set up can't be read any more. */
  tokens?: 'stale';
  /** Whether what the servers share can be had; present where they share something. */
  store?: 'up' | 'lost';
}

export interface HealthParts {
  server: Server;
  life: Life;
  /** True while the file of tokens can't be read, and those of before hold. */
  isStale: () => boolean;
  /** Undefined where there is no store. */
  isStoreUp?: (() => boolean) | undefined;
}

/**
 * `/healthz`, which says that the process lives and asks nobody, and `/readyz`, which says whether it can be of use.
 * Neither needs a token.
 */
export function healthRoutes({ server, life, isStale, isStoreUp }: HealthParts): Route {
  const halo = kept(() => stateOf(server));
  return async (req, res, path) => {
    if (path !== '/healthz' && path !== '/readyz') return false;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      refuse(res, { status: 405, message: 'Only GET is served here.', headers: { allow: 'GET, HEAD' } });
      return true;
    }
    if (path === '/healthz') answerJson(res, 200, { status: 'ok' });
    else {
      const state = life.draining ? 'up' : await halo();
      const status = life.draining ? 'draining' : state === 'down' ? 'not ready' : 'ready';
      const readiness: Readiness = {
        ...{ status, halo: state },
        ...(isStale() && { tokens: 'stale' }),
        ...(isStoreUp !== undefined && { store: isStoreUp() ? 'up' : 'lost' }),
      };
      answerJson(res, status === 'ready' ? 200 : 503, readiness);
    }
    return true;
  };
}

/** Asks once for all who ask meanwhile, and keeps what it heard for a while. */
function kept<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { value: Promise<T>; until: number } | undefined;
  return () => {
    if (last === undefined || performance.now() >= last.until)
      last = { value: ask(), until: performance.now() + KEPT_MS };
    return last.value;
  };
}

/** The state over all customers, each Halo asked once. */
export async function stateOf(server: Server): Promise<HaloState> {
  const clients = [...new Set(server.customers.map((name) => server.customer(name).client))];
  const up = await Promise.all(
    clients.map((client) => client.isUp({ signal: AbortSignal.timeout(ASK_MS), deadline: performance.now() + ASK_MS })),
  );
  if (up.every(Boolean)) return 'up';
  return up.some(Boolean) ? 'some down' : 'down';
}
