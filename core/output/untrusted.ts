import { z } from 'zod';
import { mapStrings } from './clean.js';

const marks = z.registry<{ untrusted: true }>();

/**
 * Marks text that Halo's end users wrote (summaries, notes, names …): it is data and never an instruction, so the
 * whole table or record that shows it is fenced.
 *
 * @example output: z.object({ items: z.array(z.object({ id: z.int(), summary: untrusted(z.string()) })) })
 */
export function untrusted<T extends z.ZodType>(schema: T): T {
  marks.add(schema, { untrusted: true });
  return schema;
}

/** True if the schema, or any part of it, is marked. */
export function holdsUntrusted(schema: z.ZodType): boolean {
  if (isUntrusted(schema)) return true;
  return parts(schema).some(holdsUntrusted);
}

/** True for a schema that is marked itself. */
export const isUntrusted = (schema: z.ZodType): boolean => marks.get(schema)?.untrusted === true;

/** The value with a change to every text that its schema marks; everything else stays the same. */
export function mapUntrusted(schema: z.ZodType, value: unknown, change: (text: string) => string): unknown {
  if (isUntrusted(schema)) return mapStrings(value, change);
  if (value === undefined || value === null) return value;
  if (typeof value === 'object' && (schema instanceof z.ZodObject || schema instanceof z.ZodRecord))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const own = schema instanceof z.ZodObject ? schema.shape[key] : schema.valueType;
        return [key, own === undefined ? inner : mapUntrusted(own as z.ZodType, inner, change)];
      }),
    );
  const [inner, ...others] = parts(schema);
  if (Array.isArray(value) && schema instanceof z.ZodArray)
    return inner === undefined ? value : value.map((one) => mapUntrusted(inner, one, change));
  // Nothing says which part of a union it is: if any of them is marked, all of it is.
  if (others.length > 0) return holdsUntrusted(schema) ? mapStrings(value, change) : value;
  return inner === undefined ? value : mapUntrusted(inner, value, change);
}

/** The schemas directly inside a schema. */
function parts(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape);
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  return inner === undefined ? [] : [inner];
}
