/** What a schema asks for, in the words of the person who filled it in. */
import { choicesOf, DAY_PATTERN, type Json, kindsOf, MONTH_PATTERN, propertiesOf } from '../output/kinds.js';

/** `a whole number`, `one of paid, unpaid, all`, `an id (a whole number) or a name`. */
export function wordsOf(schema: Json): string {
  const kinds = kindsOf(schema);
  const choices = kinds.flatMap((kind) => choicesOf(kind) ?? []);
  const lists = kinds.filter(({ type }) => type === 'array');
  // If a single word may stand for a list, only the words matter.
  if (choices.length > 0 && kinds.every((kind) => choicesOf(kind) !== undefined || lists.includes(kind)))
    return `one of ${[...new Set(choices)].map(String).join(', ')}`;
  const types = new Set(kinds.map(({ type }) => type));
  if (types.size === 2 && types.has('integer') && kinds.some(isPlainText)) return 'an id (a whole number) or a name';
  const words = [...new Set(kinds.filter(({ type }) => type !== 'null').map(word))];
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'left out');
}

const isPlainText = (kind: Json) =>
  kind.type === 'string' && choicesOf(kind) === undefined && kind.pattern === undefined && kind.format === undefined;

const EXAMPLES: Record<string, string> = {
  ...{ [DAY_PATTERN]: 'a day such as 2026-11-28', date: 'a day such as 2026-11-28' },
  ...{ [MONTH_PATTERN]: 'a month such as 2026-11', 'date-time': 'a moment such as 2026-11-28T09:30:00Z' },
  ...{ email: 'an e-mail address such as ann@example.com', uri: 'a web address such as https://example.com' },
  ...{ uuid: 'a UUID', time: 'a time such as 09:30:00', ipv4: 'an IP address', ipv6: 'an IP address' },
};

function word(kind: Json): string {
  const choices = choicesOf(kind);
  if (choices !== undefined)
    return choices.length > 1 ? `one of ${choices.map(String).join(', ')}` : String(choices[0]);
  switch (kind.type) {
    case 'string':
      return EXAMPLES[String(kind.format ?? kind.pattern)] ?? 'a text';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object': {
      const names = Object.keys(propertiesOf(kind));
      return names.length === 0 ? 'an object' : `an object with ${names.join(', ')}`;
    }
    default:
      return 'a value';
  }
}
