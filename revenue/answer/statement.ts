/** One plain sentence per currency with both axes named, so that a reader can quote it without arithmetic. */
import type { Figures } from '../ledger/accounts.js';
import { saidOfRates } from '../ledger/exchange.js';
import type { Ledger } from '../ledger/ledger.js';
import { type BilledOn, billedOnSentence } from './billed-on.js';
import { showFigures } from './report.js';
import type { When } from './when.js';

/**
 * States the totals. Missing data is stated first, and then no figure is called a total.
 * @param billed for a past day: what invoices say about it
 */
export function state(ledger: Ledger, when: When, billed?: BilledOn): string {
  const sentences = [...ledger.totals].map(([code, figures]) => sentence(code, figures, ledger));
  if (sentences.length === 0) sentences.push('Nothing recurring and nothing billed was found.');
  sentences.push(...optionsOf(ledger, when, billed));
  if (ledger.complete) return sentences.join(' ');
  return `INCOMPLETE (${ledger.reasons.join('; ')}): these figures cover only what was read and are not totals. ${sentences.join(' ')}`;
}

/** Every choice that affects a figure, and which parts are not facts but today's prices carried to another day. */
function optionsOf(ledger: Ledger, { ends_before: ends }: When, billed?: BilledOn): string[] {
  const { params } = ledger;
  const { as_of: asOf } = params;
  const gone = [
    counted(ends.recurring_invoices, 'recurring invoice ends', 'recurring invoices end'),
    counted(ends.contracts, 'contract ends', 'contracts end'),
  ].filter(Boolean);
  return [
    billed !== undefined
      ? `The run rate on ${asOf} is that of today's recurring invoices carried back: Halo keeps no history of prices and quantities. ${billedOnSentence(asOf, billed)}`
      : '',
    asOf > (params.today ?? asOf)
      ? `${asOf} is in the future: its run rate is a projection of today's prices${gone.length > 0 ? `, without what ends before (${gone.join(', ')})` : ''}.`
      : '',
    saidOfRates(ledger.home, params, ledger.rates),
    params.include_unposted ? 'Drafts are included in what was billed.' : '',
    params.attribute_to === 'billed_client'
      ? 'Each amount is counted at the client that is billed, not the one served.'
      : '',
    params.include_contracts ? '' : 'Contracts were left out.',
  ].filter(Boolean);
}

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? '' : `${count} ${count === 1 ? one : many}`;

/** What was billed in a window that is over, still running, or in the future. */
function billedPart(
  { params }: Pick<Ledger, 'params'>,
  { recurring, non_recurring, total_net, recurring_share_pct: share }: ReturnType<typeof showFigures>,
  read: string,
): string {
  const { from, to, today = to } = params;
  const spread = params.month_basis === 'service_period' ? ' (recurring spread over its service period)' : '';
  if (from > today) return `the window ${from} to ${to} is in the future, and nothing is billed in it yet`;
  const far = to > today ? ` so far (the window is not over)` : '';
  return (
    `billed${read}${far} from ${from} to ${to}${spread} is ${recurring.net} recurring and ` +
    `${non_recurring.net} non-recurring, ${total_net} net of tax and credits` +
    (share === null ? '' : `, ${share}% of it recurring`)
  );
}

function sentence(code: string, exact: Figures, ledger: Ledger): string {
  const { params, clients, complete } = ledger;
  const figures = showFigures(exact, code);
  const read = complete ? '' : ' read so far';
  const whose = params.client_id === undefined ? '' : ` for ${clients[0]?.name}`;
  const ahead = params.as_of > (params.today ?? params.as_of) ? ' projected' : '';
  const parts = [
    `${code}${whose}: the recurring run rate${read}${ahead} on ${params.as_of} is ${figures.mrr} a month (${figures.arr} a year)`,
    billedPart(ledger, figures, read),
  ];
  if (!exact.contract_only.eq(0)) {
    parts.push(`contracts that no recurring invoice bills are worth a further ${figures.contract_only_mrr} a month`);
  }
  if (!exact.unposted.eq(0)) parts.push(`${figures.unposted_net} more is not posted`);
  return `${parts.join('; ')}.`;
}
