// load/: What is on, and why: packs are found, checked and loaded here, and each tool gets its verdict.
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
import type { Settings, WritingRules } from '../settings.js';
import { type Bundled, isBundled } from './bundled.js';
import { cardOf, type PluginCard } from './card.js';
import { locate, type Place } from './locate.js';
import { type Manifest, readManifest, within } from './manifest.js';
import { withOptions } from './options.js';
import { otherApi, pluginFault } from './validate.js';
import type { Wanted } from './wanted.js';

/** One plugin that was loaded, with one set of options. */
export interface Loaded {
  card: PluginCard;
  load: () => Promise<Plugin>;
  /** As the config names it. */
  use: string;
  bundled: boolean;
  owner: Owner;
  options: Record<string, unknown>;
}

/** As one customer has it: whole, or only these of its tools, and what of it may change that customer's Halo. */
export interface Pack extends Loaded {
  only: readonly string[] | undefined;
  /** Without it nothing. */
  writing?: WritingRules | undefined;
}

/** A plugin that is left out, and why. */
export interface Skipped {
  use: string;
  reason: string;
}

export interface LoadOptions {
  bundled: Bundled;
  /** What each entry of `halo-psa-mcp` means inside a plugin file: this server's own copies. */
  self: Record<string, string>;
  timeoutMs?: number;
  /** How long slow plugins are waited for before the others serve; without it, for as long as they may take. */
  graceMs?: number;
  /** Told of what a plugin does that it should not. */
  warn: (warning: string) => void;
}

/** True for what was loaded, not skipped. */
export const isLoaded = <T extends Loaded>(one: T | Skipped): one is T => 'card' in one;

/** What has loaded or was left out, by the key of what was wanted, and what is still on its way. */
export interface Arrivals {
  here: ReadonlyMap<string, Loaded | Skipped>;
  late: { key: string; done: Promise<Loaded | Skipped> }[];
}

/**
 * Loads what is wanted, each plugin once, whoever wants it. One bad plugin never stops the others: it is skipped with
 * its reason, and one that is slow comes after the others.
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
  // With other options it is still the same code, which has failed or not.
  const owners = new Map(each.map(({ use }) => [use, { name: use, strays: 0 }]));
  const loading = inTurn(each, (one) => loadPack(one, owners.get(one.use) as Owner, settings, options));
  const here = new Map<string, Loaded | Skipped>();
  for (const [index, one] of loading.entries())
    one.then(
      (done) => here.set(each[index]?.key ?? '', done),
      () => undefined, // told by whoever waits for all of them
    );
  const all = Promise.all(loading);
  await (graceMs === undefined ? all : Promise.race([all, pause(graceMs)]));
  // The server's own packs are never late: what is wrong with their options stops the start.
  await Promise.all(loading.filter((_, index) => isBundled(each[index]?.use ?? '', bundled)));
  const late = each.flatMap(({ key, use }, index) => {
    const one = loading[index];
    if (one === undefined || here.has(key)) return [];
    return { key, done: one.catch((error: unknown): Skipped => ({ use, reason: reasonOf(error) })) };
  });
  return { here: new Map(here), late };
}

/** How long a slow plugin may hold up the loading of the next. */
const NEXT_MS = 200;

const pause = (milliseconds: number) => delay(milliseconds, undefined, { ref: false });

/** One after the other, so that what one does to the process can be told; a slow one holds up nobody for long. */
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
 * One plugin that is wanted, or why it is left out.
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
    return { ...met, use, bundled: isBundled(use, options.bundled), owner };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { use, reason: reasonOf(error) };
  }
}

/**
 * The card of a pack: the one made at build where no options change it, else from its code.
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
  // A bundled pack that declares no options has none.
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

/** The plugin, and what its package.json says of it, which is read before any of its code runs. */
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

/** The scopes that a plugin's package.json names, for who wants to know of one that did not load; none where it can't be told. */
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

/** The first line of what was thrown, whatever it was. */
function reasonOf(error: unknown): string {
  try {
    const { code, message = String(error) } = Object(error) as { code?: unknown; message?: unknown };
    const first = cut(String(message).split('\n', 1)[0] ?? '', 300);
    return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' ? `a module is missing (${first})` : first;
  } catch {
    return 'it threw something that can not be shown';
  }
}
