/** What is fetched from Halo for one question. */
import type { Currency } from '../values/currency.js';
import type { Client, Contract, Invoice, RecurringInvoice } from './rows.js';

/** Everything that was fetched, reduced by the `keep…` functions. */
export interface Book {
  recurring_invoices: readonly RecurringInvoice[];
  /** The rows of /Invoice. */
  invoices: readonly Invoice[];
  contracts: readonly Contract[];
  clients: readonly Client[];
  currencies: readonly Currency[];
  /** Credited invoices outside the window: looked up, never counted. */
  linked_invoices?: readonly Invoice[] | undefined;
  /** Names of projects, by id, as far as they were read. */
  projects?: ReadonlyMap<number, string> | undefined;
  /** The clients whose documents were read; undefined for all. */
  invoices_of?: readonly number[] | undefined;
  /** If none of these documents is posted: whether other clients' are; undefined if nobody looked. */
  others_post?: boolean | undefined;
  /** False when a page failed or a cap was hit. */
  complete: boolean;
  /** Why it is not complete. */
  reason?: readonly string[] | undefined;
  pages: number;
}
