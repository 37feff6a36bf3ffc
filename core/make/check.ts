import { didYouMean } from '../nearest.js';

/** What a description may hold, by option; `true` if it is required. */
type Options = Record<string, boolean>;

/**
 * Checks a description as its author wrote it, perhaps without a compiler.
 * @throws Error naming the tool, the option, and the nearest one that exists
 */
export function checkOptions(what: string, given: unknown, options: Options): void {
  if (typeof given !== 'object' || given === null) throw new Error(`${what} must be an object.`);
  const known = Object.keys(options);
  const stranger = Object.keys(given).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new Error(
      `${what} has no option "${stranger}".${didYouMean(stranger, known) || ` Options: ${known.join(', ')}.`}`,
    );
  const missing = known.find((key) => options[key] && (given as Record<string, unknown>)[key] === undefined);
  if (missing !== undefined)
    throw new Error(
      missing === 'scopes'
        ? `${what} lacks "scopes": list the scopes of Halo that it needs, [] for none.`
        : `${what} lacks "${missing}".`,
    );
  const { scopes } = given as { scopes?: unknown };
  if (scopes !== undefined && !Array.isArray(scopes)) throw new Error(`${what}: "scopes" must be a list.`);
}

/** @throws Error for something that is not a filter or a column, such as a maker that was not called */
export function checkMade(
  what: string,
  made: object | undefined,
  kind: 'filter' | 'column',
  has: readonly string[],
): void {
  for (const [name, one] of Object.entries(made ?? {}))
    if (typeof one !== 'object' || one === null || !has.every((key) => key in one))
      throw new Error(`${what}: "${name}" is not a ${kind}; make it with a call, such as ${EXAMPLES[kind]}.`);
}

const EXAMPLES = { filter: 'filter.search()', column: "column.text('name')" };
