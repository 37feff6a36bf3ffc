/** Whether a list notices that Halo ignores one of its filters. */
import { z } from 'zod';
import type { AnyTool } from '../core/define.js';
import { type Sandbox, startSandbox } from '../sandbox/index.js';
import { bearer, type Stage, type Trial, tryTool } from './trial.js';

type Json = Record<string, unknown>;
type Filters = NonNullable<AnyTool['source']>['filters'];

/** Not checkable: Halo may search any field, and every order holds the same rows. */
const UNCHECKED = ['search', 'order_by', 'descending'];

/** Values that no record has. Switches and enums have no such value. */
const NOTHING = { int: 987_654_321, text: 'kit-nobody-is-called-so' };
/** All records lie between these days, so a working filter keeps none for one of them. */
const DAYS = ['1901-03-04', '2091-03-04'];

interface Guess {
  arg: string;
  /** An argument is blind if all of these give the same rows. */
  values: readonly unknown[];
  /** True if no row can fit all of them. */
  fitsNone: boolean;
}

/**
 * The arguments of a list that Halo may silently ignore: on a Halo that does, the same rows come with or without the
 * argument, and no error.
 */
export async function blindArguments(stage: Stage, tool: AnyTool, example: Json): Promise<string[]> {
  const plain = await tryTool(stage, tool, example);
  const known = new Set(plain.requests.flatMap(({ query }) => [...query.keys()]));
  const deaf = await deafTwin(stage.halo, known);
  try {
    const blind: string[] = [];
    for (const guess of guessesOf(tool.source?.filters ?? {})) {
      if (blind.includes(guess.arg) || guess.arg in example) continue;
      if (!guess.fitsNone) continue;
      const passes = async (value: unknown): Promise<boolean> => {
        deaf.ignored.clear();
        const made = await tryTool({ ...stage, halo: deaf.halo }, tool, { ...example, [guess.arg]: value });
        return deaf.ignored.size > 0 && isSame(made, plain);
      };
      const [first, second] = guess.values;
      if ((await passes(first)) && (guess.values.length === 1 || (await passes(second)))) blind.push(guess.arg);
    }
    return blind;
  } finally {
    await deaf.halo.close();
  }
}

const itemsOf = ({ result }: Trial) => (result.structuredContent?.items ?? []) as unknown[];

const isSame = (one: Trial, other: Trial): boolean =>
  one.code === undefined && itemsOf(one).length > 0 && JSON.stringify(itemsOf(one)) === JSON.stringify(itemsOf(other));

/**
 * Calls for something that no row has, one argument at a time. Of switches and enums, only those whose filter has no
 * test.
 */
function guessesOf(filters: Filters): Guess[] {
  return Object.values(filters).flatMap((filter) => {
    const presets = Object.fromEntries(
      Object.entries(filter.args).map(([arg, schema]) => [arg, (schema as z.ZodType).safeParse(undefined).data]),
    );
    // A switch that widens (include_inactive) takes effect while it is off.
    const isNarrow = hasTest(filter, presets);
    return Object.entries(filter.args)
      .filter(([arg]) => !UNCHECKED.includes(arg))
      .flatMap(([arg, schema]) =>
        valuesOf(schema as z.ZodType).map(({ values, fitsNone }) => ({
          ...{ arg, values },
          fitsNone:
            fitsNone || (!isNarrow && values[0] !== presets[arg] && !hasTest(filter, { ...presets, [arg]: values[0] })),
        })),
      );
  });
}

/** Whether the filter checks rows, as far as that shows without Halo. One that needs Halo is assumed to check. */
function hasTest(filter: Filters[string], args: Json): boolean {
  try {
    const applied: unknown = (filter as unknown as { resolve(args: Json, context: object): unknown }).resolve(args, {});
    if (applied instanceof Promise) {
      applied.catch(() => undefined);
      return true;
    }
    return typeof (applied as { test?: unknown } | undefined)?.test === 'function';
  } catch {
    return true;
  }
}

function valuesOf(schema: z.ZodType): Omit<Guess, 'arg'>[] {
  const takes = (value: unknown) => schema.safeParse(value).success;
  if (takes(NOTHING.int)) return [{ values: [NOTHING.int], fitsNone: true }];
  if (takes(true)) return [{ values: [true], fitsNone: false }];
  const words = wordsOf(schema);
  if (words !== undefined) return words.map((value) => ({ values: [value], fitsNone: false }));
  const values = DAYS.every(takes) ? DAYS : [NOTHING.text].filter(takes);
  return values.length === 0 ? [] : [{ values, fitsNone: true }];
}

/** The words of an enum, even if it is wrapped as optional. */
function wordsOf(schema: z.ZodType): readonly unknown[] | undefined {
  const { enum: words, anyOf } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as {
    enum?: unknown[];
    anyOf?: { enum?: unknown[] }[];
  };
  return words ?? anyOf?.find((one) => one.enum !== undefined)?.enum;
}

/** A sandbox that answers like the given one but ignores every parameter that is not in `known`. */
async function deafTwin(halo: Sandbox, known: ReadonlySet<string>): Promise<{ halo: Sandbox; ignored: Set<string> }> {
  const headers = await bearer(halo);
  const ignored = new Set<string>();
  const twin = await startSandbox({
    ...{ scopes: ['all'], requestsPer5Minutes: 1_000_000 },
    async intercept({ method, path, query }) {
      if (method !== 'GET' || !path.startsWith('/api/')) return undefined;
      const heard = new URLSearchParams([...query].filter(([name]) => known.has(name)));
      for (const [name] of query) if (!known.has(name)) ignored.add(name);
      const answer = await fetch(`${halo.url}${path}?${heard}`, { headers });
      const type = { 'content-type': answer.headers.get('content-type') ?? 'application/json' };
      return { status: answer.status, headers: type, body: await answer.text() };
    },
  });
  return { halo: twin, ignored };
}
