import { ERRORS, type ErrorCode, MEANINGS } from '../core/errors.js';
import { markdown } from './pack-tables.js';

/** docs/errors.md: every code, what it means, and its default way out. */
export function errorsPage(): string {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  const rows = codes.map((code) => [`\`${code}\``, MEANINGS[code], ERRORS[code]]);
  return [
    '# Errors',
    '',
    'Every error reads `CODE: what is wrong. What to do.` The second part is often more specific than the one below.',
    'A wrong config or address has no code: the start ends with exit code 2 and one sentence.',
    '',
    '<!-- biome-ignore format: generated -->',
    '',
    ...markdown(['code', 'meaning', 'what to do'], rows),
    '',
  ].join('\n');
}
