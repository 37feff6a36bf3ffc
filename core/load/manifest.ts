import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { covers, SCOPES, type Scope } from '../halo/scopes.js';
import { didYouMean } from '../nearest.js';
import type { PluginCard, ToolCard } from './card.js';
import { locate, type Place } from './locate.js';
import { readPackage } from './package-json.js';

/** What a plugin declares under "halo-mcp" in its package.json, which is read before any of its code runs. */
export interface Manifest {
  apiVersion: number;
  /** All scopes that its tools use: no tool may ask for another. */
  scopes: readonly Scope[];
}

const Said = z.object({ apiVersion: z.int(), scopes: z.array(z.string()) });

/**
 * The manifest of the package that a file or folder belongs to, from the next package.json above it.
 * @returns undefined if there is none, or it does not mention halo-mcp
 * @throws Error with what is wrong with it, in words for the plugin's author
 */
export function readManifest(place: string): Manifest | undefined {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  const path = packageJson(isFolder ? place : dirname(place));
  const said = path && (Object(readPackage(path)) as { 'halo-mcp'?: unknown })['halo-mcp'];
  if (said === undefined) return undefined;
  const { data } = Said.safeParse(said);
  if (data === undefined)
    throw new Error('"halo-mcp" in its package.json must have "apiVersion", a number, and "scopes", a list of names');
  const stranger = data.scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (stranger !== undefined)
    throw new Error(`"halo-mcp" in its package.json: Halo has no scope "${stranger}".${didYouMean(stranger, SCOPES)}`);
  return data as Manifest;
}

function packageJson(folder: string): string | undefined {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : packageJson(dirname(folder));
}

/** The card of a plugin that has a manifest: a tool that asks for a scope outside it is faulty. */
export function within({ scopes }: Manifest, card: PluginCard): PluginCard {
  const checked = ({ shown, ...tool }: ToolCard): ToolCard => {
    const beyond = [...tool.scopes, ...tool.optionalScopes].filter((scope) => !covers(scopes, scope));
    if (tool.fault !== undefined || beyond.length === 0) return { ...tool, ...(shown && { shown }) };
    return { ...tool, fault: `it uses ${beyond.join(', ')}, which "halo-mcp" in its package.json does not name` };
  };
  return { ...card, tools: card.tools.map(checked) };
}

/** The scopes that a plugin's package.json names, even if the plugin did not load; none if they can't be read. */
export function scopesBefore(use: string, at: Place): readonly Scope[] {
  try {
    return readManifest(locate(use, at).place)?.scopes ?? [];
  } catch {
    return [];
  }
}
