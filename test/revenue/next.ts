/** test/revenue/vectors-next.json, typed, and its rows as what each question reads. */
import { readFileSync } from 'node:fs';
import {
  Costs,
  keepAgentCost,
  keepClient,
  keepCurrency,
  keepOpenItem,
  keepPayment,
  keepWork,
  keepWorkTicket,
  type OwedBooks,
  Prices,
  type ProfitBooks,
  type WorkBooks,
} from '../../revenue/index.js';
import { bookOf } from './book.js';

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

export const costsOf = ({ invoices = [], linked_invoices = [] }: Data): Costs => {
  const costs = new Costs();
  for (const row of [...invoices, ...linked_invoices]) costs.see(row);
  return costs;
};

export const pricesOf = ({ recurring_invoices = [] }: Data): Prices => {
  const prices = new Prices();
  for (const row of recurring_invoices) prices.see(row);
  return prices;
};

/** Rows as one of the engine's kinds, without those that are not. */
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

export const workBooks = (data: Data, changes: Partial<WorkBooks> = {}): WorkBooks => ({
  ...basics(data),
  work: kept(data.actions, keepWork),
  tickets: kept(data.tickets, keepWorkTicket),
  documents: kept(data.invoices, keepOpenItem),
  found: 'all of them',
  ...changes,
});

export const profitBooks = (data: Data, changes: Partial<ProfitBooks> = {}): ProfitBooks => ({
  book: bookOf(data),
  costs: costsOf(data),
  work: kept(data.actions, keepWork),
  events: [],
  tickets: kept(data.tickets, keepWorkTicket),
  agents: kept(data.agents, keepAgentCost),
  found: 'all of it',
  ...changes,
});
