import type { Plugin } from '../define.js';
import type { PluginCard } from './card.js';

/**
 * The packs that come with the server, by name. `default` packs are on if the config lists none. With a card, a pack's
 * code is loaded at the first call of one of its tools.
 */
export type Bundled = Record<string, { default: boolean; load: () => Promise<Plugin>; card?: PluginCard | undefined }>;

/** True for one of our own packs; `constructor` is not one, though every object has it. */
export const isBundled = (use: string, bundled: Bundled): boolean => Object.hasOwn(bundled, use);
