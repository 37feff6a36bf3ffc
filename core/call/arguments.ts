import type { z } from 'zod';
import type { AnyTool } from '../define.js';
import { HaloError } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { cut } from '../output/clean.js';
import { publicTool, strictInput } from '../output/schema.js';

/**
 * A tool's arguments, strictly: an unknown one is an error that names it, the nearest known one and the whole list.
 * @param besides arguments that were read before, and belong to the list
 * @throws HaloError BAD_ARGUMENTS
 */
export function readArguments(tool: AnyTool, raw: unknown, besides: readonly string[] = []): Record<string, unknown> {
  const given = raw ?? {};
  refuseReserved(given);
  const parsed = strictInput(tool).safeParse(given);
  if (parsed.success) return parsed.data;
  const known = [...besides, ...Object.keys(tool.input.shape)];
  const wholes = wholeNumbers(tool);
  // A value that is wrong in two ways is told once.
  const places = new Map(parsed.error.issues.toReversed().map((issue) => [issue.path.join('.'), issue]));
  const faults = [...places.values()]
    .toReversed()
    .slice(0, 3)
    .map((issue) => fault(issue, given, known, wholes));
  const unknown = parsed.error.issues.some((issue) => issue.code === 'unrecognized_keys');
  const takes = known.length === 0 ? `${tool.name} takes no arguments.` : `${tool.name} takes: ${known.join(', ')}.`;
  throw new HaloError('BAD_ARGUMENTS', faults.join(' '), unknown ? takes : 'Correct it and call again.');
}

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Keys that mean something to JavaScript itself reach no tool, at whatever depth.
 * @throws HaloError BAD_ARGUMENTS that names the key
 */
export function refuseReserved(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (RESERVED.has(key))
      throw new HaloError('BAD_ARGUMENTS', `No argument may have the key "${key}".`, 'Leave it out and call again.');
    refuseReserved(inner);
  }
}

/** The arguments that are whole numbers; zod's own words for a wrong one say `number`. */
function wholeNumbers(tool: AnyTool): Set<string> {
  const { properties = {} } = publicTool(tool).inputSchema as { properties?: Record<string, { type?: string }> };
  return new Set(Object.keys(properties).filter((name) => properties[name]?.type === 'integer'));
}

function fault(issue: z.core.$ZodIssue, given: unknown, known: string[], wholes: Set<string>): string {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `There is no argument "${cut(key, 60)}".${didYouMean(key, known)}`).join(' ');
  const value = issue.path.reduce<unknown>(
    (v, key) => (typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined),
    given,
  );
  const name = issue.path.length === 0 ? 'The arguments' : `"${issue.path.map(String).join('.')}"`;
  if (value === undefined && issue.path.length > 0) return `${name} is missing; it ${expected(issue, wholes)}.`;
  return `${name} ${expected(issue, wholes)}${issue.path.length === 0 ? '' : `, not ${shown(value)}`}.`;
}

function expected(issue: z.core.$ZodIssue, wholes: Set<string>): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[wholes.has(String(issue.path[0])) ? 'int' : issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return (
        choices(issue) ??
        (issue.path.length > 1 ? 'must be a number or a text' : 'must be an id (a whole number) or a name')
      );
    case 'invalid_format':
      return issue.format === 'safeint' ? 'must be a whole number' : issue.message;
    default:
      return issue.message;
  }
}

/** Where a union ends in a list of words, those are what may be given. */
function choices({ errors }: z.core.$ZodIssueInvalidUnion): string | undefined {
  const words = errors.flat().find((issue) => issue.code === 'invalid_value');
  return words === undefined ? undefined : `must be one of ${words.values.map(String).join(', ')}`;
}

const KINDS: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** What was given, in few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${cut(value, 40)}"`;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value);
}
