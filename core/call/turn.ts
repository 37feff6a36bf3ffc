import { choicesOf, type Json } from '../output/kinds.js';

/** No argument is meant to be deeper. */
const DEEPEST = 16;

/** True if a value has the form that a kind asks for; the strict check decides whether the value is allowed. */
export function hasForm(kind: Json, value: unknown): boolean {
  switch (kind.type) {
    case 'string':
      return typeof value === 'string' && (choicesOf(kind)?.includes(value) ?? true);
    case 'integer':
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'null':
      return value === null;
    default:
      return true;
  }
}

/**
 * The meaning of a value that has none of the forms asked for, if it can mean only one thing: writing it back must give
 * the same text. Undefined otherwise.
 *
 * @example turned([{ type: 'integer' }], '10311') // 10311, and undefined for '1e4', '0x10' and '10,5'
 */
export function turned(kinds: readonly Json[], value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return asText(kinds, value);
  if (typeof value !== 'string') return undefined;
  const meant = [choice(kinds, value), plain(kinds, value), json(kinds, value)];
  return meant.find((one) => one !== undefined);
}

/** A number, or a value of the list, where text is asked for. */
function asText(kinds: readonly Json[], value: number | boolean): string | undefined {
  const text = String(value);
  const free = typeof value === 'number' && Number.isSafeInteger(value);
  return kinds.some((kind) => kind.type === 'string' && (choicesOf(kind)?.includes(text) ?? free)) ? text : undefined;
}

/** A word of the list, in any case. */
function choice(kinds: readonly Json[], text: string): unknown {
  const words = kinds.filter(({ type }) => type === 'string').flatMap((kind) => choicesOf(kind) ?? []);
  const alike = [...new Set(words)].filter((word) => fold(String(word)) === fold(text));
  return alike.length === 1 ? alike[0] : undefined;
}

const fold = (text: string) => text.trim().toLowerCase();

function plain(kinds: readonly Json[], text: string): unknown {
  const number = Number(text);
  const asNumber = kinds.some(({ type }) => type === 'number' || (type === 'integer' && Number.isInteger(number)));
  if (asNumber && /^-?[\d.]+$/.test(text) && String(number) === text) return number;
  return kinds.some(({ type }) => type === 'boolean') && /^(?:true|false)$/.test(text) ? text === 'true' : undefined;
}

/** A list, an object or null that is written as text. */
function json(kinds: readonly Json[], text: string): unknown {
  if (text.trim() === 'null') return null;
  if (!/^\s*[[{]/.test(text) || !kinds.some(({ type }) => type === 'array' || type === 'object')) return undefined;
  return readBack(text);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\s+|[[{]|[\]}]/g;

/** The value of a JSON text that parses without loss: no rounded number, no repeated name. */
export function readBack(text: string): unknown {
  let [depth, deepest] = [0, 0];
  try {
    const bare = text.replace(TOKEN, (token) => {
      if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
      if (/^\s/.test(token)) return '';
      depth += /[[{]/.test(token) ? 1 : -1;
      deepest = Math.max(deepest, depth);
      return token;
    });
    if (deepest > DEEPEST) return undefined;
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === bare ? value : undefined;
  } catch {
    return undefined;
  }
}
