import type { Agent } from 'node:http';
import type { Agent as SecureAgent } from 'node:https';
import type { ProxyServer } from '../settings.js';
import type { Tunnel } from './tunnel.js';

/** Keeps connections as Node's own agents do: opened once for many requests, closed when idle for this long. */
const KEPT = { keepAlive: true, scheduling: 'lifo', timeout: 5000 } as const;

interface Agents {
  http: Agent;
  https: SecureAgent;
}

/** The agents without a proxy. Made with the first request, so that the start does not load Node's HTTP. */
const open = async (): Promise<Agents> => {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return { http: new http.Agent(KEPT), https: new https.Agent(KEPT) };
};
let opened: Promise<Agents> | undefined;
const tunnels = new Map<string, Tunnel>();

/**
 * What opens the connections to Halo. They are the server's own: Node's go through whatever proxy the environment names
 * from some version on and with some switch, these through the one that the settings name, on every version.
 */
export async function agentsFor(proxy: ProxyServer | undefined): Promise<Agents> {
  opened ??= open();
  const direct = await opened;
  if (proxy === undefined) return direct;
  const key = JSON.stringify(proxy);
  // Loaded only if used: most machines have no proxy.
  const tunnel = tunnels.get(key) ?? new (await import('./tunnel.js')).Tunnel(proxy, KEPT);
  tunnels.set(key, tunnel);
  return { http: direct.http, https: tunnel as unknown as SecureAgent };
}
