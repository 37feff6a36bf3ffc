/** A server with one customer inside a test's own process. */
import type { Customer } from '../core/customer.js';
import { createServer, type Parts, type Server } from '../core/server.js';
import type { Session } from '../core/session.js';
import { ONLY_CUSTOMER, type Settings } from '../core/settings.js';

/** The session of the one customer, and what is behind it. */
export interface One extends Session {
  server: Server;
  customer: Customer;
}

export async function startOne(settings: Settings, parts: Parts): Promise<One> {
  const server = await createServer(settings, parts);
  const who = { customer: ONLY_CUSTOMER };
  return { ...server.open(who), server, customer: server.customer(who.customer) };
}
