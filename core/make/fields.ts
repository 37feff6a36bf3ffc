import { isRow, type Row } from '../halo/pages.js';
import { readFlag, textOf } from '../halo/value.js';
import { holdsWords, readings, soundsSecret, wordsOf } from './secret-names.js';

/** `output.secretFields` of the config: names of fields that are secrets here, and of some that sound so and are none. */
export interface SecretSettings {
  /** Words that make a name a secret wherever they stand in it. */
  add: readonly string[];
  /** Whole names. */
  allow: readonly string[];
}

/** Says of the name of a field whether it may hold what nobody should see. */
export type IsSecret = (name: string) => boolean;

/** The most names that are remembered; a tenant has some hundred custom fields. */
const MOST_KEPT = 2000;

/** The test for one server: what is built in, with what its operator added and allowed. What is added wins. */
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
 * The custom or asset fields that are set, as `{ name, value }`. What looks like a secret by its name, or is kept
 * encrypted in Halo, never passes.
 * @param context the tool's own: it knows what the operator added and allowed
 */
export function setFields(value: unknown, { isSecret = soundsSecret }: { isSecret?: IsSecret } = {}): Row[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRow).flatMap((field) => {
    const name = textOf(field.label) ?? textOf(field.name);
    const shown = textOf(field.display) ?? textOf(field.value);
    if (name === undefined || shown === undefined) return [];
    // What can't be read may well say that it is.
    const encrypted = readFlag(field.isencrypted) ?? false;
    if (encrypted !== false || isSecret(name) || isSecret(String(field.name ?? ''))) return [];
    return [{ name, value: shown }];
  });
}

/** A custom field of a row by its name or label, where it is set. */
export function customField({ customfields }: Row, name: string, isSecret: IsSecret): unknown {
  if (!Array.isArray(customfields)) return undefined;
  const wanted = customfields.filter(isRow).filter((field) => field.name === name || field.label === name);
  return setFields(wanted, { isSecret })[0]?.value;
}
