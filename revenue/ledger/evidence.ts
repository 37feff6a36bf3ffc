/**
 * Evidence: which rows make up a figure, and which were left out (B2). The items are capped; count and sums always cover
 * all of them.
 */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';

const BUCKETS = ['mrr', 'contract_only', 'recurring', 'non_recurring', 'credit', 'excluded'] as const;
export type BucketName = (typeof BUCKETS)[number];

/** A row behind a figure, and what to say about it; amounts are exact, in the item's currency. */
export interface EvidenceFacts {
  readonly id: number;
  readonly [fact: string]: unknown;
}

export interface Entry {
  readonly item: EvidenceFacts;
  /** Undefined if it can't be read. */
  readonly amount: Big | undefined;
  /** Undefined if the currency is unknown. */
  readonly code: string | undefined;
}

/** What one bucket holds. */
export interface Held {
  readonly count: number;
  /** By currency; only those in which every amount could be read. */
  readonly sums: ReadonlyMap<string, Big>;
  /** Whether any currency has an unreadable amount. */
  readonly open: boolean;
  /** The largest entries, ordered by id. One that can't be read may be the largest, so it counts as that. */
  readonly entries: readonly Entry[];
}

/** The buckets of one client. Each keeps only the largest items, however many are added. */
export class Evidence {
  readonly #piles = new Map(BUCKETS.map((name) => [name, new Pile()]));

  /** @param cap items kept in each bucket */
  constructor(private readonly cap: number) {}

  /**
   * @param amount what the item adds to the bucket's sum, already rounded; undefined if it can't be read: then the
   * bucket has no sum in that currency. `code` is undefined if the currency is unknown
   * @param item called only if the item may be shown
   */
  add(bucket: BucketName, amount: Big | undefined, code: string | undefined, item: () => EvidenceFacts): void {
    this.#piles.get(bucket)?.add(amount, code, item, this.cap);
  }

  /** All buckets, in order. */
  held(): [name: BucketName, held: Held][] {
    return [...this.#piles].map(([name, pile]) => [name, pile.held(this.cap)]);
  }
}

/** Everything that was added to one bucket: counted, summed up, with the largest entries. */
class Pile {
  #count = 0;
  readonly #sums = new Map<string, Big>();
  /** Currencies in which an amount could not be read. */
  readonly #open = new Set<string>();
  /** Holds more than are shown, so that it is not sorted at each addition. */
  #largest: Entry[] = [];
  /** Entries that are smaller than this one are no longer shown. */
  #least: Pick<Entry, 'amount'> = { amount: ZERO };

  add(amount: Big | undefined, code: string | undefined, item: () => EvidenceFacts, cap: number): void {
    this.#count += 1;
    if (amount === undefined && code !== undefined) this.#open.add(code);
    if (code !== undefined) this.#sums.set(code, (this.#sums.get(code) ?? ZERO).plus(amount ?? ZERO));
    if (bySize(this.#least, { amount }) < 0) return;
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
    this.#largest = this.#largest.sort((a, b) => bySize(a, b) || byId(a, b)).slice(0, cap);
    this.#least = this.#largest.at(-1) ?? this.#least;
  }
}

/** The largest first, and before them what can't be read. */
function bySize({ amount: a }: Pick<Entry, 'amount'>, { amount: b }: Pick<Entry, 'amount'>): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return b.abs().cmp(a.abs());
}

function byId(a: Entry, b: Entry): number {
  const reason = ({ item }: Entry) => String(item.reason ?? '');
  return Math.abs(a.item.id) - Math.abs(b.item.id) || b.item.id - a.item.id || reason(a).localeCompare(reason(b));
}
