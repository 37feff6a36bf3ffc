import type { Prompt } from '../define.js';
import { HaloError } from '../errors.js';
import type { Catalog } from '../load/catalog.js';
import { didYouMean } from '../nearest.js';
import { clean, cut, oneLine } from '../output/clean.js';
import { inert } from '../output/inert.js';

/** A blank is filled in with a name or a number, never with a page of text. */
const LONGEST = 200;

/** The prompts of the packs that are on whose tools are all on. A bundled pack, or else the first, owns a name. */
export function promptsOf({ packs, on }: Catalog): Prompt[] {
  const tools = new Set(on.map(({ tool }) => tool.name));
  const offered = packs
    .flatMap(({ card }) => card.prompts ?? [])
    .filter((prompt) => prompt.tools.every((name) => tools.has(name)));
  return [...new Map(offered.toReversed().map((prompt) => [prompt.name, prompt])).values()].toReversed();
}

/** The prompt of that name. @throws HaloError BAD_ARGUMENTS with the nearest name */
export function findPrompt(prompts: readonly Prompt[], name: string): Prompt {
  const found = prompts.find((prompt) => prompt.name === name);
  if (found !== undefined) return found;
  const names = prompts.map((prompt) => prompt.name);
  throw new HaloError(
    'BAD_ARGUMENTS',
    `There is no prompt "${clean(cut(name, 60))}" here.${didYouMean(name, names)}`,
    names.length > 0 ? `There are: ${names.join(', ')}.` : 'The packs that are on bring none.',
  );
}

/**
 * The text of a prompt with its blanks filled in.
 * @throws HaloError BAD_ARGUMENTS if one is missing or unknown
 */
export function fillIn({ name, arguments: blanks = {}, text }: Prompt, given: Record<string, string> = {}): string {
  const known = Object.keys(blanks);
  const takes = known.length > 0 ? `${name} takes: ${known.join(', ')}.` : `${name} takes no arguments.`;
  const stranger = Object.keys(given).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new HaloError(
      'BAD_ARGUMENTS',
      `There is no argument "${clean(cut(stranger, 60))}".${didYouMean(stranger, known)}`,
      takes,
    );
  return text.replace(/\{(\w+)\}/g, (_, key: string) => {
    // A completed name comes from Halo: it must not open a link or a tag where the prompt is shown.
    const value = inert(oneLine(cut(given[key] ?? '', LONGEST)));
    const word = value === '' ? blanks[key]?.otherwise : value;
    if (word === undefined) throw new HaloError('BAD_ARGUMENTS', `"${key}" is missing.`, takes);
    return word;
  });
}
