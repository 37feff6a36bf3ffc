import type { Server } from '../../server.js';
import { answerJson, refuse } from './answer.js';
import type { Route } from './gate.js';
import type { Life } from './life.js';

/** How long a result about Halo is reused. */
const KEPT_MS = 10_000;
/** How long Halo may take to answer that it is up. */
const ASK_MS = 5_000;

/** Whether the Halos of all customers answer, of some, or of none. */
export type HaloState = 'up' | 'some down' | 'down';

/** What `/readyz` reports; nothing about a customer, a version or Halo's data. */
export interface Readiness {
  status: 'ready' | 'draining' | 'not ready';
  halo: HaloState;
  /** Present if the operator's file of tokens can no longer be read. */
  tokens?: 'stale';
  /** Whether the servers' shared store is reachable; present if they have one. */
  store?: 'up' | 'lost';
}

export interface HealthParts {
  server: Server;
  life: Life;
  /** True while the file of tokens can't be read and the earlier tokens stay valid. */
  isStale: () => boolean;
  /** Undefined if there is no store. */
  isStoreUp?: (() => boolean) | undefined;
}

/**
 * `/healthz`, which says that the process is alive without asking anything else, and `/readyz`, which says whether it
 * can be of use. Neither needs a token.
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

/** Shares one request among all concurrent callers, and keeps its result for a while. */
function kept<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { value: Promise<T>; until: number } | undefined;
  return () => {
    if (last === undefined || performance.now() >= last.until)
      last = { value: ask(), until: performance.now() + KEPT_MS };
    return last.value;
  };
}

/** The state over all customers; each Halo is asked once. */
export async function stateOf(server: Server): Promise<HaloState> {
  const clients = [...new Set(server.customers.map((name) => server.customer(name).client))];
  const up = await Promise.all(
    clients.map((client) => client.isUp({ signal: AbortSignal.timeout(ASK_MS), deadline: performance.now() + ASK_MS })),
  );
  if (up.every(Boolean)) return 'up';
  return up.some(Boolean) ? 'some down' : 'down';
}
