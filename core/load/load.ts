// load/: What is on, and why: finds, checks and loads packs, and gives each tool its verdict.
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigError } from '../config-error.js';
import { watchGlobals } from '../contain/globals.js';
import { keepPlugin } from '../contain/keep.js';
import { type Owner, runAs } from '../contain/owner.js';
import { offerSelf } from '../contain/self.js';
import { API_VERSION, type Plugin } from '../define.js';
import type { Scope } from '../halo/scopes.js';
import { secretTest } from '../make/fields.js';
import { cut } from '../output/clean.js';
import { InputForms } from '../output/schema.js';
import type { Settings, WritingRules } from '../settings.js';
import { type Bundled, isBundled } from './bundled.js';
import { cardOf, type PluginCard } from './card.js';
import { locate, type Place } from './locate.js';
import { type Manifest, readManifest, within } from './manifest.js';
import { withOptions } from './options.js';
import { otherApi, pluginFault } from './validate.js';
import type { Wanted } from './wanted.js';

/** One loaded plugin with one set of options. */
export interface Loaded {
  card: PluginCard;
  load: () => Promise<Plugin>;
  /** As the config names it. */
  use: string;
  bundled: boolean;
  owner: Owner;
  /** The input forms of its tools. */
  forms: InputForms;
  options: Record<string, unknown>;
}

/** A pack as one customer has it: all of its tools or only these, and which may change that customer's Halo. */
export interface Pack extends Loaded {
  only: readonly string[] | undefined;
  /** Without it, nothing may. */
  writing?: WritingRules | undefined;
}

/** A plugin that was left out, and why. */
export interface Skipped {
  use: string;
  reason: string;
}

export interface LoadOptions {
  bundled: Bundled;
  /** What each entry of `halo-psa-mcp` means inside a plugin file: this server's own copies. */
  self: Record<string, string>;
  timeoutMs?: number;
  /** How long to wait for slow plugins before the others serve; without it, as long as they may take. */
  graceMs?: number;
  /** Receives warnings about plugins that do what they should not. */
  warn: (warning: string) => void;
}

/** True for a plugin that was loaded, not skipped. */
export const isLoaded = <T extends Loaded>(one: T | Skipped): one is T => 'card' in one;

/** What has loaded or was left out, by key, and what is still loading. */
export interface Arrivals {
  here: ReadonlyMap<string, Loaded | Skipped>;
  late: { key: string; done: Promise<Loaded | Skipped> }[];
}

/**
 * Loads the wanted plugins, each only once. One bad plugin never stops the others: it is skipped with its reason. A
 * slow one arrives after the others.
 * @throws ConfigError for options that a pack does not have
 */
export async function loadPacks(
  wanted: readonly Wanted[],
  settings: Settings,
  options: LoadOptions,
): Promise<Arrivals> {
  const { bundled, self, graceMs } = options;
  const each = wanted.filter(({ key }, index) => wanted.findIndex((other) => other.key === key) === index);
  if (each.some(({ use }) => !isBundled(use, bundled))) offerSelf(self);
  // With other options it is still the same code, so failures count together.
  const owners = new Map(each.map(({ use }) => [use, { name: use, strays: 0 }]));
  const loading = inTurn(each, (one) => loadPack(one, owners.get(one.use) as Owner, settings, options));
  const here = new Map<string, Loaded | Skipped>();
  for (const [index, one] of loading.entries())
    one.then(
      (done) => here.set(each[index]?.key ?? '', done),
      () => undefined, // reported by the wait for all of them
    );
  const all = Promise.all(loading);
  await (graceMs === undefined ? all : Promise.race([all, pause(graceMs)]));
  // The server's own packs are never late: a fault in their options stops the start.
  await Promise.all(loading.filter((_, index) => isBundled(each[index]?.use ?? '', bundled)));
  const late = each.flatMap(({ key, use }, index) => {
    const one = loading[index];
    if (one === undefined || here.has(key)) return [];
    return { key, done: one.catch((error: unknown): Skipped => ({ use, reason: reasonOf(error) })) };
  });
  return { here: new Map(here), late };
}

/** How long a slow plugin may hold up the next one. */
const NEXT_MS = 200;

const pause = (milliseconds: number) => delay(milliseconds, undefined, { ref: false });

/** Loads one at a time, so that changes to the process can be traced; a slow one does not block the rest for long. */
function inTurn<T, R>(entries: readonly T[], work: (entry: T, index: number) => Promise<R>): Promise<R>[] {
  let turn: Promise<unknown> = Promise.resolve();
  return entries.map((entry, index) => {
    const before = turn;
    const done = before.then(() => work(entry, index));
    turn = Promise.race([done.catch(() => undefined), before.then(() => pause(NEXT_MS))]);
    return done;
  });
}

/**
 * One wanted plugin, or why it is left out.
 * @throws ConfigError for options that the pack does not have
 */
async function loadPack(
  wanted: Wanted,
  owner: Owner,
  settings: Settings,
  options: LoadOptions,
): Promise<Loaded | Skipped> {
  const { use } = wanted;
  try {
    const meeting = runAs(owner, () => meet(wanted, settings, options));
    const met = await withTimeout(meeting, options.timeoutMs ?? 10_000);
    owner.name = met.card.name;
    return { ...met, use, bundled: isBundled(use, options.bundled), owner, forms: new InputForms() };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { use, reason: reasonOf(error) };
  }
}

/**
 * A pack's card: the one made at build if no options change it, otherwise from its code.
 * @throws ConfigError for options that the pack does not have
 */
async function meet(
  { use, options: given, at }: Wanted,
  settings: Settings,
  { bundled, warn }: LoadOptions,
): Promise<Pick<Loaded, 'card' | 'load' | 'options'>> {
  const own = isBundled(use, bundled) ? bundled[use] : undefined;
  if (own?.card !== undefined && Object.keys(given).length === 0)
    return { card: own.card, load: own.load, options: own.card.options ?? {} };
  // A bundled pack that declares no options takes none.
  const found = own
    ? { plugin: { options: z.strictObject({}), ...(await own.load()) } }
    : await importPlugin(use, settings, warn);
  const fault = pluginFault(found.plugin);
  if (fault !== undefined) throw new Error(fault);
  const place = settings.file ?? 'the config';
  const isSecret = secretTest(settings.output.secretFields);
  const { plugin, options } = withOptions(found.plugin, given, [...at, 'options'], place, isSecret);
  const { kept, hasChanged } = keepPlugin(plugin);
  const card = cardOf(kept);
  const manifest = 'manifest' in found ? found.manifest : undefined;
  let told = false;
  const load = async () => {
    if (!told && hasChanged()) {
      told = true;
      warn(`The plugin "${kept.name}" changed its tools after the start; what it had then is served until a restart.`);
    }
    return kept;
  };
  return { card: manifest === undefined ? card : within(manifest, card), load, options };
}

/** The plugin and its manifest, which is read before any of the plugin's code runs. */
async function importPlugin(
  use: string,
  at: Place,
  warn: LoadOptions['warn'],
): Promise<{ plugin: Plugin; manifest?: Manifest | undefined }> {
  const { target, place } = locate(use, at);
  const manifest = readManifest(place);
  if (manifest !== undefined && manifest.apiVersion !== API_VERSION) throw new Error(otherApi(manifest.apiVersion));
  const changed = watchGlobals();
  const module: { default?: unknown } = await import(target).finally(() => {
    const names = changed();
    if (names.length > 0)
      warn(`The plugin "${use}" changed what the whole server uses: ${names.slice(0, 5).join(', ')}. It was put back.`);
  });
  const inner = module.default as { default?: unknown } | undefined;
  return { plugin: (inner?.default ?? inner) as Plugin, manifest };
}

/** The scopes that a plugin's package.json names, even if the plugin did not load; none if they can't be read. */
export function scopesBefore(use: string, at: Place): readonly Scope[] {
  try {
    return readManifest(locate(use, at).place)?.scopes ?? [];
  } catch {
    return [];
  }
}

async function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not load within ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first line of whatever was thrown. */
function reasonOf(error: unknown): string {
  try {
    const { code, message = String(error) } = Object(error) as { code?: unknown; message?: unknown };
    const first = cut(String(message).split('\n', 1)[0] ?? '', 300);
    return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' ? `a module is missing (${first})` : first;
  } catch {
    return 'it threw something that can not be shown';
  }
}
