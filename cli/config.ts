import { type Config, loadConfig } from '../config/index.js';
import { ON_REQUEST } from './packs.js';

/**
 * The config of a command. From then on the secret stands in nobody's environment: no plugin, no child and no crash
 * report shows it by mistake.
 * @throws ConfigError
 */
export async function configOf({ config: file }: { config?: string | undefined }): Promise<Config> {
  const config = await loadConfig({ file, env: process.env, cwd: process.cwd(), onRequest: ON_REQUEST });
  delete process.env.HALO_CLIENT_SECRET;
  return config;
}
