export { ConfigError } from './errors.js';
export { explain } from './explain.js';
export { type Config, isForeign, type LoadOptions, loadConfig } from './load.js';
export { didYouMean, nearest } from './nearest.js';
export { ConfigFile, configJsonSchema, PluginEntry } from './schema.js';
export type { HaloUrls } from './urls.js';
