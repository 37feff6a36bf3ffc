import * as nodeModule from 'node:module';
import { createRequire, register } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Config, ConfigError, didYouMean, isForeign, type PluginEntry } from '../config/index.js';
import { cardOf, type PluginCard } from './card.js';
import type { Plugin } from './define.js';
import { watchGlobals } from './globals.js';
import { keepPlugin } from './keep.js';
import { cut } from './output/clean.js';
import { type Owner, runAs } from './owner.js';
import { pluginFault } from './validate.js';

/**
 * The packs that come with the server, by name. `default` packs are on where the config lists none. With a card, a
 * pack's code is loaded at the first call of one of its tools.
 */
export type Bundled = Record<string, { default: boolean; load: () => Promise<Plugin>; card?: PluginCard | undefined }>;

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
  /** What `halo-psa-mcp` and `halo-psa-mcp/testing` mean inside a plugin file: this server's own copies. */
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
 * @throws ConfigError for a pack name that nobody bears
 */
export async function loadPacks(config: Config, options: LoadOptions): Promise<Arrivals> {
  const { bundled, self, graceMs } = options;
  const entries: Entry[] = (config.plugins ?? Object.keys(bundled).filter((name) => bundled[name]?.default)).map(
    (entry) => (typeof entry === 'string' ? { use: entry } : entry),
  );
  for (const [index, { use }] of entries.entries()) {
    if (entries.findIndex((other) => other.use === use) !== index)
      throw new ConfigError(`"plugins" names "${use}" twice. Take one of them out.`);
    if (bundled[use] === undefined && !isForeign(use) && !isInstalled(use, config))
      throw unknownPack(use, bundled, config);
  }
  if (entries.some(({ use }) => bundled[use] === undefined)) offerSelf(self);
  const loading = inTurn(entries, (entry) => loadPack(entry, config, options));
  const settled = new Map<Promise<Pack | Skipped>, Pack | Skipped>();
  for (const one of loading) void one.then((done) => settled.set(one, done));
  const all = Promise.all(loading);
  await (graceMs === undefined ? all : Promise.race([all, pause(graceMs)]));
  const here = loading.flatMap((one) => settled.get(one) ?? []);
  return {
    packs: here.filter(isPack),
    skipped: here.flatMap((one) => (isPack(one) ? [] : one)),
    late: loading.filter((one) => !settled.has(one)),
  };
}

/** So long a slow plugin holds up the loading of the next. */
const NEXT_MS = 200;

const pause = (milliseconds: number) => delay(milliseconds, undefined, { ref: false });

/** One after the other, so that what one does to the process can be told; a slow one holds up nobody for long. */
function inTurn<T, R>(entries: readonly T[], work: (entry: T) => Promise<R>): Promise<R>[] {
  let turn: Promise<unknown> = Promise.resolve();
  return entries.map((entry) => {
    const done = turn.then(() => work(entry));
    turn = Promise.race([done, turn.then(() => pause(NEXT_MS))]);
    return done;
  });
}

/** One entry of the config as a pack, or why it is left out. */
async function loadPack(entry: Entry, config: Config, options: LoadOptions): Promise<Pack | Skipped> {
  const { use, tools, options: own = {} } = entry;
  const owner = { name: use, strays: 0 };
  try {
    const meeting = runAs(owner, () => meet(use, config, options));
    const { card, load } = await withTimeout(meeting, options.timeoutMs ?? 10_000);
    owner.name = card.name;
    return {
      card,
      load,
      use,
      bundled: options.bundled[use] !== undefined,
      owner,
      only: tools,
      options: own,
    };
  } catch (error) {
    return { use, reason: reasonOf(error) };
  }
}

/** The card of a pack: the one made at build, else from its code. */
async function meet(use: string, config: Config, { bundled, warn }: LoadOptions): Promise<Pick<Pack, 'card' | 'load'>> {
  const own = bundled[use];
  if (own?.card !== undefined) return { card: own.card, load: own.load };
  const plugin = own === undefined ? await importPlugin(use, config, warn) : await own.load();
  const fault = pluginFault(plugin);
  if (fault !== undefined) throw new Error(fault);
  const { kept, hasChanged } = keepPlugin(plugin);
  let told = false;
  const load = async () => {
    if (!told && hasChanged()) {
      told = true;
      warn(`The plugin "${kept.name}" changed its tools after the start; what it had then is served until a restart.`);
    }
    return kept;
  };
  return { card: cardOf(kept), load };
}

function unknownPack(use: string, bundled: Bundled, config: Config): ConfigError {
  const names = Object.keys(bundled);
  const other = config.named ? ', and no npm package of that name is installed' : '';
  return new ConfigError(
    `"plugins" names "${use}", which is no bundled pack${other}.${didYouMean(use, names) || ` Packs: ${names.join(', ')}.`}`,
  );
}

function isInstalled(use: string, config: Config): boolean {
  return config.named && resolvePackage(use, config) !== undefined;
}

function resolvePackage(use: string, { directory }: Config): string | undefined {
  try {
    return createRequire(resolve(directory, 'halo-mcp.config.json')).resolve(use);
  } catch (error) {
    // A package with an ESM-only `exports` is there, though require() may not enter it.
    return (error as { code?: string }).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? use : undefined;
  }
}

async function importPlugin(use: string, config: Config, warn: LoadOptions['warn']): Promise<Plugin> {
  if (/\.[cm]?tsx?$/.test(use)) throw new Error('it is TypeScript; build it to JavaScript and name the built file');
  const isPath = use.startsWith('.') || use.startsWith('/') || /^[A-Za-z]:[\\/]/.test(use);
  const found = isPath ? resolve(config.directory, use) : resolvePackage(use, config);
  if (found === undefined && /\.[cm]?js$/.test(use))
    throw new Error(`it is no package; a file is named by its path: ./${use}`);
  if (found === undefined) throw new Error(`the package is not installed; run npm install ${use} beside the config`);
  const changed = watchGlobals();
  const module: { default?: unknown } = await import(found === use ? use : pathToFileURL(found).href).finally(() => {
    const names = changed();
    if (names.length > 0)
      warn(`The plugin "${use}" changed what the whole server uses: ${names.slice(0, 5).join(', ')}. It was put back.`);
  });
  const inner = module.default as { default?: unknown } | undefined;
  return (inner?.default ?? inner) as Plugin;
}

let offered = false;

/**
 * Lets a plugin file import `halo-psa-mcp` wherever it lies, and get the running server's copy: one zod, one set of
 * definitions, no install beside the file.
 */
function offerSelf(self: Record<string, string>): void {
  if (offered) return;
  offered = true;
  const hooks = nodeModule as unknown as { registerHooks?: (hooks: object) => void };
  if (hooks.registerHooks !== undefined) {
    const resolveSelf = (
      specifier: string,
      context: unknown,
      next: (specifier: string, context: unknown) => unknown,
    ) => (self[specifier] === undefined ? next(specifier, context) : { url: self[specifier], shortCircuit: true });
    hooks.registerHooks({ resolve: resolveSelf });
    return;
  }
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: self });
}

const HOOK = `
let self = {};
export function initialize(data) { self = data; }
export function resolve(specifier, context, next) {
  return self[specifier] === undefined ? next(specifier, context) : { url: self[specifier], shortCircuit: true };
}`;

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
