import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from '@modelcontextprotocol/server';
import type { Principal } from './principal.js';

/** One HTTP request while it is answered. */
export interface Exchange {
  principal: Principal;
  /** Aborted when the client has gone before its answer was written. */
  gone: AbortSignal;
  /** The trace that the request is part of, as its header says. */
  traceparent: string | undefined;
  /** The MCP server that was made for it. */
  server?: Server;
}

const running = new AsyncLocalStorage<Exchange>();

/** Answers the request so that any code on the way can find out who asks. */
export const within = <T>(exchange: Exchange, work: () => T): T => running.run(exchange, work);

/** The request that is being answered. @throws Error outside of one */
export function exchange(): Exchange {
  const found = running.getStore();
  if (found === undefined) throw new Error('No HTTP request is being answered here.');
  return found;
}
