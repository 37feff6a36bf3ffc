import type { ConfigFile } from './schema.js';

/**
 * Puts the defaults into a config and says whether it is plain: its schema would take it. The build compiles this from
 * the schema, so that a start with a plain config loads no schema library. Unbuilt, no config counts as plain.
 */
export const fillIfPlain = (_config: unknown): _config is ConfigFile => false;
