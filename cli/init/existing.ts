import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig, readConfigFile } from '../../config/index.js';
import { UsageError } from '../print.js';

type Json = Record<string, unknown>;

/**
 * The existing config, which stays unchanged; undefined if there is none, or it is not a file.
 * @throws ConfigError if it is invalid, UsageError if it names customers
 */
export async function configThere(file: string): Promise<Json | undefined> {
  const path = resolve(file);
  // Writing it reports a link, or anything else that is not a file.
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const content = (await readConfigFile(path)) as Json;
  await loadConfig({ file: path, env: {}, cwd: process.cwd() });
  if (content.customers !== undefined)
    throw new UsageError(`${path} names customers. Say for which one the block is with --customer NAME.`);
  return content;
}

/** The sentence about a config that stays, and how it differs from the one requested. */
export function keptLine(path: string, kept: Json, wanted: Json, flags: { packs?: string | undefined }): string {
  const names = (plugins: unknown) =>
    Array.isArray(plugins)
      ? plugins.map((one) => (typeof one === 'string' ? one : String((one as Json).use))).toSorted()
      : undefined;
  const [has, asked] = [names(kept.plugins), names(wanted.plugins) ?? []];
  const inPacks = flags.packs !== undefined && has?.join() !== asked.join();
  const others = ['exclude', 'output'].filter(
    (key) => wanted[key] !== undefined && JSON.stringify(wanted[key]) !== JSON.stringify(kept[key]),
  );
  if (!inPacks && others.length === 0) return `Kept ${path} as it is.`;
  const packs = inPacks
    ? [`it has ${has?.join(', ') ?? 'the packs that are on by default'}, and ${asked.join(', ')} was asked for`]
    : [];
  const rest =
    others.length > 0 ? [`${others.map((key) => `"${key}"`).join(' and ')} differs from what was asked for`] : [];
  return `Kept ${path} as it is, though ${[...packs, ...rest].join('; ')}. --overwrite replaces it.`;
}
