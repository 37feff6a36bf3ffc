// load/: What is on, and why: finds, checks and loads packs, and gives each tool its verdict.
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../config-error.js';
import { type Owner, runAs } from '../contain/owner.js';
import { offerSelf } from '../contain/self.js';
import type { Plugin } from '../define.js';
import { cut } from '../output/clean.js';
import type { InputForms } from '../output/schema.js';
import type { Settings, WritingRules } from '../settings.js';
import { type Bundled, isBundled } from './bundled.js';
import type { PluginCard } from './card.js';
import type { Wanted } from './wanted.js';

/** A pack's card, its code and its options. */
export interface Met {
  card: PluginCard;
  load: () => Promise<Plugin>;
  options: Record<string, unknown>;
}

/** One loaded plugin with one set of options. */
export interface Loaded extends Met {
  /** As the config names it. */
  use: string;
  bundled: boolean;
  owner: Owner;
  /** The input forms of its tools. */
  forms: InputForms;
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
    return { ...met, use, bundled: isBundled(use, options.bundled), owner, forms: new Map() };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { use, reason: reasonOf(error) };
  }
}

/**
 * A pack's card: the one made at build if no options change it, otherwise from its code.
 * @throws ConfigError for options that the pack does not have
 */
async function meet(wanted: Wanted, settings: Settings, options: LoadOptions): Promise<Met> {
  const { use, options: given } = wanted;
  const own = isBundled(use, options.bundled) ? options.bundled[use] : undefined;
  if (own?.card !== undefined && Object.keys(given).length === 0)
    return { card: own.card, load: own.load, options: own.card.options ?? {} };
  const { fromCode } = await import('./from-code.js');
  return fromCode(wanted, own, settings, options.warn);
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
