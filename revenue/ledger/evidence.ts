/**
 * Evidence: which rows make up a figure, and which were left out (B2). The items are capped; count and sums always cover
 * all of them.
 */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';

const BUCKETS = ['mrr', 'contract_only', 'recurring', 'non_recurring', 'credit', 'excluded'] as const;
export type BucketName = (typeof BUCKETS)[number];

/** A row behind a figure, and what there is to say of it; amounts are exact, in the item's currency. */
export interface EvidenceFacts {
  readonly id: number;
  readonly [fact: string]: unknown;
}

export interface Entry {
  readonly item: EvidenceFacts;
  readonly amount: Big;
  /** Undefined where it is in no known currency. */
  readonly code: string | undefined;
}

/** What one bucket holds. */
export interface Held {
  readonly count: number;
  /** By currency, of those in which all amounts could be read. */
  readonly sums: ReadonlyMap<string, Big>;
  /** Whether there are others. */
  readonly open: boolean;
  /** The largest, in the order of their ids. */
  readonly entries: readonly Entry[];
}

/** The buckets of one client. Each holds the largest items alone, however many are added. */
export class Evidence {
  readonly #piles = new Map(BUCKETS.map((name) => [name, new Pile()]));

  /** @param cap items kept in each bucket */
  constructor(private readonly cap: number) {}

  /**
   * @param amount what the item adds to the bucket's sum, already rounded; undefined where it can't be read: then the
   *   bucket has no sum in that currency. `code` is undefined when it is in none
   * @param item made only where it may be shown
   */
  add(bucket: BucketName, amount: Big | undefined, code: string | undefined, item: () => EvidenceFacts): void {
    this.#piles.get(bucket)?.add(amount, code, item, this.cap);
  }

  /** The buckets, all of them, in their order. */
  held(): [name: BucketName, held: Held][] {
    return [...this.#piles].map(([name, pile]) => [name, pile.held(this.cap)]);
  }
}

/** All that was added to one bucket: counted and summed up, and the largest of it. */
class Pile {
  #count = 0;
  readonly #sums = new Map<string, Big>();
  /** Currencies in which an amount could not be read. */
  readonly #open = new Set<string>();
  /** More than are shown, so that they need not be sorted each time. */
  #largest: Entry[] = [];
  /** The size below which nothing is shown any more. */
  #least = ZERO;

  add(read: Big | undefined, code: string | undefined, item: () => EvidenceFacts, cap: number): void {
    this.#count += 1;
    if (read === undefined && code !== undefined) this.#open.add(code);
    const amount = read ?? ZERO;
    if (code !== undefined) this.#sums.set(code, (this.#sums.get(code) ?? ZERO).plus(amount));
    if (amount.abs().lt(this.#least)) return;
    this.#largest.push({ item: item(), amount, code });
    if (this.#largest.length > 2 * cap) this.#trim(cap);
  }

  held(cap: number): Held {
    this.#trim(cap);
    const sums = new Map([...this.#sums].filter(([code]) => !this.#open.has(code)));
    return { count: this.#count, sums, open: this.#open.size > 0, entries: [...this.#largest].sort(byId) };
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
