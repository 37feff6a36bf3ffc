/** What every step that posts to the ledger receives. */
import type Big from 'big.js';
import type { Shown } from '../values/exchange.js';
import type { Accounts } from './accounts.js';
import type { Exchange } from './exchange.js';
import type { Facts } from './facts.js';
import type { FlagAmount } from './flags.js';
import type { Params } from './params.js';

export interface Posting {
  readonly facts: Facts;
  readonly params: Params;
  readonly exchange: Exchange;
  readonly accounts: Accounts;
}

/** An amount for a flag, in the currency that the row is shown in. */
export function flagAmount(amount: Big, shown: Shown): FlagAmount {
  return { amount: amount.times(shown.rate), code: shown.code, decimals: shown.decimals };
}

/** Whether a client's rows are posted. If one client is asked for, rows of others only tell what bills whom. */
export const isConcerned = (client: number, { client_id: asked }: Pick<Params, 'client_id'>): boolean =>
  asked === undefined || client === asked;
