import { revenueCheck } from '../packs.js';
import { columns, Failure, wrap } from '../print.js';
import type { Prepared } from '../start.js';
import { sparing } from './exam.js';
import { type Finding, lineOf } from './finding.js';

/** What was read, in rows, and the answers. */
export interface RevenueReport {
  read: Record<string, number>;
  findings: Finding[];
}

/**
 * How this tenant answers what the revenue rules assume, in counts and codes alone. It is a tool of a pack of its own,
 * so it goes through the same chain as an assistant's call.
 * @throws Failure with the one line for the operator, where the rows can't be read
 */
export async function askRevenue({ config, load }: Prepared): Promise<RevenueReport> {
  const alone = {
    plugins: ['revenue-check'],
    exclude: [],
    allowWrites: [],
    output: { ...config.output, maxTokens: 100_000 },
  };
  const { session } = await load({ config: { ...sparing(config), ...alone }, bundled: revenueCheck });
  const result = await session.call('check_revenue_rules', {});
  if (result.structuredContent === undefined)
    throw new Failure(result.content.map((part) => ('text' in part ? part.text : '')).join('\n'));
  return result.structuredContent as unknown as RevenueReport;
}

/** The report for a person. */
export function revenueText({ read, findings }: RevenueReport): string {
  const rows = Object.entries(read).map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
  const marked = (mark: Finding['mark']) => findings.filter((finding) => finding.mark === mark).length;
  return [
    'How this tenant answers what the revenue rules assume. Counts and codes alone:',
    'no name, reference or amount is shown, so this can be passed on.',
    wrap(`Read: ${rows.join(', ')}.`, columns()),
    '',
    ...findings.map(lineOf),
    '',
    `✓ ${marked('ok')} as assumed   ! ${marked('warn')} otherwise or not certain   – ${marked('none')} no rows here to tell`,
    'What follows an arrow is what revenue_breakdown does about it.',
  ].join('\n');
}
