import { ConfigError } from './errors.js';
import { isForeign } from './foreign.js';
import { ConfigFile } from './schema.js';
import { shown } from './shown.js';

/** What holds for a value of a config that was merely found. */
type Rule = 'any' | 'a pack that is on by default' | 'at most the preset';

/**
 * All that a config may hold that was found in the working directory and not named: what narrows the defaults. A key
 * that is not here, now or later, counts only in a config that the operator named.
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
 * What a config holds that only a named one may, in the words of a sentence: `halo.apiUrl`, `the plugin "insights"`.
 * @param onRequest the bundled packs that are not on by default; a name that nobody bears is told when packs load
 */
export function decisionsIn(config: unknown, onRequest: readonly string[]): string[] {
  return [...new Set(leavesOf(config).flatMap((leaf) => decision(leaf, onRequest) ?? []))];
}

/** @throws ConfigError that names the first of them and says to name the file */
export function refuseDecisions(config: unknown, onRequest: readonly string[], path: string): void {
  const [first] = decisionsIn(config, onRequest);
  if (first === undefined) return;
  const file = shown(path, 400);
  throw new ConfigError(
    `${file} was found in the working directory, not named, so it may not set ${first}. ` +
      `Name it with --config ${file} or HALO_MCP_CONFIG if you trust it.`,
  );
}

/** A value that holds no other, and where it stands: `plugins[1].use`. */
interface Leaf {
  at: string;
  value: unknown;
}

function leavesOf(value: unknown, at = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ at, value }];
  const inside = Array.isArray(value)
    ? value.map((one, index) => ({ at: `${at}[${index}]`, value: one as unknown }))
    : Object.entries(value).map(([key, one]) => ({ at: at === '' ? key : `${at}.${key}`, value: one as unknown }));
  // An empty list or object is one, too: it may be all that an option is.
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
