import { ConfigError } from '../core/config-error.js';
import { isForeign } from '../core/load/foreign.js';
import { shown } from '../core/shown.js';
import { ConfigFile } from './schema.js';

/** What a value in a config that was merely found may be. */
type Rule = 'any' | 'a pack that is on by default' | 'at most the preset';

/**
 * All that a config may hold if it was found in the working directory rather than named: it can only narrow the
 * defaults. A key that is not listed here needs a config that the operator named.
 */
const MAY: Record<string, Rule> = {
  $schema: 'any',
  'plugins[]': 'a pack that is on by default',
  'plugins[].use': 'a pack that is on by default',
  'plugins[].tools[]': 'any',
  'exclude[]': 'any',
  'output.maxTokens': 'at most the preset',
  'output.secretFields.add[]': 'any',
  'halo.requestsPer5Minutes': 'at most the preset',
};

/**
 * The parts of a config that only a named one may have, worded for a sentence: `halo.apiUrl`, `the plugin "insights"`.
 * @param onRequest the bundled packs that are not on by default; unknown names are reported when packs load
 */
export function decisionsIn(config: unknown, onRequest: readonly string[]): string[] {
  return [...new Set(leavesOf(config).flatMap((leaf) => decision(leaf, onRequest) ?? []))];
}

/** @throws ConfigError that names the first such part and says to name the file */
export function refuseDecisions(config: unknown, onRequest: readonly string[], path: string): void {
  const [first] = decisionsIn(config, onRequest);
  if (first === undefined) return;
  const file = shown(path, 400);
  throw new ConfigError(
    `${file} was found in the working directory, not named, so it may not set ${first}. ` +
      `Name it with --config ${file} or HALO_MCP_CONFIG if you trust it.`,
  );
}

/** A value without values inside, and its path: `plugins[1].use`. */
interface Leaf {
  at: string;
  value: unknown;
}

function leavesOf(value: unknown, at = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ at, value }];
  const inside = Array.isArray(value)
    ? value.map((one, index) => ({ at: `${at}[${index}]`, value: one as unknown }))
    : Object.entries(value).map(([key, one]) => ({ at: at === '' ? key : `${at}.${key}`, value: one as unknown }));
  // An empty list or object is a leaf too: it may be a whole option.
  return inside.length === 0 ? [{ at, value }] : inside.flatMap((one) => leavesOf(one.value, one.at));
}

function decision({ at, value }: Leaf, onRequest: readonly string[]): string | undefined {
  const place = at.replace(/\[\d+\]/g, '[]');
  if (typeof value === 'object' && value !== null)
    return Object.keys(MAY).some((key) => key.startsWith(place) && key !== place) ? undefined : shown(at);
  const rule = Object.hasOwn(MAY, place) ? MAY[place] : undefined;
  if (rule === undefined) return shown(at.replace(/(\[\d+\])+$/, ''));
  if (rule === 'a pack that is on by default') {
    const use = String(value);
    return isForeign(use) || onRequest.includes(use) ? `the plugin "${shown(use)}"` : undefined;
  }
  if (rule === 'any') return undefined;
  const preset = presetOf(place);
  return Number(value) <= preset ? undefined : `${at} above ${preset}`;
}

function presetOf(place: string): number {
  const presets: unknown = ConfigFile.parse({});
  return Number(
    place.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], presets),
  );
}
