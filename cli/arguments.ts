import { UsageError } from './print.js';

type Json = Record<string, unknown>;
/** The part of an argument's JSON schema that matters here. */
interface Kind {
  type?: string | string[];
  items?: Kind;
  anyOf?: Kind[];
}

/**
 * Arguments as a person types them: `key=value`, a JSON object, or both. An entry of a map may be named alone. The
 * tool's own schema gives the types (`true`, numbers, comma-separated lists). A value that fits no type stays text, and
 * the tool then says what it expects.
 * @throws UsageError for a word that is neither
 */
export function readArgs(words: readonly string[], json: string | undefined, inputSchema: Json = {}): Json {
  const kinds = (inputSchema.properties ?? {}) as Record<string, Kind>;
  const given = (json === undefined ? [] : [json]).map((text) => parse(text, '--args'));
  for (const word of words) {
    const [, key, text] = /^([^={}[\]\s]+)=([\s\S]*)$/.exec(word) ?? [];
    if (key !== undefined && text !== undefined) given.push(named(key, text, kinds, given));
    else if (word.startsWith('{')) given.push(parse(word, 'The argument'));
    else
      throw new UsageError(
        `"${word}" is not an argument. Give arguments as key=value, such as page_size=5, or as JSON.`,
      );
  }
  return Object.assign({}, ...given) as Json;
}

/** `page=2`, or one entry of a list of pairs: `rates.EUR=0.85`. */
function named(key: string, text: string, kinds: Record<string, Kind>, before: readonly Json[]): Json {
  const [name = '', ...inner] = key.split('.');
  if (inner.length === 0 || kinds[key] !== undefined || ofKind(kinds[name], 'array', 'object') === undefined)
    return { [key]: typed(text, kinds[key]) };
  const others = before.findLast((one) => name in one)?.[name];
  if (others !== undefined && !isRow(others))
    throw new UsageError(`Give all of ${name} in one way: as ${name}.KEY=… or as JSON.`);
  return { [name]: { ...others, [inner.join('.')]: text } };
}

const isRow = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string, what: string): Json {
  const value = json(text);
  if (isRow(value)) return value;
  throw new UsageError(`${what} is not a JSON object. Give it as '{"page_size": 5}', or give page_size=5.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first of a kind's kinds that has one of these types. */
const ofKind = (kind: Kind = {}, ...types: string[]): Kind | undefined =>
  (kind.anyOf ?? [kind]).find(({ type = [] }) => [type].flat().some((one) => types.includes(one)));

function typed(text: string, kind: Kind = {}): unknown {
  const is = (...types: string[]) => ofKind(kind, ...types);
  const list = is('array');
  if (/^[[{"]/.test(text) && json(text) !== undefined && (!is('string') || !text.startsWith('{'))) return json(text);
  if (list) return text.split(',').map((part) => typed(part.trim(), list.items));
  if (is('integer', 'number') && String(Number(text)) === text) return Number(text);
  if (is('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}
