/** What is billed to one client and counted at another, so that a breakdown and a list of invoices meet (B2). */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';

/** From one client's side: `billed_to` another client though counted here, or `counted_at` another though billed here. */
export type Way = 'billed_to' | 'counted_at';

export interface ElsewhereSum {
  readonly way: Way;
  /** The other client. */
  readonly client: number;
  readonly code: string;
  /** Net, credits taken off. */
  readonly amount: Big;
}

/** The sums of one client by way, other client and currency. */
export class Elsewhere {
  readonly #sums = new Map<string, ElsewhereSum>();

  add(way: Way, client: number, code: string, amount: Big): void {
    const key = JSON.stringify([way, client, code]);
    const known = this.#sums.get(key)?.amount ?? ZERO;
    this.#sums.set(key, { way, client, code, amount: known.plus(amount) });
  }

  /** What is not nothing, by way, other client and currency. */
  list(): ElsewhereSum[] {
    const order = ({ way, client, code }: ElsewhereSum) => [way, String(client).padStart(12, '0'), code].join();
    return [...this.#sums.values()]
      .filter(({ amount }) => !amount.eq(0))
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}
