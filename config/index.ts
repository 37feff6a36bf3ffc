export { ConfigError } from './errors.js';
export { explain } from './explain.js';
export { decisionsIn } from './found.js';
export { type Config, isForeign, type LoadOptions, loadConfig } from './load.js';
export { didYouMean, nearest } from './nearest.js';
export { ConfigFile, configJsonSchema, LOG_LEVELS, PluginEntry } from './schema.js';
export { shown } from './shown.js';
export { NoSmallFile, readSmallFile } from './small-file.js';
export type { HaloUrls } from './urls.js';
