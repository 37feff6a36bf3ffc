/** Tolerance in form: what clients fill in unasked, and values that are written as text. */
import { isRow } from '../halo/row.js';
import { choicesOf, itemsOf, type Json, kindsOf, openOf, propertiesOf, requiredOf } from '../output/kinds.js';
import { PAIR } from '../output/subset.js';
import { hasForm, turned } from './turn.js';

/** A fault in the arguments: a wrong value at a place, or a name that is not known there. */
export type Fault = { path: readonly PropertyKey[] } & (
  | { says: string; value?: unknown }
  | { unknown: string; known: Readonly<Record<string, Json>>; value: unknown }
);

/** Arguments in the form that their schema asks for, before the strict check. */
export interface Formed {
  args: Json;
  /** Ids that were 0 and are left out, which may make the answer wider than intended. */
  zeros: string[];
  faults: Fault[];
}

/** Marks what counts as not given. */
const NOTHING = Symbol('nothing');

/**
 * Puts arguments in form. Null, blank texts and ids of 0 are dropped where an argument is optional. Text, or a single
 * value in place of a list, is converted to what the schema asks for if it can mean nothing else.
 * @param writes for a tool that changes something, null and blank are faults: the intent is not guessed
 */
export function putInForm(schema: Json, given: Json, writes: boolean): Formed {
  const zeros: string[] = [];
  const faults: Fault[] = [];

  function object(kind: Json, value: Json, path: readonly PropertyKey[]): Json {
    const [known, needed, open] = [propertiesOf(kind), requiredOf(kind), openOf(kind)];
    const read = Object.entries(value).flatMap(([name, inner]) => {
      const own = Object.hasOwn(known, name) ? known[name] : open;
      if (own === undefined) {
        faults.push({ path, unknown: name, known: known as Record<string, Json>, value: inner });
        return [];
      }
      const kept = one(own, inner, [...path, name], own !== open && !needed.includes(name));
      return kept === NOTHING ? [] : [[name, kept] as const];
    });
    return Object.fromEntries(read);
  }

  function list(items: Json, values: readonly unknown[], path: readonly PropertyKey[], mayLack: boolean): unknown {
    const read = values.map((value, at) => one(items, value, [...path, at], mayLack)).filter((one) => one !== NOTHING);
    return read.length === 0 && values.length > 0 ? NOTHING : read;
  }

  /** @param mayLack whether the place may be empty */
  function one(whole: Json, value: unknown, path: readonly PropertyKey[], mayLack: boolean): unknown {
    const kinds = kindsOf(whole);
    const empty = emptiness(kinds, value);
    if (empty !== undefined && writes)
      faults.push({ path, says: `must not be ${empty}${mayLack ? '; leave it out' : ''}` });
    if (empty !== undefined && mayLack) return NOTHING;
    if (empty === 'blank' && kinds.some(({ minLength }) => Number(minLength) > 0))
      faults.push({ path, says: 'must not be blank' });
    if (empty !== undefined) return value;
    const own = kinds.filter((kind) => hasForm(kind, value));
    if (own.length === 0) return other(whole, kinds, value, path, mayLack);
    if (value === 0 && mayLack && !writes && isId(path, kinds)) {
      zeros.push(nameOf(path));
      return NOTHING;
    }
    if (typeof value === 'string') return bared(own, value);
    if (Array.isArray(value)) return list(eitherOf(own.map(itemsOf)), value, path, mayLack);
    const kind = isRow(value) ? kindFor(own, value) : undefined;
    return kind === undefined ? value : object(kind, value as Json, path);
  }

  /** A value in none of the forms that the schema asks for. */
  function other(
    whole: Json,
    kinds: readonly Json[],
    value: unknown,
    path: readonly PropertyKey[],
    mayLack: boolean,
  ): unknown {
    const meant = Array.isArray(value) ? mapOf(kinds, value) : turned(kinds, value);
    if (meant !== undefined) return one(whole, meant, path, mayLack);
    const lists = kinds.filter(({ type }) => type === 'array').map(itemsOf);
    return lists.some((items) => mayStandAlone(items, value)) ? list(eitherOf(lists), [value], path, mayLack) : value;
  }

  return { args: object(schema, given, []), zeros, faults };
}

/** Whether a value is empty, and how, unless the schema lists it as a choice. */
function emptiness(kinds: readonly Json[], value: unknown): 'null' | 'blank' | undefined {
  if (value === null) return kinds.some(({ type }) => type === 'null') ? undefined : 'null';
  if (isBlank(value)) return kinds.some((kind) => choicesOf(kind)?.includes(value)) ? undefined : 'blank';
  const inside = isRow(value) ? Object.values(value) : [];
  return inside.length > 0 && inside.every((one) => one === null || isBlank(one)) ? 'blank' : undefined;
}

/** The text without surrounding blanks, if only these keep it from matching its pattern: a day, say. */
function bared(kinds: readonly Json[], text: string): string {
  const [fits, bare] = [(pattern: unknown, value: string) => new RegExp(String(pattern), 'u').test(value), text.trim()];
  const isBare = kinds.every(({ pattern }) => pattern !== undefined && !fits(pattern, text) && fits(pattern, bare));
  return isBare ? bare : text;
}

const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';

const ID = /(?:^|_)ids?$|[a-z]Ids?$/i;

/** True for an id that starts at 1, judged by the argument's name or because a name may stand in its place. */
function isId(path: readonly PropertyKey[], kinds: readonly Json[]): boolean {
  const startsAtOne = kinds.some(
    (kind) => kind.type === 'integer' && (kind.minimum === 1 || kind.exclusiveMinimum === 0),
  );
  return startsAtOne && (ID.test(nameOf(path)) || kinds.some(({ type }) => type === 'string'));
}

/** The path of a value in a person's words, without positions in lists. */
export const nameOf = (path: readonly PropertyKey[]): string =>
  path.filter((step) => typeof step === 'string').join('.');

const eitherOf = (schemas: readonly Json[]): Json => (schemas.length === 1 && schemas[0]) || { anyOf: schemas };

/** The kind of object that is meant: the only one, or the one whose fixed words the value has. */
function kindFor(kinds: readonly Json[], value: Json): Json | undefined {
  if (kinds.length === 1) return kinds[0];
  const bears = (kind: Json) =>
    Object.entries(propertiesOf(kind)).every(([name, inner]) => {
      const words = choicesOf(inner);
      return words?.length !== 1 || String(words[0]).toLowerCase() === String(value[name]).trim().toLowerCase();
    });
  const fitting = kinds.filter(bears);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** A map that came as a list of pairs, the way the tool is listed. */
function mapOf(kinds: readonly Json[], value: readonly unknown[]): Json | undefined {
  if (!kinds.some((kind) => openOf(kind) !== undefined)) return undefined;
  const pairs = value.flatMap((pair) =>
    isRow(pair) && typeof pair[PAIR.key] === 'string' && PAIR.value in pair && Object.keys(pair).length === 2
      ? [[pair[PAIR.key] as string, pair[PAIR.value]] as const]
      : [],
  );
  const map = Object.fromEntries(pairs);
  return Object.keys(map).length === value.length ? map : undefined;
}

/** Whether a value is meant as the only element of a list: it has the form of an element, or can take it. */
function mayStandAlone(items: Json, value: unknown): boolean {
  const kinds = kindsOf(items);
  if (isRow(value))
    return kinds.some((kind) => hasForm(kind, value) && Object.keys(value).some((name) => name in propertiesOf(kind)));
  if (Array.isArray(value) || value === undefined) return false;
  return kinds.some((kind) => kind.type === typeof value || hasForm(kind, value)) || turned(kinds, value) !== undefined;
}
