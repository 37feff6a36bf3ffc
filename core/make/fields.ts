import { isRow, type Row } from '../halo/pages.js';
import { flagOf, textOf } from './value.js';

const SECRET =
  /pass(word|code|phrase)?\b|pwd|secret|credential|api.?key|licen[cs]e.?key|product.?key|private.?key|token|\bpin\b|\bmfa\b|\b2fa\b|recovery|bitlocker|bank|iban|sort.?code|card.?number/i;

/**
 * The custom or asset fields that are set, as `{ name, value }`. What looks like a secret by its name, or is kept
 * encrypted in Halo, never passes.
 */
export function setFields(value: unknown): Row[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRow).flatMap((field) => {
    const name = textOf(field.label) ?? textOf(field.name);
    const shown = textOf(field.display) ?? textOf(field.value);
    if (name === undefined || shown === undefined) return [];
    if (flagOf(field.isencrypted) || SECRET.test(spaced(name)) || SECRET.test(spaced(String(field.name ?? ''))))
      return [];
    return [{ name, value: shown }];
  });
}

/** `CFadminPassword` → `CFadmin Password`, so that words can be told apart. */
const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
