import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/index.js';

/** A running sandbox, with what a server needs to find it. */
export interface KitSandbox extends Sandbox {
  /** The environment for a server on this sandbox. */
  env: Record<string, string>;
}

/**
 * Starts an embedded Halo on 127.0.0.1 with invented data, in this process. `requests` records what it was asked.
 *
 * @example
 * const halo = await sandbox({ scopes: ['read:tickets'], intercept: ({ path }) => (path === '/api/KBArticle' ? mine : undefined) });
 */
export async function sandbox(options: SandboxOptions = {}): Promise<KitSandbox> {
  const halo = await startSandbox({ requestsPer5Minutes: 1_000_000, ...options });
  const { url, clientId, clientSecret } = halo;
  const env = { HALO_INSTANCE_URL: url, HALO_CLIENT_ID: clientId, HALO_CLIENT_SECRET: clientSecret };
  return { ...halo, env };
}
