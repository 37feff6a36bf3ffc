import type { Plugin } from '../define.js';
import type { PluginCard } from './card.js';

/** A pack that comes with the server. With a card, its code is loaded at the first call of one of its tools. */
export interface BundledPack {
  /** True if it is on where the config lists no packs. */
  default: boolean;
  load: () => Promise<Plugin>;
  card?: PluginCard | undefined;
}

/** The packs that come with the server, by name. */
export type Bundled = Record<string, BundledPack>;

/** True for one of our own packs; `constructor` is not one, though every object has it. */
export const isBundled = (use: string, bundled: Bundled): boolean => Object.hasOwn(bundled, use);
