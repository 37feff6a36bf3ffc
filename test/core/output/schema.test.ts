import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AnyTool, Effect } from '../../../core/define.js';
import { publicTool, strictInput } from '../../../core/output/schema.js';
import { untrusted } from '../../../core/output/untrusted.js';

const toolOf = (effect: Effect = 'read', input: z.ZodObject = z.object({ id: z.int().positive() })) =>
  ({
    name: 'a_tool',
    title: 'A tool',
    description: 'Does it.',
    effect,
    scopes: [],
    input,
    output: z.object({ id: z.int(), name: untrusted(z.string()).optional() }),
    run: async () => ({ id: 1 }),
  }) as AnyTool;

test('the public schema sheds what is not needed', () => {
  const { inputSchema, outputSchema } = publicTool(toolOf());
  expect(inputSchema).toEqual({
    type: 'object',
    properties: { id: { type: 'integer', minimum: 1 } },
    required: ['id'],
    additionalProperties: false,
  });
  expect(JSON.stringify(outputSchema)).not.toMatch(/\$schema|9007199254740991/);
});

test('a number that may be null has a list of types, as a text has', () => {
  const output = z.object({ total: z.int().nullable(), name: z.string().nullable(), from: z.int().min(1).nullable() });
  expect(publicTool({ ...toolOf(), name: 'nullable', output } as never).outputSchema.properties).toMatchObject({
    total: { type: ['integer', 'null'] },
    name: { type: ['string', 'null'] },
    from: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
  });
});

describe('text of end users is marked in the public schema', () => {
  const output = z.object({
    plain: z.string(),
    foreign: untrusted(z.string()),
    told: untrusted(z.string().describe('What they said')),
    maybe: untrusted(z.string()).nullable().optional(),
    any: z.array(z.object({ value: untrusted(z.union([z.string(), z.number()])).optional() })),
  });
  const { outputSchema } = publicTool({ ...toolOf(), name: 'marked', output } as never);

  test('by a word in the description, once, and nowhere else', () => {
    const { properties } = outputSchema as unknown as { properties: Record<string, { description?: string }> };
    expect(properties.plain?.description).toBeUndefined();
    expect(properties.foreign?.description).toBe('untrusted');
    expect(properties.told?.description).toBe('untrusted: What they said');
    expect(JSON.stringify(properties.maybe).match(/untrusted/g)).toHaveLength(1);
    expect(JSON.stringify(properties.any).match(/untrusted/g)).toHaveLength(1);
  });

  test.each([true, false])('which validators take, be they strict (%s) or not', (strict) => {
    const validate = new Ajv2020({ strictSchema: strict, strictTypes: false }).compile(outputSchema);
    expect(validate({ plain: '', foreign: '', told: '', maybe: null, any: [{ value: 1 }] })).toBe(true);
    expect(validate({ plain: '', foreign: 1, told: '', any: [] })).toBe(false);
  });
});

test('bounds that say something stay, and so do arguments that are called like keywords', () => {
  const input = z.object({
    $schema: z.string(),
    minimum: z.int().min(3).max(9),
    page: z.int().min(1).max(100).default(1),
  });
  expect(publicTool(toolOf('read', input)).inputSchema.properties).toEqual({
    $schema: { type: 'string' },
    minimum: { type: 'integer', minimum: 3, maximum: 9 },
    page: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
  });
});

test.each<[Effect, object]>([
  ['read', { readOnlyHint: true }],
  ['write', { destructiveHint: false }],
  ['destroy', {}],
])('annotations come from the effect, those alone that differ from the defaults: %s', (effect, annotations) => {
  expect(publicTool(toolOf(effect)).annotations).toEqual(annotations);
});

test('what may be left out of an answer for its length is part of the schema', () => {
  expect(Object.keys(publicTool(toolOf()).outputSchema.properties as object)).toEqual([
    'id',
    'name',
    'omitted',
    'hint',
  ]);
});

describe('arguments are strict', () => {
  test.each([
    ['a plain object', z.object({ id: z.int() })],
    ['a loose one', z.looseObject({ id: z.int() })],
    ['a strict one', z.strictObject({ id: z.int() })],
  ])('whatever its author wrote: %s', (_, input) => {
    expect(strictInput(toolOf('read', input)).safeParse({ id: 1, idd: 2 }).success).toBe(false);
    expect(publicTool(toolOf('read', input)).inputSchema.additionalProperties).toBe(false);
  });
});
