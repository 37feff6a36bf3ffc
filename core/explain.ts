import { z } from 'zod';
import { didYouMean } from './nearest.js';
import { shown } from './shown.js';

/** The schema of a part of a config, and where the part is. */
interface Part {
  schema: z.ZodType;
  at?: readonly PropertyKey[];
}

/**
 * One sentence for the first fault that zod found in a config or a part of one: the place, the bad key or value, and
 * the nearest good key.
 */
export function explain(error: z.ZodError, raw: unknown, place: string, { schema, at: start = [] }: Part): string {
  const issue = deepest(error.issues[0]);
  if (issue === undefined) return `${place} is not a valid config. Compare it with config/halo-mcp.schema.json.`;
  const at = shown(dotted([...start, ...issue.path]));
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = knownKeys(schema, issue.path);
    const where = at === '' ? 'at the top level' : `in "${at}"`;
    const moved = at === '' && start.length === 0 && Object.hasOwn(MOVED, key) ? ` ${MOVED[key]}` : '';
    return `${place}: unknown key "${shown(key)}" ${where}.${moved || didYouMean(key.slice(0, 100), known) || (known.length > 0 ? ` Known keys there: ${known.join(', ')}.` : ' It takes none.')}`;
  }
  if (issue.code === 'invalid_key')
    return `${place}: "${at}" ${issue.issues[0]?.message ?? 'is not a name'}. Correct it there.`;
  if (issue.code === 'custom' || issue.code === 'invalid_format')
    return `${place}: "${at}" ${issue.message}. Correct it there.`;
  const got = valueAt(raw, issue.path);
  // Text is shown only where a word of a list was expected: anywhere else it may be a secret.
  const instead =
    typeof got === 'number' || typeof got === 'boolean' || (issue.code === 'invalid_value' && typeof got === 'string')
      ? `, not ${JSON.stringify(typeof got === 'string' ? shown(got, 40) : got)}`
      : got === undefined
        ? ''
        : `, not ${kind(got)}`;
  const meant =
    issue.code === 'invalid_value' && typeof got === 'string'
      ? didYouMean(got.slice(0, 100), issue.values.map(String))
      : '';
  return `${place}: "${at || 'the config'}" ${expectation(issue)}${instead}.${meant || ' Correct it there.'}`;
}

/** Keys that belong elsewhere, and where. */
const MOVED: Record<string, string> = {
  allowWrites:
    'It stands in the entry of the pack whose tools it names: { "use": "desk-actions", "allowWrites": ["add_private_note"] }.',
};

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union') return 'must be a name, or an object with "use"';
  return 'is not valid';
}

/** Inside a union, reports the fault of the branch that got furthest. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().find((e) => e.code === 'unrecognized_keys' || e.path.length > 0);
  return inner === undefined ? issue : ({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue);
}

function knownKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((o) => knownKeys(o as z.ZodType, path));
  if (inner instanceof z.ZodObject) {
    const [head, ...rest] = path;
    if (head === undefined) return Object.keys(inner.shape);
    const next = Object.hasOwn(inner.shape, head) ? inner.shape[String(head)] : undefined;
    return next === undefined ? [] : knownKeys(next, rest);
  }
  if (inner instanceof z.ZodRecord) return knownKeys(inner.valueType as z.ZodType, path.slice(1));
  if (inner instanceof z.ZodArray) return knownKeys(inner.element as z.ZodType, path.slice(1));
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}

const dotted = (path: PropertyKey[]) =>
  path.map((p, i) => (typeof p === 'number' ? `[${p}]` : `${i === 0 ? '' : '.'}${String(p)}`)).join('');
const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : article(typeof value));
const article = (type: string) =>
  type === 'array' ? 'a list' : type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;

function valueAt(raw: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (v, key) => (typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined),
    raw,
  );
}
