/** What is billed to one client and counted at another, so that a breakdown and a list of invoices agree (B2). */
import type Big from 'big.js';
import { ZERO } from '../values/money.js';

/** From one client's side: `billed_to` another client but counted here, or `counted_at` another but billed here. */
export type Way = 'billed_to' | 'counted_at';

export interface ElsewhereSum {
  readonly way: Way;
  /** The other client, and its name. */
  readonly client: number;
  readonly name: string;
  readonly code: string;
  /** Net, less credits. */
  readonly amount: Big;
}

/** Who pays for whom. No account is opened for it, since none of it counts at the payer. */
export class Elsewhere {
  readonly #byClient = new Map<number, Map<string, ElsewhereSum>>();

  /** Adds to what one client has elsewhere. */
  add(of: number, { way, client, name, code, amount }: ElsewhereSum): void {
    const sums = this.#byClient.get(of) ?? new Map<string, ElsewhereSum>();
    this.#byClient.set(of, sums);
    const key = JSON.stringify([way, client, code]);
    const known = sums.get(key);
    // The same name in any order of rows.
    const first = known === undefined || name < known.name ? name : known.name;
    sums.set(key, { way, client, code, name: first, amount: amount.plus(known?.amount ?? ZERO) });
  }

  /** One client's amounts that are not zero, by way, other client and currency. */
  of(client: number): ElsewhereSum[] {
    const order = ({ way, client: other, code }: ElsewhereSum) => [way, String(other).padStart(12, '0'), code].join();
    return [...(this.#byClient.get(client)?.values() ?? [])]
      .filter(({ amount }) => !amount.eq(0))
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}
