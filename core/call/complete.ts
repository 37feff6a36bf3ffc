import type { Prompt } from '../define.js';
import type { Halo } from '../halo/halo.js';
import { intOf, textOf } from '../halo/value.js';
import { nameKey, searchFor } from '../make/name.js';
import { oneLine } from '../output/clean.js';
import { type Completed, NO_NAMES } from './completed.js';

/** The most that MCP allows in one answer. */
const MOST = 100;
/** Clients are fetched from Halo at each keystroke, so not before there is something to look for. */
const SHORTEST = 2;

/** This tenant's names for a prompt's blank: those that begin with the typed text, then those that contain it. */
export async function complete(prompt: Prompt, argument: string, typed: string, halo: Halo): Promise<Completed> {
  const source = prompt.arguments?.[argument]?.complete;
  if (source === undefined) return NO_NAMES;
  const names = source === 'client' ? await clients(typed, halo) : (await halo.lookup(source)).map(({ name }) => name);
  return ranked(names, typed);
}

async function clients(typed: string, halo: Halo): Promise<string[]> {
  if (typed.trim().length < SHORTEST) return [];
  const { rows } = await halo.list('/Client', {
    key: 'clients',
    query: { search: searchFor(typed) },
    page: 1,
    pageSize: MOST,
  });
  return rows.flatMap((row) => (intOf(row.id) === undefined ? [] : (textOf(row.name) ?? [])));
}

function ranked(names: readonly string[], typed: string): Completed {
  const low = nameKey(typed);
  const found = [...new Set(names.map(oneLine))]
    .filter((name) => nameKey(name).includes(low))
    .sort((a, b) => rank(a, low) - rank(b, low) || a.localeCompare(b));
  return { values: found.slice(0, MOST), hasMore: found.length > MOST };
}

const rank = (name: string, low: string) => (nameKey(name).startsWith(low) ? 0 : 1);
