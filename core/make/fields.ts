import { isRow, type Row } from '../halo/pages.js';
import { flagOf, textOf } from './value.js';

const SECRET = new RegExp(
  [
    ...['pass(w(or)?d|wort|code|phrase|key)?s?\\b', 'pwd', '\\bpw\\b', 'secret', 'credential', 'token', 'private.?key'],
    ...['(api|licen[cs]e|product|access|encryption|recovery|security|shared|ssh|wi-?fi|wpa).?keys?\\b', '\\bpsk\\b'],
    ...['\\bkeys?$', '\\bpins?\\b', '\\b(mfa|2fa|otp|totp)\\b', 'recovery', 'bitlocker', 'bank', 'iban', 'sort.?code'],
    ...['card.?n(umber|o)', '\\bcvv\\b', 'connection.?string'],
  ].join('|'),
  'i',
);

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
    if (flagOf(field.isencrypted) || isSecretName(name) || isSecretName(String(field.name ?? ''))) return [];
    return [{ name, value: shown }];
  });
}

/** True for the name of a field that may hold what nobody should see. */
export const isSecretName = (name: string): boolean => SECRET.test(name) || SECRET.test(spaced(name));

/** A custom field of a row by its name or label, where it is set. */
export function customField({ customfields }: Row, name: string): unknown {
  if (!Array.isArray(customfields)) return undefined;
  const wanted = customfields.filter(isRow).filter((field) => field.name === name || field.label === name);
  return setFields(wanted)[0]?.value;
}

/** `CFadminPassword` → `CFadmin Password`, so that words can be told apart. */
const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
