import { bundled } from '../cli/packs.js';
import { cardOf, type PluginCard } from '../core/load/card.js';

/**
 * The cards of the bundled packs. They are written beside the built command, so that it can list packs without loading
 * them.
 */
export async function cards(): Promise<Record<string, PluginCard>> {
  const made = Object.entries(bundled).map(async ([name, { load }]) => [name, cardOf(await load())] as const);
  return Object.fromEntries(await Promise.all(made));
}
