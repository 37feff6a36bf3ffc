/** test/revenue/insight-books.json, typed: small books with what each insight should say about them. */
import { readFileSync } from 'node:fs';
import type { Raw } from './book.js';

interface Named {
  name: string;
  /** What the case is about, if its name does not say it. */
  note: string;
  book: Raw;
}

/** A case of leaks or renewals: rows of code or day, entity, amount and currency. */
export interface ListBook extends Named {
  tool: 'billing_leaks' | 'renewals_calendar';
  args: { as_of: string; days?: number; client_id?: number };
  expect: (string | null)[][];
}

/** A case of the trend. A month may name a currency, `2026-02/EUR`; the default is GBP. */
export interface TrendBook extends Named {
  tool?: undefined;
  args: { from: string; to: string };
  expect: {
    mrr?: Record<string, string>;
    billed?: Record<string, string>;
    /** Movements: month, client, kind, amount. */
    mv?: [month: string, client: number, kind: string, amount: string][];
  };
}

const file = new URL('./insight-books.json', import.meta.url);
const books = JSON.parse(readFileSync(file, 'utf8')) as (ListBook | TrendBook)[];

export const listBooks = (tool: ListBook['tool']): ListBook[] =>
  books.filter((book) => book.tool === tool) as ListBook[];
export const trendBooks = books.filter((book) => book.tool === undefined) as TrendBook[];
