import { fillIfPlain } from './plain.js';
import type { ConfigFile } from './schema.js';
import { refuseSecrets } from './secret.js';

/**
 * A config with its defaults.
 * @param place the config's file
 * @throws ConfigError with one sentence about its first fault
 */
export async function checkConfig(raw: unknown, place: string): Promise<ConfigFile> {
  refuseSecrets(raw, place);
  return ifPlain(raw) ?? (await import('./checked.js')).checked(raw, place);
}

function ifPlain(raw: unknown): ConfigFile | undefined {
  try {
    const config: unknown = structuredClone(raw);
    return fillIfPlain(config) ? config : undefined;
  } catch {
    return undefined; // no JSON, such as a function in a JavaScript config
  }
}
