/** Shows the rows behind a figure. */
import type Big from 'big.js';
import type { BucketName, Entry, Evidence, Held } from '../ledger/evidence.js';
import { decimalsOf } from '../values/currency.js';
import { Exact, money, ZERO } from '../values/money.js';

export interface EvidenceItem {
  id: number;
  currency?: string;
  [fact: string]: unknown;
}

export interface Bucket {
  count: number;
  /**
   * The sum that proves the figure: a decimal string; or one per code, if a client has several currencies or an amount
   * in one can't be read (which then has no sum).
   */
  sum: string | Record<string, string>;
  truncated: boolean;
  items: EvidenceItem[];
}

/** The largest items of each bucket, ordered by id. */
export function showEvidence(evidence: Evidence, fallbackCode: string): Record<BucketName, Bucket> {
  const shown = evidence.held().map(([name, held]) => [name, showBucket(held, fallbackCode)]);
  return Object.fromEntries(shown) as Record<BucketName, Bucket>;
}

function showBucket({ count, sums, open, entries }: Held, fallbackCode: string): Bucket {
  return {
    count,
    sum: sumOf(sums, open, fallbackCode),
    truncated: entries.length < count,
    items: entries.map(showItem),
  };
}

function showItem({ item: { id, ...facts }, code }: Entry): EvidenceItem {
  const decimals = decimalsOf(code ?? '');
  const shown = Object.entries(facts).map(([fact, value]) => [
    fact,
    value instanceof Exact ? money(value, decimals) : value,
  ]);
  return { id, ...Object.fromEntries(shown), ...(code !== undefined && { currency: code }) };
}

function sumOf(sums: ReadonlyMap<string, Big>, open: boolean, fallbackCode: string): Bucket['sum'] {
  const byCode: [string, Big][] = sums.size === 0 && !open ? [[fallbackCode, ZERO]] : [...sums];
  const shown = byCode
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, total]) => [code, money(total, decimalsOf(code))]);
  return shown.length === 1 && !open ? (shown[0]?.[1] ?? '0') : Object.fromEntries(shown);
}
