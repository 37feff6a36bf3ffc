import { cut, oneLine } from '../output/clean.js';

/** Words of a database or of code, which may reveal secrets: the tenant's database, a file, a server. */
const INNER =
  /\b(sql|databases?|dbo|columns?|tables?|insert|truncated|constraint|exceptions?|stack|server|host|path|null)\b|[\\{}<>]|\w\.\w/i;

/** Halo's sentence about a broken rule of its own ("A Summary must be entered"); none for any other text. */
export function ruleIn(said: unknown): string[] {
  const sentence = typeof said === 'string' ? oneLine(said) : '';
  return sentence === '' || INNER.test(sentence) ? [] : [cut(sentence, 300)];
}
