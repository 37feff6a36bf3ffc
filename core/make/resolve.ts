import { HaloError, isHaloError } from '../errors.js';
import type { Halo } from '../halo/halo.js';
import { hasEmail, type LookupName } from '../halo/lookups.js';
import { intOf, isNothing, textOf } from '../halo/value.js';
import { nearestOf } from '../nearest.js';
import { cut, oneLine } from '../output/clean.js';
import { nameKey, piecesOf, plainName, quoted, searchFor, wantedName } from './name.js';

/** Something with an id and a name. */
export interface Named {
  id: number;
  name: string;
}

/**
 * The row that a name means: an equal name, otherwise the only one that differs just in case and accents, otherwise the
 * only one that contains it. Never a guess. Names are compared as they are shown, so that a name that the gate changed
 * is recognized when it comes back.
 * @throws HaloError UNKNOWN_NAME or AMBIGUOUS_NAME, with the candidates
 */
export function matchName<T extends Named>(wanted: string, rows: readonly T[], what: string): T {
  const found = [...new Map(fitting(wanted, rows).map((row) => [row.id, row])).values()];
  const only = found[0];
  if (found.length === 1 && only !== undefined) return only;
  if (found.length > 1) throw ambiguousName(wanted, what, found);
  throw unknownName(wanted, what, rows.length <= MOST_TOLD ? rows : near(wanted, rows));
}

const ambiguousName = (wanted: string, what: string, found: readonly Named[]) =>
  new HaloError('AMBIGUOUS_NAME', `${quoted(wanted)} fits ${found.length} ${plural(what)}.`, {
    remedy: 'Pass the id or the whole name of the one that you mean.',
    foreign: candidates(found),
  });

const unknownName = (wanted: string, what: string, some: readonly Named[]) =>
  new HaloError('UNKNOWN_NAME', `No ${what} is named ${quoted(wanted)}.`, {
    remedy: some.length > 0 ? `Pass one of these ${plural(what)}.` : 'Check the spelling, or pass the id.',
    foreign: candidates(some),
  });

/** The rows that a name may mean, by the strictest comparison that any of them passes. */
function fitting<T extends Named>(wanted: string, rows: readonly T[]): readonly T[] {
  const { plain, key, isCut } = wantedName(wanted);
  if (isCut) return rows.filter(({ name }) => nameKey(name).startsWith(key));
  const steps = [
    ({ name }: T) => plainName(name) === plain,
    ({ name }: T) => nameKey(name) === key,
    // A piece without a letter or a digit says nothing about a name.
    ({ name }: T) => /[\p{L}\p{N}]/u.test(key) && nameKey(name).includes(key),
  ];
  for (const step of steps) {
    const found = rows.filter(step);
    if (found.length > 0) return found;
  }
  return [];
}

/** The rows whose names are nearest to a name that none of them has. */
const near = <T extends Named>(wanted: string, rows: readonly T[]): readonly T[] =>
  nearestOf(nameKey(wanted), rows, ({ name }) => nameKey(name)).slice(0, MOST_NEAR);

const plural = (what: string) => what.replace(/y$/, 'ie').replace(/s$/, 'se').concat('s');

/** In a longer list nobody reads the names to find the right one. */
const MOST_TOLD = 30;
const MOST_SHOWN = 15;
const MOST_NEAR = 8;

/** `Contoso (12)`, one per line, each once: a priority comes once per agreement. */
function candidates(rows: readonly Named[]): string[] {
  const all = [...new Set(rows.map(({ id, name }) => `${cut(oneLine(name), 60)} (${id})`))];
  return all.length > MOST_SHOWN ? [...all.slice(0, MOST_SHOWN), `and ${all.length - MOST_SHOWN} more`] : all;
}

/**
 * The id and name of a client, active or not, by its name. Halo's search is loose, but minds accents and marks that
 * people ignore: unless it finds the exact name, shorter pieces are searched for, and the match is made here.
 * @throws HaloError also HALO_SCOPE_MISSING if read:customers is not in use, saying to pass client_id
 */
export async function resolveClient(halo: Halo, name: string): Promise<Named> {
  try {
    const found = await searchClients(halo, searchFor(name), name);
    const { plain, key } = wantedName(name);
    if (found.some((client) => plainName(client.name) === plain)) return matchName(name, found, 'client');
    for (const piece of piecesOf(name)) {
      found.push(...(await searchClients(halo, piece, name)));
      // For a name with letters beyond ASCII another piece may find the one meant: a folded match is no proof.
      if (isAscii(name) && found.some((client) => nameKey(client.name).includes(key))) break;
    }
    if (fitting(name, found).length > 0) return matchName(name, found, 'client');
    const nameless = found.filter((client) => client.name === '').length;
    if (nameless > 0)
      throw new HaloError(
        'HALO_UNEXPECTED',
        `Halo sent ${nameless === 1 ? 'a client' : `${nameless} clients`} with a name that can not be read.`,
        'Pass client_id in place of client_name.',
      );
    const some = near(name, distinct(found));
    throw unknownName(name, 'client', some.length > 0 ? some : near(name, await firstClients(halo)));
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'HALO_SCOPE_MISSING') throw error;
    throw new HaloError(
      'HALO_SCOPE_MISSING',
      'Clients can be found by name only with read:customers.',
      'Pass client_id in place of client_name.',
    );
  }
}

const isAscii = (name: string) => /^[\x20-\x7e]*$/.test(name);

const distinct = (rows: readonly Named[]): Named[] => [...new Map(rows.map((row) => [row.id, row])).values()];

/** The pages of clients to read for the nearest names if a search finds none. */
const MOST_PAGES = 10;

/** Clients to compare with a name that no search finds; none if they can't be read: the name stays unknown anyway. */
async function firstClients(halo: Halo): Promise<Named[]> {
  const query = { includeactive: true, includeinactive: true };
  const walk = await halo.all('/Client', { key: 'clients', query, mostPages: MOST_PAGES }).catch((error: unknown) => {
    if (!isHaloError(error) || error.code === 'CALL_CANCELLED' || error.code === 'CALL_TIMEOUT') throw error;
  });
  return (walk?.rows ?? []).flatMap((row) => {
    const [id, text] = [intOf(row.id), textOf(row.name)];
    return id === undefined || text === undefined ? [] : [{ id, name: text }];
  });
}

/** @param wanted the name that is searched for: a client that has it but no readable id may be the one meant */
async function searchClients(halo: Halo, search: string, wanted: string): Promise<Named[]> {
  const walk = await halo.all('/Client', {
    key: 'clients',
    query: { search, includeactive: true, includeinactive: true },
  });
  if (!walk.complete)
    throw new HaloError('HALO_UNAVAILABLE', `The clients could not be read completely: ${walk.reason}.`);
  return walk.rows.flatMap((row) => {
    const [id, text] = [intOf(row.id), textOf(row.name)];
    if (id === undefined && text !== undefined && nameKey(text).includes(wantedName(wanted).key))
      throw new HaloError('HALO_UNEXPECTED', 'Halo sent a client of that name with an id that can not be read.');
    // A client whose name is not text may be the one meant, though it matches no name.
    if (id !== undefined && text === undefined) return isNothing(row.name) ? [] : [{ id, name: '' }];
    return id === undefined || text === undefined ? [] : [{ id, name: text }];
  });
}

/** The id and name that an argument means: an id is taken unchanged; a name, or an agent's e-mail, is looked up. */
export async function resolveLookup(
  halo: Halo,
  lookup: LookupName,
  value: number | string,
  what: string,
): Promise<{ id: number; name: string | undefined }> {
  const rows = await halo.lookup(lookup, [value]);
  if (typeof value === 'number') return { id: value, name: rows.find(({ id }) => id === value)?.name };
  const [addressed, ...others] = rows.filter((row) => hasEmail(row, value));
  if (others.length > 0 && addressed !== undefined) throw ambiguousName(value, what, [addressed, ...others]);
  return addressed ?? idAsText(value, rows) ?? matchName(value, rows, what);
}

/** The row whose id came as text, as some clients write all values; a name made of digits takes precedence. */
function idAsText<T extends Named>(value: string, rows: readonly T[]): T | undefined {
  const { key } = wantedName(value);
  if (!/^[1-9]\d*$/.test(value) || rows.some(({ name }) => nameKey(name) === key)) return undefined;
  return rows.find(({ id }) => String(id) === value);
}
