import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { watchGlobals } from '../contain/globals.js';
import { keepPlugin } from '../contain/keep.js';
import { API_VERSION, type Plugin } from '../define.js';
import { secretTest } from '../make/fields.js';
import type { Settings } from '../settings.js';
import type { BundledPack } from './bundled.js';
import { cardOf } from './card.js';
import type { Met } from './load.js';
import { locate, type Place } from './locate.js';
import { type Manifest, readManifest, within } from './manifest.js';
import { withOptions } from './options.js';
import { placeOfSyntax } from './syntax.js';
import { otherApi, pluginFault, strangeKeys } from './validate.js';
import type { Wanted } from './wanted.js';

type Warn = (warning: string) => void;

/**
 * A pack's card, made from its code: a plugin's, or that of a bundled pack with options. This loads the schema library,
 * which a start with the cards made at build does without.
 * @param own the bundled pack; undefined for a plugin
 * @throws ConfigError for options that the pack does not have
 */
export async function fromCode(
  { use, options: given, at }: Wanted,
  own: BundledPack | undefined,
  settings: Settings,
  warn: Warn,
): Promise<Met> {
  // A bundled pack that declares no options takes none.
  const found = own
    ? { plugin: { options: z.strictObject({}), ...(await own.load()) } }
    : await importPlugin(use, settings, warn);
  for (const strange of strangeKeys(found.plugin)) warn(strange);
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
  warn: Warn,
): Promise<{ plugin: Plugin; manifest?: Manifest | undefined }> {
  const { target, place } = locate(use, at);
  const manifest = readManifest(place);
  if (manifest !== undefined && manifest.apiVersion !== API_VERSION) throw new Error(otherApi(manifest.apiVersion));
  const changed = watchGlobals();
  const importing: Promise<{ default?: unknown }> = import(target).finally(() => {
    const names = changed();
    if (names.length > 0)
      warn(`The plugin "${use}" changed what the whole server uses: ${names.slice(0, 5).join(', ')}. It was put back.`);
  });
  const module = await importing.catch(async (error: unknown) => {
    throw await located(error, target);
  });
  const inner = module.default as { default?: unknown } | undefined;
  return { plugin: (inner?.default ?? inner) as Plugin, manifest };
}

/** An error of the import; that of a syntax with its place. */
async function located(error: unknown, target: string): Promise<unknown> {
  const place = target.startsWith('file:') ? await placeOfSyntax(error, fileURLToPath(target)) : '';
  return place === '' ? error : new SyntaxError(`${(error as SyntaxError).message}${place}`);
}
