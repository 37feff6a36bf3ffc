/** What is wrong with a call's arguments, for the caller. */
import type { z } from 'zod';
import { isRow } from '../halo/row.js';
import { akin, nearest } from '../nearest.js';
import { cut } from '../output/clean.js';
import { type Json, kindsOf, propertiesOf, schemaAt } from '../output/kinds.js';
import type { PublicTool } from '../output/schema.js';
import type { Fault } from './form.js';
import { hasForm, turned } from './turn.js';
import { wordsOf } from './words.js';

type Path = readonly PropertyKey[];

/** Where a name may belong that the tool's arguments lack. */
export interface Others {
  /** Arguments that were read earlier. */
  besides: readonly string[];
  /** Tools of the same rows of Halo. */
  siblings: () => readonly PublicTool[];
}

/** Beyond this, faults are only counted. */
const MOST = 20;

/** All faults, one sentence each. Each value is reported once; values with the same fault share a sentence. */
export function sentencesOf(faults: readonly Fault[], others: Others): string[] {
  const unknown = new Set<string>();
  const told = new Map<string, string[]>();
  const places = new Set<string>();
  for (const fault of faults) {
    if ('unknown' in fault) {
      unknown.add(unknownName(fault, others));
      continue;
    }
    const place = JSON.stringify(fault.path);
    if (places.has(place)) continue;
    places.add(place);
    const says = `${valueIn(fault.path)} ${fault.says}`;
    told.set(says, [...(told.get(says) ?? []), ...(fault.value === undefined ? [] : [shown(fault.value)])]);
  }
  const wrong = [...told].map(([says, values]) => (values.length > 0 ? `${says}, not ${either(values)}.` : `${says}.`));
  const all = [...unknown, ...wrong];
  return all.length > MOST ? [...all.slice(0, MOST), `And ${all.length - MOST} more.`] : all;
}

/** Zod's findings in our words. */
export function faultsOf(issue: z.core.$ZodIssue, args: Json, schema: Json, before: Path = []): Fault[] {
  const path = [...before, ...issue.path];
  const here = schemaAt(schema, path) ?? {};
  if (issue.code === 'unrecognized_keys') {
    const known = Object.assign({}, ...kindsOf(here).map(propertiesOf)) as Record<string, Json>;
    return issue.keys.map((unknown) => ({ path, unknown, known, value: valueAt(args, [...path, unknown]) }));
  }
  const inside = issue.code === 'invalid_union' ? branchOf(issue) : undefined;
  if (inside !== undefined) return inside.flatMap((one) => faultsOf(one, args, schema, path));
  const value = valueAt(args, path);
  return value === undefined
    ? [{ path, says: `is missing; it must be ${wordsOf(here)}` }]
    : [{ path, says: expected(issue, here), value }];
}

const valueAt = (args: Json, path: Path): unknown =>
  path.reduce<unknown>((held, step) => (held as Record<PropertyKey, unknown> | undefined)?.[step], args);

/** The one branch of a union that has the value's form, if only its limits or something inside the value are wrong. */
function branchOf({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const near = errors.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || !['invalid_type', 'invalid_value'].includes(code)),
  );
  return near.length === 1 ? near[0] : undefined;
}

function expected(issue: z.core.$ZodIssue, schema: Json): string {
  switch (issue.code) {
    case 'too_small':
    case 'too_big':
      return bound(issue, schema.type === 'integer');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
    case 'custom':
      return authored(issue.message) ?? described(schema);
    default:
      return `must be ${wordsOf(schema)}`;
  }
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, whole: boolean): string {
  const [most, number] = issue.code === 'too_big' ? [true, issue.maximum] : [false, issue.minimum];
  const unit = { string: 'characters', array: 'entries', set: 'entries', object: 'entries' }[issue.origin as string];
  if (unit !== undefined && !most && Number(number) === 1) return 'must not be empty';
  const exactly = 'exact' in issue && issue.exact === true;
  const how = exactly ? 'exactly' : most ? 'at most' : 'at least';
  if (unit !== undefined) return `must have ${how} ${number} ${unit}`;
  if (issue.inclusive !== false) return `must be ${how} ${number}`;
  return whole
    ? `must be ${how} ${Number(number) + (most ? -1 : 1)}`
    : `must be ${most ? 'less' : 'more'} than ${number}`;
}

/** The words of the tool's author. Zod's own are dropped: they say less than the schema does. */
function authored(message: string): string | undefined {
  if (message === '' || /^Invalid /.test(message)) return undefined;
  return /^\p{Lu}/u.test(message) ? `is not right (${message.replace(/\.$/, '')})` : message;
}

function described(schema: Json): string {
  const words = wordsOf(schema);
  if (words !== 'a text') return `must be ${words}`;
  const { description } = schema;
  return typeof description === 'string' ? `does not have the form that it needs (${description})` : 'is not valid';
}

type Unknown = Extract<Fault, { unknown: string }>;

function unknownName(fault: Unknown, { besides, siblings }: Others) {
  const { path, unknown } = fault;
  const name = `"${cut(unknown, 60)}"`;
  const isOuter = path.length === 0;
  const sibling = isOuter
    ? siblings().find(({ inputSchema }) => takes(propertiesOf(inputSchema)[unknown], fault))
    : undefined;
  if (sibling !== undefined) return `There is no argument ${name}: ${sibling.name} takes it.`;
  const meant = meantBy(fault, isOuter ? besides : []);
  const near = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return isOuter ? `There is no argument ${name}.${near}` : `There is no ${name} in ${place(path)}.${near}`;
}

/** The argument that is meant: the nearest that can take such a value or the only one akin, else the nearest. */
function meantBy(fault: Unknown, besides: readonly string[]): string | undefined {
  const name = fault.unknown.slice(0, 100);
  const known = Object.keys(fault.known);
  const fitting = known.filter((one) => takes(fault.known[one], fault));
  return nearest(name, [...besides, ...fitting]) ?? akin(name, fitting) ?? nearest(name, known);
}

const takes = (schema: unknown, { value }: Unknown): boolean =>
  isRow(schema) &&
  (kindsOf(schema).some((kind) => hasForm(kind, value)) || turned(kindsOf(schema), value) !== undefined);

/** The place of a value as a person would say it; an element is named by its list. */
function valueIn(path: Path): string {
  const end = path.findLastIndex((step) => typeof step !== 'number');
  return end === -1 ? 'What is given' : place(path.slice(0, end + 1));
}

/** `"team"`, `entry 2 of "rates"`, `"rate" in entry 2 of "rates"`. */
function place(path: Path): string {
  const at = path.findLastIndex((step) => typeof step === 'number');
  const name = path
    .slice(at + 1)
    .map(String)
    .join('.');
  const inner = name === '' ? '' : `"${cut(name, 60)}"`;
  if (at === -1) return inner;
  const entry = `entry ${Number(path[at]) + 1} of ${place(path.slice(0, at))}`;
  return inner === '' ? entry : `${inner} in ${entry}`;
}

const either = (values: readonly string[]) => {
  const [first = '', ...others] = [...new Set(values)].slice(0, 5);
  return others.length === 0 ? first : `${[first, ...others.slice(0, -1)].join(', ')} or ${others.at(-1)}`;
};

/** The given value in a few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${cut(value, 40)}"`;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value);
}
