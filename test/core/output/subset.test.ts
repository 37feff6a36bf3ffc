import { describe, expect, test } from 'vitest';
import { defineTool, z } from '../../../core/index.js';
import { outsideSubset, publicTool } from '../../../core/output/schema.js';
import { refusedBySome } from '../../model-schema.js';

const shownOf = (arg: z.ZodType) => {
  const tool = defineTool({
    ...{ name: 'try_it', title: 'Try', description: 'Tries.', effect: 'read', scopes: [] },
    ...{ input: z.object({ arg }), output: z.object({}), run: async () => ({}) },
  });
  const { inputSchema } = publicTool(tool);
  const { properties } = inputSchema as { properties: Record<string, object> };
  return { shown: properties.arg, refused: refusedBySome(inputSchema), told: outsideSubset(tool) };
};

const day = '^\\d{4}-\\d{2}-\\d{2}$';
const text = { type: 'string' };

describe('what JSON Schema says in other words is said in those that all take', () => {
  test.each<[string, z.ZodType, object]>([
    ['an id', z.int().positive(), { type: 'integer', minimum: 1 }],
    ['whole numbers between', z.int().gt(0).lt(10), { type: 'integer', minimum: 1, maximum: 9 }],
    ['more than', z.number().gt(0.5).multipleOf(0.5), { type: 'number', minimum: 0.5 }],
    ['one word', z.literal('a').describe('A'), { type: 'string', enum: ['a'], description: 'A' }],
    ['one number', z.literal(5), { type: 'integer', minimum: 5, maximum: 5, description: '5 alone' }],
    [
      'a few numbers',
      z.literal([15, 30, 60]).describe('Minutes'),
      { type: 'integer', minimum: 15, maximum: 60, description: 'Minutes (One of 15, 30, 60)' },
    ],
    ['true alone', z.literal(true), { type: 'boolean', description: 'true alone' }],
    [
      'words and numbers',
      z.literal(['a', 1]),
      {
        anyOf: [
          { type: 'string', enum: ['a'] },
          { type: 'integer', minimum: 1, maximum: 1, description: '1 alone' },
        ],
      },
    ],
    ['text or null', z.string().nullable().default(null), { default: null, type: 'string', nullable: true }],
    ['text or number', z.union([z.string(), z.number()]), { anyOf: [text, { type: 'number' }] }],
    [
      'text, number or null, told and preset',
      z.union([z.string(), z.int(), z.null()]).default('x').describe('What'),
      { anyOf: [{ ...text, description: 'What', nullable: true }, { type: 'integer' }] },
    ],
    [
      'unions in unions',
      z.union([z.string(), z.union([z.int(), z.null()])]),
      { anyOf: [{ ...text, nullable: true }, { type: 'integer' }] },
    ],
    [
      'objects told apart by a word',
      z.discriminatedUnion('is', [z.object({ is: z.literal('a'), n: z.int() }), z.object({ is: z.literal('b') })]),
      {
        anyOf: [
          {
            type: 'object',
            properties: { is: { type: 'string', enum: ['a'] }, n: { type: 'integer' } },
            required: ['is', 'n'],
            additionalProperties: false,
          },
          {
            type: 'object',
            properties: { is: { type: 'string', enum: ['b'] } },
            required: ['is'],
            additionalProperties: false,
          },
        ],
      },
    ],
    [
      'a pair',
      z.tuple([z.string(), z.number()]),
      { type: 'array', minItems: 2, maxItems: 2, items: { anyOf: [text, { type: 'number' }] } },
    ],
    [
      'a map with fixed names',
      z.partialRecord(z.enum(['a', 'b']), z.number()),
      { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, additionalProperties: false },
    ],
    ['a day of zod', z.iso.date(), { ...text, pattern: day }],
    ['a moment', z.iso.datetime(), { ...text, format: 'date-time' }],
    ['an e-mail address', z.email(), { ...text, description: 'An e-mail address' }],
    ['a pattern', z.string().regex(/^[A-Z]{3}$/), { ...text, pattern: '^[A-Z]{3}$' }],
    ['a pattern that looks around', z.string().regex(/^(?!x)/), text],
    ['what is made of a text', z.string().transform(Number), text],
    ['what is put in order first', z.preprocess((v) => v, z.array(z.string())), { type: 'array', items: text }],
    ['metadata', z.string().meta({ examples: ['x'], deprecated: true, title: 'T' }), { ...text, title: 'T' }],
  ])('%s', (_what, arg, shown) => {
    expect(shownOf(arg)).toEqual({ shown, refused: [], told: [] });
  });
});

describe('what can not be said in them is shown as well as possible, and reported to its author', () => {
  test.each<[string, z.ZodType, object, RegExp]>([
    [
      'an open map',
      z.record(z.string(), z.int()).optional(),
      {
        type: 'array',
        items: {
          type: 'object',
          properties: { key: text, value: { type: 'integer' } },
          required: ['key', 'value'],
          additionalProperties: false,
        },
      },
      /^"arg" is an open map: make it a list of objects/,
    ],
    [
      'an object with free names beside its own',
      z.looseObject({ a: z.string() }),
      { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false },
      /^"arg" takes names that it does not list/,
    ],
    ['anything', z.unknown(), text, /^"arg" has no type/],
    ['a list of anything', z.array(z.any()), { type: 'array', items: text }, /^"arg" has no type/],
    [
      'a name that some refuse',
      z.object({ 'é t': z.string() }),
      { type: 'object', properties: { 'é t': text }, required: ['é t'], additionalProperties: false },
      /^"arg\.é t" has a name that not all take/,
    ],
  ])('%s', (_what, arg, shown, words) => {
    const made = shownOf(arg);
    expect(made.shown).toEqual(shown);
    expect(made.refused).toEqual([]);
    expect(made.told).toEqual([expect.stringMatching(words)]);
  });
});
