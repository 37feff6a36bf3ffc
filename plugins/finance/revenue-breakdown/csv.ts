import type { AnswerFile } from '../../../core/index.js';
import { csvOf } from '../../../revenue/index.js';
import type { RevenueAnswer } from './output.js';

const COLUMNS = [
  ...['client_id', 'client', 'inactive', 'currency'],
  ...['as_of', 'mrr', 'arr', 'mrr_under_contract', 'contract_only_mrr'],
  ...['from', 'to', 'recurring', 'non_recurring', 'total_net', 'recurring_share_pct', 'unposted_net', 'complete'],
];

/**
 * The table of clients for a spreadsheet: one row per client and currency. Each row says which days it covers and
 * whether the book was complete, so that it speaks for itself once it is saved.
 */
export function revenueCsv({ clients, method }: RevenueAnswer): AnswerFile {
  const { from, to, as_of, complete } = method;
  const rows = clients.flatMap(({ client_id, name, inactive, currencies }) =>
    Object.entries(currencies).map(([currency, { recurring, non_recurring, ...figures }]) => ({
      ...figures,
      ...{ client_id, client: name, inactive, currency, from, to, as_of, complete },
      recurring: recurring.net,
      non_recurring: non_recurring.net,
    })),
  );
  const text = csvOf(rows, COLUMNS);
  return { uri: `halo://revenue/${String(from)}_${String(to)}.csv`, mimeType: 'text/csv', text };
}
