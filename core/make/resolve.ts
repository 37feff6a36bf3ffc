import { HaloError, isHaloError } from '../errors.js';
import type { Halo } from '../halo/halo.js';
import type { LookupName } from '../halo/lookups.js';
import { clean, cut } from '../output/clean.js';
import { intOf, textOf } from './value.js';

/** Something with an id and a name. */
export interface Named {
  id: number;
  name: string;
}

/**
 * The one that a name means: an exact match (case does not count), else the only partial one. Never a guess.
 * @throws HaloError UNKNOWN_NAME or AMBIGUOUS_NAME, with the candidates
 */
export function matchName<T extends Named>(wanted: string, rows: readonly T[], what: string): T {
  const low = wanted.trim().toLowerCase();
  const exact = rows.filter(({ name }) => name.trim().toLowerCase() === low);
  const partial = exact.length > 0 ? exact : rows.filter(({ name }) => low !== '' && name.toLowerCase().includes(low));
  const found = [...new Map(partial.map((row) => [row.id, row])).values()];
  const only = found[0];
  const shown = `"${clean(cut(wanted, 60))}"`;
  if (found.length === 1 && only !== undefined) return only;
  if (found.length > 1)
    throw new HaloError(
      'AMBIGUOUS_NAME',
      `${shown} fits ${found.length} ${what}s: ${candidates(found)}.`,
      `Pass the id or the whole name of the one that you mean.`,
    );
  const some =
    rows.length > 0 && rows.length <= 30 ? `There are: ${candidates(rows)}.` : 'Check the spelling, or pass the id.';
  throw new HaloError('UNKNOWN_NAME', `No ${what} is named ${shown}.`, some);
}

const candidates = (rows: readonly Named[]) => {
  const shown = rows
    .slice(0, 15)
    .map(({ id, name }) => `${clean(cut(name.replace(/\s+/g, ' '), 60))} (${id})`)
    .join(', ');
  return rows.length > 15 ? `${shown} and ${rows.length - 15} more` : shown;
};

/**
 * The id and name of a client, active or not, by its name. Halo's search is a loose one: the match is made here.
 * @throws HaloError also HALO_SCOPE_MISSING where read:customers is not in use, saying to pass client_id
 */
export async function resolveClient(halo: Halo, name: string): Promise<Named> {
  try {
    const walk = await halo.all('/Client', {
      key: 'clients',
      query: { search: name.trim(), includeactive: true, includeinactive: true },
    });
    if (!walk.complete) throw new HaloError('HALO_UNAVAILABLE', `The clients could not be read whole: ${walk.reason}.`);
    const rows = walk.rows.flatMap((row) => {
      const [id, text] = [intOf(row.id), textOf(row.name)];
      return id === undefined || text === undefined ? [] : [{ id, name: text }];
    });
    return matchName(name, rows, 'client');
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'HALO_SCOPE_MISSING') throw error;
    throw new HaloError(
      'HALO_SCOPE_MISSING',
      'Clients can be found by name only with read:customers.',
      'Pass client_id in place of client_name.',
    );
  }
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
  return matchName(value, rows, what);
}
