/** One plain sentence for each currency, both axes named, so that a reader quotes it and does no arithmetic. */

import type { Params } from '../ledger/params.js';
import type { CurrencyFigures } from './breakdown-types.js';

export interface Saying {
  readonly params: Params;
  readonly totals: Readonly<Record<string, CurrencyFigures>>;
  /** The one client asked for, by name; undefined for all. */
  readonly client: string | undefined;
  readonly complete: boolean;
  readonly reasons: readonly string[];
}

/** Says the totals. Where data is missing that comes first, and no figure is called a total. */
export function state({ params, totals, client, complete, reasons }: Saying): string {
  const sentences = Object.entries(totals).map(([code, figures]) => sentence(code, figures, params, client, complete));
  if (sentences.length === 0) sentences.push('Nothing recurring and nothing billed was found.');
  if (complete) return sentences.join(' ');
  const why = reasons.length === 0 ? 'something could not be fetched' : reasons.join('; ');
  return `INCOMPLETE (${why}): these figures cover only what was read and are not totals. ${sentences.join(' ')}`;
}

function sentence(
  code: string,
  figures: CurrencyFigures,
  params: Params,
  client: string | undefined,
  complete: boolean,
) {
  const { recurring, non_recurring, total_net, recurring_share_pct: share } = figures;
  const read = complete ? '' : ' read so far';
  const whose = client === undefined ? '' : ` for ${client}`;
  const spread = params.month_basis === 'service_period' ? ' (recurring spread over its service period)' : '';
  const parts = [
    `${code}${whose}: the recurring run rate${read} on ${params.as_of} is ${figures.mrr} a month (${figures.arr} a year)`,
    `billed${read} from ${params.from} to ${params.to}${spread} is ${recurring.net} recurring and ` +
      `${non_recurring.net} non-recurring, ${total_net} net of tax and credits` +
      (share === null ? '' : `, ${share}% of it recurring`),
  ];
  if (!isZero(figures.contract_only_mrr)) {
    parts.push(`contracts that no recurring invoice bills are worth a further ${figures.contract_only_mrr} a month`);
  }
  if (!isZero(figures.unposted_net)) parts.push(`${figures.unposted_net} more is not posted`);
  return `${parts.join('; ')}.`;
}

function isZero(amount: string): boolean {
  return Number(amount) === 0;
}
