import { HaloError } from '../errors.js';
import { isRow } from '../halo/row.js';
import { readBack } from './turn.js';

/**
 * The given arguments by name; empty for null.
 * @throws HaloError BAD_ARGUMENTS if they are no object, or a name means something to JavaScript
 */
export function givenArguments(raw: unknown): Record<string, unknown> {
  const given = (typeof raw === 'string' ? (readBack(raw) ?? raw) : raw) ?? {};
  if (!isRow(given)) throw new HaloError('BAD_ARGUMENTS', 'The arguments must be an object.');
  refuseReserved(given);
  return given;
}

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Keys that mean something to JavaScript itself reach no tool, at any depth.
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
