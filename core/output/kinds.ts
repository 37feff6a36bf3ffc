/** A JSON schema read as a person reads it: which kinds of value it takes, and what is inside them. */
import { isRow } from '../halo/row.js';

export type Json = Record<string, unknown>;

/** Days and months as text, as the patterns of arguments write them. */
export const DAY_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$';
export const MONTH_PATTERN = '^\\d{4}-\\d{2}$';

/**
 * The kinds of value that a schema takes, one type each: those of a union, of a list of types, of mixed choices. A kind
 * without a type takes anything.
 */
export function kindsOf(schema: Json): Json[] {
  const { anyOf, oneOf, type, ...rest } = schema;
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return union.filter(isRow).flatMap(kindsOf);
  if (Array.isArray(type)) return type.map((one: string) => ({ ...rest, type: one }));
  const choices = choicesOf(schema);
  if (type !== undefined || choices === undefined) return [schema];
  const types = [...new Set(choices.map(typeOf))];
  return types.map((one) => ({ ...rest, type: one, enum: choices.filter((choice) => typeOf(choice) === one) }));
}

const typeOf = (value: unknown) => (value === null ? 'null' : typeof value);

/** The values of which one has to be given, if there are any. */
export const choicesOf = (schema: Json): unknown[] | undefined =>
  'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined;

/** What a map holds under names that the schema does not list; undefined if it lists all names. */
export function openOf({ additionalProperties, propertyNames }: Json): Json | undefined {
  if (additionalProperties === true) return {};
  return isRow(additionalProperties) && fixedNames(propertyNames) === undefined ? additionalProperties : undefined;
}

const fixedNames = (names: unknown) => (isRow(names) ? (choicesOf(names) as string[] | undefined) : undefined);

/** What an object, or a map with fixed names, holds by name; what can never be there is left out. */
export function propertiesOf({ properties, propertyNames, additionalProperties }: Json): Record<string, Json> {
  const listed = Object.entries((properties ?? {}) as Record<string, Json>).filter(([, inner]) => !('not' in inner));
  const mapped = (fixedNames(propertyNames) ?? []).map((name) => [name, additionalProperties as Json] as const);
  return Object.fromEntries([...listed, ...mapped]);
}

export const requiredOf = ({ required }: Json): readonly string[] => (required ?? []) as string[];

/** The schema of a list's elements; for a list with fixed places, that of any of them. */
export function itemsOf({ items, prefixItems }: Json): Json {
  const places = Array.isArray(prefixItems) ? (prefixItems as Json[]) : [];
  const all = isRow(items) ? [...places, items] : places;
  const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return different.length > 1 ? { anyOf: different } : (different[0] ?? {});
}

/** The schema of what is at a place inside a value; undefined if there is none. */
export function schemaAt(schema: Json | undefined, path: readonly PropertyKey[]): Json | undefined {
  const [step, ...rest] = path;
  if (schema === undefined || step === undefined) return schema;
  const inner = kindsOf(schema).flatMap((kind) =>
    typeof step === 'number'
      ? kind.type === 'array'
        ? [itemsOf(kind)]
        : []
      : kind.type === 'object'
        ? [propertiesOf(kind)[String(step)] ?? openOf(kind)].filter((one) => one !== undefined)
        : [],
  );
  return schemaAt(inner.length > 1 ? { anyOf: inner } : inner[0], rest);
}
