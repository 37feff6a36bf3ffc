/** test/revenue/vectors-next.json, typed, and its rows as what each question reads. */
import { readFileSync } from 'node:fs';
import { keepClient, keepCurrency, keepOpenItem, keepPayment, type OwedBooks } from '../../revenue/index.js';

export interface Vector {
  id: string;
  title: string;
  tool: string;
  params: never;
  data: Data;
  expected: Record<string, never>;
}

type Data = Readonly<Record<string, readonly unknown[]>>;

const file = new URL('./vectors-next.json', import.meta.url);
export const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

const READ = { complete: true, pages: 1 };

/** Rows as a kind of the engine's, those left out that are none. */
export const kept = <T>(rows: readonly unknown[] | undefined, keep: (row: unknown) => T | undefined): T[] =>
  (rows ?? []).flatMap((row) => keep(row) ?? []);

export const basics = ({ clients, currencies }: Data) => ({
  ...READ,
  clients: kept(clients, keepClient),
  currencies: kept(currencies, keepCurrency),
});

export const owedBooks = (data: Data, changes: Partial<OwedBooks> = {}): OwedBooks => ({
  ...basics(data),
  items: kept(data.invoices, keepOpenItem),
  payments: kept(data.payments, keepPayment),
  ...changes,
});
