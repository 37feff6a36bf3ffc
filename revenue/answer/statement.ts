/** One plain sentence for each currency, both axes named, so that a reader quotes it and does no arithmetic. */
import type { Figures } from '../ledger/accounts.js';
import type { Ledger } from '../ledger/ledger.js';
import { showFigures } from './report.js';

/** Says the totals. Where data is missing that comes first, and no figure is called a total. */
export function state(ledger: Ledger): string {
  const sentences = [...ledger.totals].map(([code, figures]) => sentence(code, figures, ledger));
  if (sentences.length === 0) sentences.push('Nothing recurring and nothing billed was found.');
  if (ledger.complete) return sentences.join(' ');
  return `INCOMPLETE (${ledger.reasons.join('; ')}): these figures cover only what was read and are not totals. ${sentences.join(' ')}`;
}

function sentence(code: string, exact: Figures, { params, clients, complete }: Ledger): string {
  const figures = showFigures(exact, code);
  const { recurring, non_recurring, total_net, recurring_share_pct: share } = figures;
  const read = complete ? '' : ' read so far';
  const whose = params.client_id === undefined ? '' : ` for ${clients[0]?.name}`;
  const spread = params.month_basis === 'service_period' ? ' (recurring spread over its service period)' : '';
  const parts = [
    `${code}${whose}: the recurring run rate${read} on ${params.as_of} is ${figures.mrr} a month (${figures.arr} a year)`,
    `billed${read} from ${params.from} to ${params.to}${spread} is ${recurring.net} recurring and ` +
      `${non_recurring.net} non-recurring, ${total_net} net of tax and credits` +
      (share === null ? '' : `, ${share}% of it recurring`),
  ];
  if (!exact.contract_only.eq(0)) {
    parts.push(`contracts that no recurring invoice bills are worth a further ${figures.contract_only_mrr} a month`);
  }
  if (!exact.unposted.eq(0)) parts.push(`${figures.unposted_net} more is not posted`);
  return `${parts.join('; ')}.`;
}
