import { readFileSync } from 'node:fs';
import { FLAGS, type FlagCode } from '../revenue/index.js';
import { markdown } from './pack-tables.js';

interface Vector {
  id: string;
  expected: { clients: Record<string, { flags_must_include?: string[] }> };
}

/** The table of flags in docs/revenue-rules.md: what each one says, and the worked cases that raise it. */
export function flagTable(): string[] {
  const { vectors } = JSON.parse(readFileSync('test/revenue/vectors.json', 'utf8')) as { vectors: Vector[] };
  const casesOf = (code: string) =>
    vectors.flatMap(({ id, expected: { clients } }) =>
      Object.values(clients).some(({ flags_must_include = [] }) => flags_must_include.includes(code)) ? [id] : [],
    );
  const rows = (Object.keys(FLAGS) as FlagCode[]).map((code) => {
    const { severity, message } = FLAGS[code];
    return [`\`${code}\``, severity, message, casesOf(code).join(', ') || 'only tests'];
  });
  return markdown(['flag', 'severity', 'what it says', 'worked cases'], rows);
}
