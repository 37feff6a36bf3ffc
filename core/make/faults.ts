import { setImmediate as nextTurn } from 'node:timers/promises';
import { HaloError, isHaloError } from '../errors.js';

/**
 * What all of them return. If one finds contradictory arguments, its error includes what the others have found by then,
 * so that nobody fixes one fault only to meet the next.
 */
export async function allOrFaults<T>(each: readonly Promise<T>[]): Promise<T[]> {
  const faults: HaloError[] = [];
  const noted = each.map((one, at) =>
    one.catch((error: unknown) => {
      if (isHaloError(error) && error.code === 'BAD_ARGUMENTS') faults[at] = error;
      throw error;
    }),
  );
  try {
    return await Promise.all(noted);
  } catch (error) {
    if (!isHaloError(error) || error.code !== 'BAD_ARGUMENTS') throw error;
    // Those that asked nobody have spoken by now.
    await nextTurn();
    const [first = error, ...others] = faults.filter((fault) => fault !== undefined);
    throw others.reduce(
      (told, { message, remedy }) =>
        new HaloError('BAD_ARGUMENTS', `${told.message} ${told.remedy} ${message}`, remedy),
      first,
    );
  }
}
