import { columns, paint, wrap } from '../print.js';

/** `ok`: in order. `warn`: works, or may; worth a look. `fail`: does not work. `none`: unknown. */
export type Mark = 'ok' | 'warn' | 'fail' | 'none';

/** One line of the doctor: what it examined, what it found, and what to do if that is not in order. */
export interface Finding {
  /** Set if the config names several. */
  customer?: string;
  id: string;
  mark: Mark;
  title: string;
  detail: string;
  way_out?: string | undefined;
  /** The same as data, if it holds more than the words. */
  data?: Record<string, unknown>;
}

const SIGNS = {
  ok: { sign: '✓', colour: 'green' },
  warn: { sign: '!', colour: 'yellow' },
  fail: { sign: '✗', colour: 'red' },
  none: { sign: '–', colour: 'dim' },
} as const;

/** A finding for a person: its sign and words, and the way out below it. */
export function lineOf({ mark, title, detail, way_out }: Finding): string {
  const { sign, colour } = SIGNS[mark];
  const said = wrap(`${title}: ${detail}`, columns(), '  ').slice(2);
  const way = way_out === undefined ? '' : `\n${wrap(way_out, columns(), '    ').replace(/^ {4}/, '  → ')}`;
  return `${paint(colour, sign)} ${mark === 'none' ? paint('dim', said) : said}${way}`;
}

/** The findings in one sentence. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (mark: Mark) => findings.filter((finding) => finding.mark === mark).length;
  const [failed, warned] = [count('fail'), count('warn')];
  if (failed + warned === 0) return paint('green', 'All is in order.');
  const parts = [
    failed > 0 && paint('red', `${failed} ${failed === 1 ? 'thing does' : 'things do'} not work`),
    warned > 0 && paint('yellow', `${warned} to look at`),
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}
