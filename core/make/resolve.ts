import { HaloError, isHaloError } from '../errors.js';
import type { Halo } from '../halo/halo.js';
import type { LookupName } from '../halo/lookups.js';
import { intOf, textOf } from '../halo/value.js';
import { cut, oneLine } from '../output/clean.js';
import { firstLetters, nameKey, quoted, searchFor, wantedName } from './name.js';

/** Something with an id and a name. */
export interface Named {
  id: number;
  name: string;
}

/**
 * The one that a name means: an exact match (case does not count), else the only partial one. Never a guess. Names are
 * compared as they are shown, so that one which the gate changed is known when it comes back.
 * @throws HaloError UNKNOWN_NAME or AMBIGUOUS_NAME, with the candidates
 */
export function matchName<T extends Named>(wanted: string, rows: readonly T[], what: string): T {
  const { key, isCut } = wantedName(wanted);
  const exact = isCut ? rows.filter(({ name }) => nameKey(name).startsWith(key)) : rows.filter(sameAs(key));
  const partial = exact.length > 0 ? exact : rows.filter(({ name }) => key !== '' && nameKey(name).includes(key));
  const found = [...new Map(partial.map((row) => [row.id, row])).values()];
  const only = found[0];
  if (found.length === 1 && only !== undefined) return only;
  if (found.length > 1)
    throw new HaloError('AMBIGUOUS_NAME', `${quoted(wanted)} fits ${found.length} ${plural(what)}.`, {
      remedy: 'Pass the id or the whole name of the one that you mean.',
      foreign: candidates(found),
    });
  const some = rows.length <= MOST_TOLD ? candidates(rows) : [];
  throw new HaloError('UNKNOWN_NAME', `No ${what} is named ${quoted(wanted)}.`, {
    remedy: some.length > 0 ? `Pass one of these ${plural(what)}.` : 'Check the spelling, or pass the id.',
    foreign: some,
  });
}

const sameAs =
  (key: string) =>
  ({ name }: Named) =>
    nameKey(name) === key;

const plural = (what: string) => what.replace(/y$/, 'ie').replace(/s$/, 'se').concat('s');

/** Of a longer list nobody reads the names to find the right one. */
const MOST_TOLD = 30;
const MOST_SHOWN = 15;

/** `Contoso (12)`, a line each. */
function candidates(rows: readonly Named[]): string[] {
  const shown = rows.slice(0, MOST_SHOWN).map(({ id, name }) => `${cut(oneLine(name), 60)} (${id})`);
  return rows.length > MOST_SHOWN ? [...shown, `and ${rows.length - MOST_SHOWN} more`] : shown;
}

/**
 * The id and name of a client, active or not, by its name. Halo's search is a loose one: the match is made here.
 * @throws HaloError also HALO_SCOPE_MISSING where read:customers is not in use, saying to pass client_id
 */
export async function resolveClient(halo: Halo, name: string): Promise<Named> {
  try {
    const found = await searchClients(halo, searchFor(name), name);
    // Characters that nobody sees may stand within a name: as Halo has it, it is another one than the reader gave.
    const start = found.some(({ name: one }) => nameKey(one).includes(wantedName(name).key))
      ? undefined
      : firstLetters(name);
    const more = start === undefined ? [] : await searchClients(halo, start, name);
    const wider = more.filter(({ name: one }) => nameKey(one).includes(wantedName(name).key));
    return matchName(name, wider.length > 0 ? wider : found, 'client');
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'HALO_SCOPE_MISSING') throw error;
    throw new HaloError(
      'HALO_SCOPE_MISSING',
      'Clients can be found by name only with read:customers.',
      'Pass client_id in place of client_name.',
    );
  }
}

/** @param wanted the name that is looked for: one that has it and no id that can be read may be the one that is meant */
async function searchClients(halo: Halo, search: string, wanted: string): Promise<Named[]> {
  const walk = await halo.all('/Client', {
    key: 'clients',
    query: { search, includeactive: true, includeinactive: true },
  });
  if (!walk.complete) throw new HaloError('HALO_UNAVAILABLE', `The clients could not be read whole: ${walk.reason}.`);
  return walk.rows.flatMap((row) => {
    const [id, text] = [intOf(row.id), textOf(row.name)];
    if (id === undefined && text !== undefined && nameKey(text).includes(wantedName(wanted).key))
      throw new HaloError('HALO_UNEXPECTED', 'Halo sent a client of that name with an id that can not be read.');
    return id === undefined || text === undefined ? [] : [{ id, name: text }];
  });
}

/** The id and name that an argument means: an id is taken as it is, a name is looked up. */
export async function resolveLookup(
  halo: Halo,
  lookup: LookupName,
  value: number | string,
  what: string,
): Promise<{ id: number; name: string | undefined }> {
  const rows = await halo.lookup(lookup, [value]);
  if (typeof value === 'number') return { id: value, name: rows.find(({ id }) => id === value)?.name };
  return idAsText(value, rows) ?? matchName(value, rows, what);
}

/** The one whose id came as text, as some clients write all values; a name of digits comes first. */
function idAsText<T extends Named>(value: string, rows: readonly T[]): T | undefined {
  if (!/^[1-9]\d*$/.test(value) || rows.some(sameAs(wantedName(value).key))) return undefined;
  return rows.find(({ id }) => String(id) === value);
}
