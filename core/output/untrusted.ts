import { z } from 'zod';

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

/** True where the schema, or any part of it, is marked. */
export function holdsUntrusted(schema: z.ZodType): boolean {
  if (marks.has(schema) || marks.get(schema)?.untrusted) return true;
  return parts(schema).some(holdsUntrusted);
}

/** The schemas right inside a schema. */
function parts(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape);
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  return inner === undefined ? [] : [inner];
}
