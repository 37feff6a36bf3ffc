import { isRow, type Row } from '../halo/pages.js';
import { isNothing, readFlag, textOf } from '../halo/value.js';
import { holdsWords, readings, soundsSecret, wordsOf } from './secret-names.js';

/** `output.secretFields` of the config: names of fields that are secrets here, and of some that only sound like it. */
export interface SecretSettings {
  /** Words that make a name a secret anywhere in it. */
  add: readonly string[];
  /** Whole names. */
  allow: readonly string[];
}

/** Says whether a field of this name may hold a secret. */
export type IsSecret = (name: string) => boolean;

/** The most names to remember; a tenant has some hundred custom fields. */
const MOST_KEPT = 2000;

/** The test for one server: the built-in one, with what its operator added and allowed. What is added wins. */
export function secretTest({ add, allow }: SecretSettings): IsSecret {
  const added = add.map(wordsOf).filter((words) => words !== '');
  const allowed = new Set(allow.map(wordsOf));
  const kept = new Map<string, boolean>();
  return (name) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const verdict =
      added.some((words) => holdsWords(name, words)) ||
      (!readings(name).some((words) => allowed.has(words)) && soundsSecret(name));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(name, verdict);
    return verdict;
  };
}

/**
 * The custom or asset fields that are set, as `{ name, value }`. A field never passes if its name looks like a secret,
 * or if Halo keeps it encrypted.
 * @param context the tool's own: it knows what the operator added and allowed
 */
export function setFields(value: unknown, { isSecret = soundsSecret }: { isSecret?: IsSecret } = {}): Row[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRow).flatMap((field) => {
    const [name, shown] = [nameIn(field), shownIn(field)];
    if (name === undefined || shown === undefined) return [];
    // An unreadable flag may well mean that it is.
    const encrypted = readFlag(field.isencrypted) ?? false;
    if (encrypted !== false || isSecret(name) || isSecret(String(field.name ?? ''))) return [];
    return [{ name, value: shown }];
  });
}

const nameIn = ({ label, name }: Row): string | undefined => textOf(label) ?? textOf(name);

/** What a field says: the words for it, else its value. */
const shownIn = ({ display, value }: Row): string | undefined =>
  textOf(display) ?? textOf(typeof value === 'boolean' ? String(value) : value);

/** How many fields are set but can't be shown: to a list without words for it, or under a name that is none. */
export const unshown = (fields: readonly Row[]): number =>
  fields.filter((field) => {
    const isSet = ![field.display, field.value].every(isUnset);
    return isSet && (nameIn(field) === undefined || shownIn(field) === undefined);
  }).length;

/** Nothing, or an empty list: nothing was chosen. */
const isUnset = (value: unknown) => isNothing(value) || (Array.isArray(value) && value.length === 0);

/** A custom field of a row by its name or label, if it is set. */
export function customField({ customfields }: Row, name: string, isSecret: IsSecret): unknown {
  if (!Array.isArray(customfields)) return undefined;
  const wanted = customfields.filter(isRow).filter((field) => field.name === name || field.label === name);
  return setFields(wanted, { isSecret })[0]?.value;
}
