import {
  filter,
  type Halo,
  HaloError,
  intOf,
  isHaloError,
  isNothing,
  matchName,
  type Named,
  nameKey,
  numberOf,
  type Row,
  readRecord,
  rowsOf,
  textOf,
  z,
} from '../../core/index.js';

/** An outcome, by its id or its name. */
export const outcomeArgument = z
  .union([filter.Id, z.string().min(1)])
  .optional()
  .describe("Outcome by id or name; the tenant's private note when left out");

/** What tenants call the outcome of a private note, most likely first. */
const USUAL = ['private note', 'internal note'];
/** Halo's built-in outcome, whatever the tenant calls it. */
const BUILT_IN = 7;

interface Outcome extends Named {
  quiet: boolean;
}

/**
 * The outcome that is meant, by default the tenant's own for a private note. Whether it sends anything is checked again
 * when the plan is prepared for sending.
 * @throws HaloError UNKNOWN_NAME, AMBIGUOUS_NAME; BAD_ARGUMENTS if none is given and no default is known
 */
export async function resolveOutcome(halo: Halo, wanted: number | string | undefined): Promise<number> {
  if (typeof wanted === 'number') return wanted;
  const rows = await readOutcomes(halo);
  if (wanted !== undefined) return matchName(wanted, rows, 'outcome').id;
  const quiet = rows.filter((row) => row.quiet);
  const usual = USUAL.flatMap((name) => quiet.find((row) => nameKey(row.name) === name) ?? [])[0];
  if (usual !== undefined) return usual.id;
  if (await hasBuiltIn(halo, rows)) return BUILT_IN;
  throw new HaloError('BAD_ARGUMENTS', 'No outcome of this tenant is known to be that of a private note.', {
    remedy: 'Pass outcome: the one of these that keeps a note inside.',
    foreign: quiet.slice(0, 15).map(({ id, name }) => `${name} (${id})`),
  });
}

/** A list may leave out Halo's built-in outcome, though it can be read by its id. */
async function hasBuiltIn(halo: Halo, rows: readonly Outcome[]): Promise<boolean> {
  const listed = rows.find(({ id }) => id === BUILT_IN);
  if (listed !== undefined) return listed.quiet;
  try {
    return isQuiet(await readRecord(halo, '/Outcome', BUILT_IN));
  } catch (error) {
    if (isHaloError(error) && error.code === 'HALO_NOT_FOUND') return false;
    throw error;
  }
}

async function readOutcomes(halo: Halo): Promise<Outcome[]> {
  const rows = rowsOf(await halo.get('/Outcome'), 'outcomes');
  return rows.flatMap((row) => {
    const [id, name] = [intOf(row.id), textOf(row.outcome) ?? textOf(row.buttonname)];
    return id === undefined || name === undefined ? [] : [{ id, name, quiet: isQuiet(row) }];
  });
}

/** Sends nothing and moves nothing, as far as the list shows. */
const isQuiet = (row: Row): boolean =>
  ['sendemail', 'sendsms', 'newstatus'].every(
    (field) => isNothing(row[field]) || (numberOf(row[field]) ?? 1) <= 0 || row[field] === false,
  );
