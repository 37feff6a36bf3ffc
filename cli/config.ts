import { type Config, loadConfig } from '../config/load.js';
import { hideCredentials } from '../config/proxy.js';
import { hideSharing } from '../config/sharing.js';
import { secretVariables } from '../config/variables.js';
import { ON_REQUEST } from './packs.js';

/**
 * Reads the config of a command and takes every secret out of the environment, so that no plugin, child process or
 * crash report shows one by mistake.
 * @throws ConfigError
 */
export async function configOf({
  config: file,
  customer,
}: {
  config?: string | undefined;
  customer?: string | undefined;
}): Promise<Config> {
  const config = await loadConfig({ file, customer, env: process.env, cwd: process.cwd(), onRequest: ON_REQUEST });
  for (const name of secretVariables(process.env)) delete process.env[name];
  hideCredentials(process.env);
  hideSharing(process.env);
  return config;
}
