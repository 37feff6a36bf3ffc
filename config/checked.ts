// Loaded only for a config that is not plain.
import { ConfigError } from '../core/config-error.js';
import { explain } from '../core/explain.js';
import { ConfigFile } from './schema.js';

/**
 * A config as its schema reads it.
 * @throws ConfigError with one sentence about its first fault
 */
export function checked(raw: unknown, place: string): ConfigFile {
  const { data, error } = ConfigFile.safeParse(raw);
  if (data !== undefined) return data;
  throw new ConfigError(explain(error, raw, place, { schema: ConfigFile }));
}
