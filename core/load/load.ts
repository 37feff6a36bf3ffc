import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Config, PluginEntry } from '../../config/index.js';
import { ConfigError } from '../config-error.js';
import { watchGlobals } from '../contain/globals.js';
import { keepPlugin } from '../contain/keep.js';
import { type Owner, runAs } from '../contain/owner.js';
import { offerSelf } from '../contain/self.js';
import { API_VERSION, type Plugin } from '../define.js';
import type { Scope } from '../halo/scopes.js';
import { secretTest } from '../make/fields.js';
import { didYouMean } from '../nearest.js';
import { cut } from '../output/clean.js';
import { shown } from '../shown.js';
import { cardOf, type PluginCard } from './card.js';
import { isForeign } from './foreign.js';
import { isInstalled, locate } from './locate.js';
import { type Manifest, readManifest, within } from './manifest.js';
import { withOptions } from './options.js';
import { otherApi, pluginFault } from './validate.js';

/**
 * The packs that come with the server, by name. `default` packs are on where the config lists none. With a card, a
 * pack's code is loaded at the first call of one of its tools.
 */
export type Bundled = Record<string, { default: boolean; load: () => Promise<Plugin>; card?: PluginCard | undefined }>;

/** True for a pack of our own; `constructor` is none, though every object has one. */
const isBundled = (use: string, bundled: Bundled): boolean => Object.hasOwn(bundled, use);

type Entry = Exclude<PluginEntry, string>;

/** One pack that the config turned on. */
export interface Pack {
  card: PluginCard;
  load: () => Promise<Plugin>;
  /** As the config names it. */
  use: string;
  bundled: boolean;
  owner: Owner;
  only: readonly string[] | undefined;
  options: Record<string, unknown>;
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
  /** So long is waited for slow plugins before the others serve; without it, for as long as they may take. */
  graceMs?: number;
  /** Told of what a plugin does that it should not. */
  warn: (warning: string) => void;
}

/** What has loaded, in config order, and what is still on its way. */
export interface Arrivals {
  packs: Pack[];
  skipped: Skipped[];
  late: Promise<Pack | Skipped>[];
}

export const isPack = (one: Pack | Skipped): one is Pack => 'card' in one;

/**
 * Loads what the config turns on. One bad plugin never stops the others: it is skipped with its reason, and one that
 * is slow comes after the others.
 * @throws ConfigError for a pack name that nobody bears, or options that a pack does not have
 */
export async function loadPacks(config: Config, options: LoadOptions): Promise<Arrivals> {
  const { bundled, self, graceMs } = options;
  const entries: Entry[] = (config.plugins ?? Object.keys(bundled).filter((name) => bundled[name]?.default)).map(
    (entry) => (typeof entry === 'string' ? { use: entry } : entry),
  );
  for (const [index, { use }] of entries.entries()) {
    if (entries.findIndex((other) => other.use === use) !== index)
      throw new ConfigError(`"plugins" names "${shown(use)}" twice. Take one of them out.`);
    if (!isBundled(use, bundled) && !isForeign(use) && !isInstalled(use, config))
      throw unknownPack(use, bundled, config);
  }
  if (entries.some(({ use }) => !isBundled(use, bundled))) offerSelf(self);
  const loading = inTurn(entries, (entry, index) => loadPack(entry, index, config, options));
  const settled = new Map<Promise<Pack | Skipped>, Pack | Skipped>();
  for (const one of loading)
    one.then(
      (done) => settled.set(one, done),
      () => undefined, // told by whoever waits for all of them
    );
  const all = Promise.all(loading);
  await (graceMs === undefined ? all : Promise.race([all, pause(graceMs)]));
  // The server's own packs are never late: what is wrong with their options stops the start.
  await Promise.all(loading.filter((_, index) => isBundled(entries[index]?.use ?? '', bundled)));
  const here = loading.flatMap((one) => settled.get(one) ?? []);
  const late = entries.flatMap(({ use }, index) => {
    const one = loading[index];
    if (one === undefined || settled.has(one)) return [];
    return one.catch((error: unknown): Skipped => ({ use, reason: reasonOf(error) }));
  });
  return { packs: here.filter(isPack), skipped: here.flatMap((one) => (isPack(one) ? [] : one)), late };
}

/** So long a slow plugin holds up the loading of the next. */
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
 * One entry of the config as a pack, or why it is left out.
 * @throws ConfigError for options that the pack does not have
 */
async function loadPack(
  { use, tools, options: given = {} }: Entry,
  index: number,
  config: Config,
  options: LoadOptions,
): Promise<Pack | Skipped> {
  const owner = { name: use, strays: 0 };
  try {
    const meeting = runAs(owner, () => meet(use, { given, index }, config, options));
    const met = await withTimeout(meeting, options.timeoutMs ?? 10_000);
    owner.name = met.card.name;
    return { ...met, use, bundled: isBundled(use, options.bundled), owner, only: tools };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { use, reason: reasonOf(error) };
  }
}

/** The options of an entry, and which entry of `plugins` it is. */
interface Given {
  given: Record<string, unknown>;
  index: number;
}

/**
 * The card of a pack: the one made at build where no options change it, else from its code.
 * @throws ConfigError for options that the pack does not have
 */
async function meet(
  use: string,
  { given, index }: Given,
  config: Config,
  { bundled, warn }: LoadOptions,
): Promise<Pick<Pack, 'card' | 'load' | 'options'>> {
  const own = isBundled(use, bundled) ? bundled[use] : undefined;
  if (own?.card !== undefined && Object.keys(given).length === 0)
    return { card: own.card, load: own.load, options: own.card.options ?? {} };
  // A bundled pack that declares no options has none.
  const found = own
    ? { plugin: { options: z.strictObject({}), ...(await own.load()) } }
    : await importPlugin(use, config, warn);
  const fault = pluginFault(found.plugin);
  if (fault !== undefined) throw new Error(fault);
  const place = config.file ?? 'the config';
  const isSecret = secretTest(config.output.secretFields);
  const { plugin, options } = withOptions(found.plugin, given, ['plugins', index, 'options'], place, isSecret);
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

function unknownPack(use: string, bundled: Bundled, config: Config): ConfigError {
  const names = Object.keys(bundled);
  const other = config.named ? ', and no npm package of that name is installed' : '';
  return new ConfigError(
    `"plugins" names "${shown(use)}", which is no bundled pack${other}.${didYouMean(use.slice(0, 100), names) || ` Packs: ${names.join(', ')}.`}`,
  );
}

/** The plugin, and what its package.json says of it, which is read before any of its code runs. */
async function importPlugin(
  use: string,
  config: Config,
  warn: LoadOptions['warn'],
): Promise<{ plugin: Plugin; manifest?: Manifest | undefined }> {
  const { target, place } = locate(use, config);
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
export function scopesBefore(use: string, config: Config): readonly Scope[] {
  try {
    return readManifest(locate(use, config).place)?.scopes ?? [];
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
