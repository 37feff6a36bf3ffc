/** Evidence: which rows make up a figure. The items are capped; count and sum always cover all of them. */
import type Big from 'big.js';
import { decimalsOf } from '../rules/currency.js';
import { money, ZERO } from '../values/money.js';

const BUCKETS = ['mrr', 'contract_only', 'recurring', 'non_recurring', 'credit', 'excluded'] as const;
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

/** The buckets of one client. Each holds the largest items alone, however many are added. */
export class Evidence {
  readonly #piles = new Map(BUCKETS.map((name) => [name, new Pile()]));

  /** @param cap items shown in each bucket */
  constructor(private readonly cap: number) {}

  /**
   * @param amount what the item adds to the bucket's sum, already rounded; `code` undefined when it is in none
   * @param item made only where it may be shown
   */
  add(bucket: BucketName, amount: Big, code: string | undefined, item: () => EvidenceItem): void {
    this.#piles.get(bucket)?.add(amount, code, item, this.cap);
  }

  /** The largest items of each bucket, in the order of their ids. */
  buckets(fallbackCode: string): Record<BucketName, Bucket> {
    const shown = [...this.#piles].map(([name, pile]) => [name, pile.show(this.cap, fallbackCode)]);
    return Object.fromEntries(shown) as Record<BucketName, Bucket>;
  }
}

/** All that was added to one bucket: counted and summed up, and the largest of it. */
class Pile {
  #count = 0;
  readonly #sums = new Map<string, Big>();
  /** More than are shown, so that they need not be sorted each time. */
  #largest: Entry[] = [];
  /** The size below which nothing is shown any more. */
  #least = ZERO;

  add(amount: Big, code: string | undefined, item: () => EvidenceItem, cap: number): void {
    this.#count += 1;
    if (code !== undefined) this.#sums.set(code, (this.#sums.get(code) ?? ZERO).plus(amount));
    if (amount.abs().lt(this.#least)) return;
    this.#largest.push({ item: item(), amount, code });
    if (this.#largest.length > 2 * cap) this.#trim(cap);
  }

  show(cap: number, fallbackCode: string): Bucket {
    this.#trim(cap);
    return {
      count: this.#count,
      sum: sumOf(this.#sums, fallbackCode),
      truncated: this.#largest.length < this.#count,
      items: [...this.#largest]
        .sort(byId)
        .map(({ item, code }) => (code === undefined ? item : { ...item, currency: code })),
    };
  }

  #trim(cap: number): void {
    if (this.#largest.length <= cap) return;
    this.#largest = this.#largest.sort(bySize).slice(0, cap);
    this.#least = this.#largest.at(-1)?.amount.abs() ?? ZERO;
  }
}

function bySize(a: Entry, b: Entry): number {
  return b.amount.abs().cmp(a.amount.abs()) || byId(a, b);
}

function byId(a: Entry, b: Entry): number {
  const reason = ({ item }: Entry) => String(item.reason ?? '');
  return Math.abs(a.item.id) - Math.abs(b.item.id) || b.item.id - a.item.id || reason(a).localeCompare(reason(b));
}

function sumOf(sums: ReadonlyMap<string, Big>, fallbackCode: string): Bucket['sum'] {
  const byCode: [string, Big][] = sums.size === 0 ? [[fallbackCode, ZERO]] : [...sums];
  const shown = byCode
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, total]) => [code, money(total, decimalsOf(code))]);
  return shown.length === 1 ? (shown[0]?.[1] ?? '0') : Object.fromEntries(shown);
}
