/** Evidence: which rows make up a figure. The items are capped; count and sum always cover all of them. */
import type Big from 'big.js';
import { decimalsOf } from './currency.js';
import { money, ZERO } from './money.js';

export const BUCKETS = ['mrr', 'contract_only', 'recurring', 'non_recurring', 'credit', 'excluded'] as const;
export type BucketName = (typeof BUCKETS)[number];

/** Items shown in each bucket unless the caller says otherwise. */
export const DEFAULT_CAP = 25;

export interface EvidenceItem {
  id: number;
  currency?: string;
  [fact: string]: unknown;
}

export interface Bucket {
  count: number;
  /** What the figure is proved by: a decimal string, or one for each code where a client has several currencies. */
  sum: string | Record<string, string>;
  truncated: boolean;
  items: EvidenceItem[];
}

interface Entry {
  item: EvidenceItem;
  amount: Big;
  code: string | undefined;
}

/** The buckets of one client. */
export class Evidence {
  readonly #entries: Record<BucketName, Entry[]> = {
    mrr: [],
    contract_only: [],
    recurring: [],
    non_recurring: [],
    credit: [],
    excluded: [],
  };

  /** @param amount what the item adds to the bucket's sum, already rounded; `code` undefined when it is in none. */
  add(bucket: BucketName, item: EvidenceItem, amount: Big, code: string | undefined): void {
    this.#entries[bucket].push({ item, amount, code });
  }

  /** The largest `cap` items of each bucket, in the order of their ids. */
  buckets(cap: number, fallbackCode: string): Record<BucketName, Bucket> {
    const of = (name: BucketName): Bucket => {
      const entries = this.#entries[name];
      const shown = [...entries].sort(bySize).slice(0, cap).sort(byId);
      return {
        count: entries.length,
        sum: sums(entries, fallbackCode),
        truncated: shown.length < entries.length,
        items: shown.map(({ item, code }) => (code === undefined ? item : { ...item, currency: code })),
      };
    };
    return Object.fromEntries(BUCKETS.map((name) => [name, of(name)])) as Record<BucketName, Bucket>;
  }
}

function bySize(a: Entry, b: Entry): number {
  return b.amount.abs().cmp(a.amount.abs()) || byId(a, b);
}

function byId(a: Entry, b: Entry): number {
  const reason = ({ item }: Entry) => String(item.reason ?? '');
  return Math.abs(a.item.id) - Math.abs(b.item.id) || b.item.id - a.item.id || reason(a).localeCompare(reason(b));
}

function sums(entries: readonly Entry[], fallbackCode: string): Bucket['sum'] {
  const byCode = new Map<string, Big>();
  for (const { amount, code } of entries) {
    if (code !== undefined) byCode.set(code, (byCode.get(code) ?? ZERO).plus(amount));
  }
  if (byCode.size === 0) byCode.set(fallbackCode, ZERO);
  const shown = [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, total]) => [code, money(total, decimalsOf(code))]);
  return shown.length === 1 ? (shown[0]?.[1] ?? '0') : Object.fromEntries(shown);
}
