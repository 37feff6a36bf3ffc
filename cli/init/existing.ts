import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig, readConfigFile } from '../../config/index.js';
import { UsageError } from '../print.js';

type Json = Record<string, unknown>;

/**
 * The config that is there already, which stays as it is; undefined where there is none, or no file.
 * @throws ConfigError where it is wrong, UsageError where it names customers
 */
export async function configThere(file: string): Promise<Json | undefined> {
  const path = resolve(file);
  // A link, or what is no file, is told when it is to be written.
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const content = (await readConfigFile(path)) as Json;
  await loadConfig({ file: path, env: {}, cwd: process.cwd() });
  if (content.customers !== undefined)
    throw new UsageError(`${path} names customers. Say for which one the block is with --customer NAME.`);
  return content;
}

/** What is said of a config that stays, and where another one was asked for, in what the two differ. */
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
