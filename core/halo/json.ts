import { HaloError } from '../errors.js';
import type { Incoming } from './http.js';
import { Passing } from './retry.js';

/** Lists and objects in one answer: more would take ten times its length in memory. A hundred rows have some thousands. */
const MOST_PARTS = 250_000;
/** Lists and objects inside of one another; Halo's own have some ten. */
const DEEPEST = 64;

/**
 * The body as JSON that is safe to use: no `__proto__` among its keys, no id that was rounded when it was read.
 * @throws Passing HALO_CUT_OFF for JSON that ends too early or is malformed
 * @throws HaloError HALO_NOT_JSON for a web page or another type, HALO_TOO_LARGE for what would swell when read,
 * HALO_UNEXPECTED for what is nested too deep or holds an id that is no safe integer
 */
export function parseJson({ body, headers }: Incoming): unknown {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const text = body.replace(/^\uFEFF/, '').trim();
  if (type.includes('html') || text.startsWith('<'))
    throw new HaloError('HALO_NOT_JSON', 'Halo answered with a web page in place of data.');
  if (type !== '' && !type.includes('json'))
    throw new HaloError('HALO_NOT_JSON', 'Halo answered with something other than JSON.');
  if (text === '') throw cutOff("Halo's answer was empty.");
  if (partsOf(text) > MOST_PARTS)
    throw new HaloError('HALO_TOO_LARGE', "Halo's answer holds too many parts and was not read.");
  const value = parse(text);
  inspect(value);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw cutOff("Halo's answer is no whole JSON: it was cut off or is malformed.");
  }
}

/** An answer that did not come whole; another one may. */
export const cutOff = (sentence: string): Passing => new Passing(new HaloError('HALO_CUT_OFF', sentence), 3);

/** How many lists and objects a text opens, at the most: those inside of its strings are counted as well. */
function partsOf(text: string): number {
  if (text.length <= MOST_PARTS) return 0;
  let parts = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) parts += 1;
  }
  return parts;
}

/** Goes through a value level by level, as one nested a thousand deep would overflow the stack of any that recurs. */
function inspect(value: unknown): void {
  let level = [value].filter(isPart);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEEPEST)
      throw new HaloError('HALO_UNEXPECTED', `Halo's answer is nested more than ${DEEPEST} levels deep.`);
    const inside: object[] = [];
    for (const part of level) {
      if (!Array.isArray(part)) inspectKeys(part as Record<string, unknown>);
      for (const held of Object.values(part)) if (isPart(held)) inside.push(held);
    }
    level = inside;
  }
}

const isPart = (value: unknown): value is object => typeof value === 'object' && value !== null;

function inspectKeys(part: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(part)) {
    if (key === '__proto__') delete part[key];
    else if (typeof value === 'number' && !Number.isSafeInteger(value) && /^(\w{1,40}_)?id$/.test(key))
      throw new HaloError('HALO_UNEXPECTED', `Halo sent an id that is too large to be exact (${key}).`);
  }
}
