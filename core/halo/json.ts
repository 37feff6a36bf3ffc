import { HaloError } from '../errors.js';
import type { Incoming } from './message.js';
import { scan } from './scan.js';
import { cutOff, mediaType } from './text.js';

/**
 * The body as JSON that is safe to use: without `__proto__` keys, and without ids that were rounded on reading. In a
 * row of a list, an inexact id other than its own is replaced with text.
 * @throws Passing HALO_CUT_OFF for JSON that ends too early or is malformed
 * @throws HaloError HALO_NOT_JSON for a web page or another type, HALO_TOO_LARGE for what would swell when read,
 * HALO_UNEXPECTED for an error in place of data, for nesting that is too deep, or an id that is not a safe integer
 */
export function parseJson({ status, body, headers }: Incoming): unknown {
  const { kind } = mediaType(headers);
  const text = body.trim();
  if (kind === 'page' || text.startsWith('<'))
    throw new HaloError('HALO_NOT_JSON', 'Halo answered with a web page in place of data.');
  if (kind === 'problem')
    throw new HaloError('HALO_UNEXPECTED', 'Halo answered with an error in place of data (problem+json).', { status });
  if (kind === 'other')
    throw new HaloError('HALO_NOT_JSON', 'Halo answered with something other than JSON.', { status });
  if (text === '') throw cutOff("Halo's answer was empty.", status);
  scan(text);
  const value = parse(text, status);
  if (MAY_BE_UNSAFE.test(text)) inspect(value);
  return value;
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw cutOff("Halo's answer is not complete JSON: it was cut off or is malformed.", status);
  }
}

/** Freezes a parsed value and everything in it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const held of Object.values(value)) frozen(held);
  return Object.freeze(value);
}

/**
 * What an unsafe answer holds at least: the name `__proto__`, an id of sixteen digits or with a fraction or an
 * exponent, or an escaped letter of these names, which no program has a reason to send.
 */
const MAY_BE_UNSAFE =
  /__proto__|["_]id"\s{0,9}:\s{0,9}-?\d{0,15}(?:\d{16}|[.eE])|id"\s{10}|id"\s{0,9}:\s{10}|\\u00(?:5f|6[49f]|7[024])/i;

/** Replaces an inexact id: it can't be read as an id, so it is never taken for another record's. */
const INEXACT = 'not exact';

/**
 * Checks every part of a value that may be unsafe; the scan made sure that it is not deep. The ids of rows and of a
 * single record, and the ids that the record names, must be exact. An inexact id that a row names besides its own, or
 * that is nested deeper, spoils only its own field, which perhaps nobody asks for.
 */
function inspect(value: unknown, place: 'record' | 'row' | 'inside' = 'record'): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const held of value) inspect(held, place === 'inside' ? 'inside' : 'row');
    return;
  }
  const part = value as Record<string, unknown>;
  const isEnvelope = place === 'record' && !('id' in part);
  for (const key of Object.keys(part)) {
    const held = part[key];
    if (key === '__proto__') delete part[key];
    else if (typeof held === 'number' && !Number.isSafeInteger(held) && /^(\w{1,40}_)?id$/.test(key)) {
      if (place === 'record' || (place === 'row' && key === 'id'))
        throw new HaloError('HALO_UNEXPECTED', `Halo sent an id that is too large to be exact (${key}).`);
      part[key] = INEXACT;
    } else inspect(held, isEnvelope && Array.isArray(held) ? 'row' : 'inside');
  }
}
