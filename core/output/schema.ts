import { z } from 'zod';
import type { AnyTool } from '../define.js';
import { withConfirm } from '../define-write.js';
import type { Json } from './kinds.js';
import { toSubset } from './subset.js';
import { isUntrusted } from './untrusted.js';
import { writtenOutput } from './written.js';

/** How a tool is shown to a client: MCP's own shape, as lean as it can be. */
export interface PublicTool {
  name: string;
  title: string;
  description: string;
  inputSchema: Json;
  outputSchema: Json;
  annotations: { readOnlyHint?: true; destructiveHint?: false };
}

/** A tool's public schema. It gives only the annotations that differ from the protocol's defaults. */
export function publicTool(tool: AnyTool): PublicTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchema(tool),
    outputSchema: outputSchema(tool),
    annotations:
      tool.effect === 'read' ? { readOnlyHint: true } : tool.effect === 'write' ? { destructiveHint: false } : {},
  };
}

/** The strict form of a tool's arguments: an unknown argument is an error, whatever kind of object its author wrote. */
export const strictInput = (tool: AnyTool): z.ZodObject => withConfirm(tool).strict();

/** What the core may add to any answer that is too long, whether or not its author thought of it. */
const ADDED = { omitted: z.int().optional(), hint: z.string().optional() };

function outputSchema({ output: own, write }: AnyTool): Json {
  const output = write === undefined ? own : writtenOutput(own);
  const added = Object.fromEntries(Object.entries(ADDED).filter(([name]) => !(name in output.shape)));
  const json = z.toJSONSchema(output.safeExtend(added), { io: 'output', override: mark }) as Json & {
    properties?: Json;
  };
  return lean({ ...json, properties: withoutPrivate(json.properties ?? {}) });
}

/**
 * The word that tells a client that end users wrote a text. It stands in the description: strict validators would
 * refuse a keyword of our own, which also costs more.
 */
export const UNTRUSTED = 'untrusted';

const mark = ({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Json }): void => {
  if (!isUntrusted(zodSchema as z.ZodType)) return;
  const { description } = jsonSchema;
  if (typeof description !== 'string') jsonSchema.description = UNTRUSTED;
  else if (!description.startsWith(UNTRUSTED)) jsonSchema.description = `${UNTRUSTED}: ${description}`;
};

/** Keys that begin with an underscore are only for the text of an answer. */
export const withoutPrivate = (result: Json): Json =>
  Object.fromEntries(Object.entries(result).filter(([key]) => !key.startsWith('_')));

const inputSchema = (tool: AnyTool): Json => lean(toSubset(wholeInput(tool)));

/** All that JSON Schema can say of a tool's arguments; calls are read by it. Clients see what all of them accept. */
export const wholeInput = (tool: AnyTool): Json => z.toJSONSchema(strictInput(tool), { io: 'input' }) as Json;

/** The schemas that a tool's arguments are read with. */
export interface InputForm {
  strict: z.ZodObject;
  whole: Json;
}

export const inputForm = (tool: AnyTool): InputForm => ({ strict: strictInput(tool), whole: wholeInput(tool) });

/** The input forms of one pack's tools, by their names. */
export type InputForms = Map<string, InputForm>;

/** A tool's input form, made once, since the first parse compiles the schema. */
export function formIn(forms: InputForms, tool: AnyTool): InputForm {
  const known = forms.get(tool.name) ?? inputForm(tool);
  forms.set(tool.name, known);
  return known;
}

/** What no model API can be told unchanged of a tool's arguments, each with what its author may do. */
export function outsideSubset(tool: AnyTool): string[] {
  const told: string[] = [];
  toSubset(wholeInput(tool), (place, fault) => told.push(`"${place}" ${fault}`));
  return told;
}

/**
 * Drops what every client knows or nobody needs: `$schema` and the bounds of safe integers. A number that may be null is
 * then written as zod writes a text that may be: as a list of types.
 */
function lean(value: Json): Json {
  const walk = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(walk);
    if (typeof v !== 'object' || v === null) return v;
    return typesListed(
      Object.fromEntries(
        Object.entries(v)
          .filter(([key, inner]) => !(key === '$schema' && typeof inner === 'string') && !isSafeBound(key, inner))
          .map(([key, inner]) => [key, walk(inner)]),
      ),
    );
  };
  return walk(value) as Json;
}

/** `{ anyOf: [{ type: 'integer' }, { type: 'null' }] }` as `{ type: ['integer', 'null'] }`; others as they are. */
function typesListed(schema: Json): Json {
  const { anyOf, ...rest } = schema;
  const nullable = JSON.stringify(anyOf) === '[{"type":"integer"},{"type":"null"}]';
  return nullable ? { type: ['integer', 'null'], ...rest } : schema;
}

const isSafeBound = (key: string, value: unknown) =>
  (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) || (key === 'maximum' && value === Number.MAX_SAFE_INTEGER);
