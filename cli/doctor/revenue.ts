import { forEach } from '../../config/index.js';
import { revenueCheck } from '../packs.js';
import { columns, wrap } from '../print.js';
import { type Prepared, started } from '../start.js';
import { sparing } from './exam.js';
import { type Finding, lineOf } from './finding.js';

/** How many rows were read, and the answers. */
export interface RevenueReport {
  read: Record<string, number>;
  findings: Finding[];
}

/** The report of one customer, or one line for the operator if its rows can't be read. */
export type RevenueAnswer = { customer: string } & (RevenueReport | { error: string });

/**
 * How each tenant behaves where the revenue rules assume something, as counts and codes only. It is a tool of a pack of
 * its own, so it goes through the same chain as an assistant's call.
 */
export async function askRevenue({ settings, load }: Prepared): Promise<RevenueAnswer[]> {
  const everywhere = forEach(sparing(settings), () => ({ plugins: undefined, exclude: undefined }));
  const alone = {
    plugins: ['revenue-check'],
    exclude: [],
    output: { ...settings.output, maxTokens: 100_000 },
  };
  const server = await load({ settings: { ...everywhere, ...alone }, bundled: revenueCheck });
  const answers: RevenueAnswer[] = [];
  for (const customer of server.customers) {
    const { structuredContent, content } = await started(server, customer).session.call('check_revenue_rules', {});
    const error = content.map((part) => ('text' in part ? part.text : '')).join('\n');
    answers.push({
      customer,
      ...(structuredContent === undefined ? { error } : (structuredContent as unknown as RevenueReport)),
    });
  }
  return answers;
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
