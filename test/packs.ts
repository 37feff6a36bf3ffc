/** What the bundled packs define, so that expectations need not repeat it and a new tool is written down once. */
import { bundled } from '../cli/packs.js';
import type { AnyTool, Plugin } from '../core/define.js';

const loaded = await Promise.all(
  Object.values(bundled).map(async ({ load, default: on }) => ({ plugin: await load(), on })),
);

/** The packs that are on by default. */
export const defaultPacks: readonly Plugin[] = loaded.filter(({ on }) => on).map(({ plugin }) => plugin);

/** Their tools, in listed order. */
export const defaultTools: readonly AnyTool[] = defaultPacks.flatMap(({ tools }) => tools);

export const defaultNames: readonly string[] = defaultTools.map(({ name }) => name);
