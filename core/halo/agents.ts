import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';

/** As Node's own agents keep a connection: opened once for many requests, closed when it is idle for so long. */
const KEPT = { keepAlive: true, scheduling: 'lifo', timeout: 5000 } as const;

/**
 * What opens the connections to Halo. They are the server's own, as Node's go through whatever proxy the environment
 * names where NODE_USE_ENV_PROXY is set, and the secret with them; an agent that is told of no proxy uses none.
 */
export const agents = { http: new Agent(KEPT), https: new SecureAgent(KEPT) };
