/** What end users and customers wrote bears its mark in the schema of each tool, wherever it comes in the answer. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundled } from '../../cli/packs.js';
import type { AnyTool } from '../../core/define.js';
import { isUntrusted } from '../../core/output/untrusted.js';
import { CALLS } from './never-wrong/calls.js';
import { onRows } from './never-wrong/halo.js';
import { textOf, useStage } from './never-wrong/stage.js';

const stage = useStage();

/** Fields of Halo that hold what others wrote. */
const FOREIGN = new Set([
  ...['name', 'client_name', 'site_name', 'user_name', 'username', 'toplevel_name', 'who', 'value', 'display'],
  ...['summary', 'details', 'note', 'note_html', 'notes', 'notes_1', 'description', 'ref', 'reference', 'contract_ref'],
  ...['item_shortdescription', 'item_longdescription', 'item_name', 'inventory_number', 'key_field', 'key_field2'],
  ...['key_field3', 'emailaddress', 'phonenumber'],
]);
const WORDS = 'what they wrote';

const written = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && FOREIGN.has(name) ? `${WORDS} ${inner}` : written(inner),
    ]),
  );
};

/** The schema itself, without what only says that it may be missing. */
const bare = (schema: unknown): { own: z.ZodType | undefined; marked: boolean } => {
  let own = schema as z.ZodType | undefined;
  let marked = false;
  for (; own !== undefined; own = (own.def as { innerType?: z.ZodType }).innerType) {
    marked ||= isUntrusted(own);
    if ((own.def as { innerType?: z.ZodType }).innerType === undefined) break;
  }
  return { own, marked };
};

/** Where the words stand in an answer without a mark. */
function unmarked(schema: unknown, value: unknown, place: string): string[] {
  const { own, marked } = bare(schema);
  if (marked) return [];
  if (typeof value === 'string') return value.includes(WORDS) ? [place] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((one) => unmarked(own instanceof z.ZodArray ? own.element : undefined, one, `${place}[]`));
  return Object.entries(value).flatMap(([name, inner]) => {
    const of = own instanceof z.ZodObject ? own.shape[name] : own instanceof z.ZodRecord ? own.valueType : undefined;
    return unmarked(of, inner, `${place}.${name}`);
  });
}

const tools = new Map<string, AnyTool>();
for (const { load } of Object.values(bundled)) {
  const { configure, options, tools: own = [] } = await load();
  for (const tool of configure === undefined ? own : configure(options?.parse({}) as never)) tools.set(tool.name, tool);
}

describe('text that others wrote is marked', () => {
  const byId = CALLS.filter(([, args]) => !('client_name' in args || 'name' in args));
  const first = byId.filter(([tool], at) => byId.findIndex(([other]) => other === tool) === at);

  test.each(first)('the schema of %s marks every field that others wrote, called with %j', async (name, args) => {
    const result = await stage.call(name, args, onRows(written));
    expect(result.isError, textOf(result)).toBeUndefined();
    const places = new Set(unmarked(tools.get(name)?.output, result.structuredContent, ''));
    // How its fields are called is for the tenant to say.
    places.delete('.fields[].name');
    expect([...places]).toEqual([]);
  });
});
