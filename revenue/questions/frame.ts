/** What every answer to a question about the books holds besides its figures: its method, its flags, its proof. */
import type Big from 'big.js';
import { METHOD_VERSION } from '../answer/breakdown.js';
import { type Entity, labelOf } from '../ledger/entity.js';
import { type Exchange, exchangeOf } from '../ledger/exchange.js';
import { gapsOf, type Unread, unstated } from '../ledger/gaps.js';
import { DEFAULTS, type Params, paramsOf } from '../ledger/params.js';
import type { Client } from '../rows/rows.js';
import { type Currency, decimalsOf } from '../values/currency.js';
import { money, ZERO } from '../values/money.js';
import { type SayCode, saying } from './says.js';

/** How completely the rows behind an answer were read. */
export interface Reading {
  readonly complete: boolean;
  readonly reason?: readonly string[] | undefined;
  readonly pages: number;
}

/** What is read for every question: clients and currencies. */
export interface Books extends Reading {
  readonly clients: readonly Client[];
  readonly currencies: readonly Currency[];
}

/** The arguments of every question about money. */
export type Asked = Pick<Params, 'client_id' | 'currency_policy' | 'rates' | 'today'>;

/** The currency in which each row is shown. @throws RevenueInputError for an invalid rate */
export function exchangeFor({ currencies }: Pick<Books, 'currencies'>, asked: Partial<Asked>): Exchange {
  return exchangeOf(currencies, paramsOf({ currency_policy: DEFAULTS.currency_policy, ...asked }, '2000-01-01'));
}

/**
 * The currency of a client whose rows name none, as it is shown: its own, else home; home if no client, or one of an
 * unknown currency, was asked for.
 */
export function codeOfClient(
  { clients }: Pick<Books, 'clients'>,
  exchange: Exchange,
  client: number | undefined,
): string {
  const own = clients.find(({ id }) => id === client)?.currency;
  return exchange.label((own && exchange.code(own)) ?? exchange.home);
}

/** Something to point out, with an exact amount. */
export interface Said {
  readonly code: SayCode;
  readonly entity: Entity | string;
  readonly client?: number | undefined;
  /** The number or reference that people know it by. */
  readonly ref?: string | undefined;
  readonly amount?: { readonly amount: Big; readonly code: string } | undefined;
  readonly fields?: readonly string[] | undefined;
}

export interface ShownFlag {
  code: string;
  severity: 'high' | 'medium' | 'info';
  entity: string;
  client_id?: number | undefined;
  client?: string | undefined;
  ref?: string | undefined;
  amount: string | null;
  currency?: string | undefined;
  message: string;
  fields?: string[] | undefined;
}

const RANK = { high: 0, medium: 1, info: 2 } as const;

/** Sorted by severity, code and size, each with the client's name. */
export function showFlags(all: readonly Said[], nameOf: (client: number) => string): ShownFlag[] {
  const shown = all.map(({ code, entity, client, ref, amount, fields }) => ({
    size: amount?.amount.abs(),
    flag: {
      code,
      ...saying(code),
      entity: typeof entity === 'string' ? entity : labelOf(entity),
      ...(client !== undefined && { client_id: client, client: nameOf(client) }),
      ...(ref !== undefined && { ref }),
      amount: amount === undefined ? null : money(amount.amount, decimalsOf(amount.code)),
      ...(amount !== undefined && { currency: amount.code }),
      ...(fields !== undefined && fields.length > 0 && { fields: [...fields] }),
    },
  }));
  shown.sort(
    (a, b) =>
      RANK[a.flag.severity] - RANK[b.flag.severity] ||
      compare(a.flag.code, b.flag.code) ||
      (b.size !== undefined && a.size !== undefined ? b.size.cmp(a.size) : 0) ||
      compare(a.flag.entity, b.flag.entity),
  );
  return shown.map(({ flag }) => flag);
}

/** Orders texts by their characters, in any locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Rows behind a figure. */
export interface Proof {
  count: number;
  /** The sum that proves the figure, by currency. */
  sum: Record<string, string>;
  truncated: boolean;
  items: Record<string, unknown>[];
}

export interface ProofItem {
  readonly amount: Big;
  readonly code: string;
  readonly item: Record<string, unknown>;
}

/** Items kept per bucket of evidence. */
export const MOST_ITEMS = 25;

/** The largest rows of a bucket; count and sums always cover all of them. */
export function proofOf(all: readonly ProofItem[], most = MOST_ITEMS): Proof {
  const sums = new Map<string, Big>();
  for (const { code, amount } of all) sums.set(code, (sums.get(code) ?? ZERO).plus(amount));
  const largest = largestOf(all, most);
  return {
    count: all.length,
    sum: Object.fromEntries(
      [...sums.keys()].sort().map((code) => [code, money(sums.get(code) ?? ZERO, decimalsOf(code))]),
    ),
    truncated: largest.length < all.length,
    items: largest.map(({ item, amount, code }) => ({
      ...item,
      amount: money(amount, decimalsOf(code)),
      currency: code,
    })),
  };
}

/** The largest first; of equal ones the earlier. Never sorts more than twice as many as it keeps. */
function largestOf(all: readonly ProofItem[], most: number): ProofItem[] {
  let largest: { one: ProofItem; size: Big }[] = [];
  let least: Big | undefined;
  const trim = () => {
    largest = largest.sort((a, b) => b.size.cmp(a.size)).slice(0, most);
  };
  for (const one of all) {
    const size = one.amount.abs();
    if (least?.gte(size)) continue;
    largest.push({ one, size });
    if (largest.length <= 2 * most) continue;
    trim();
    least = largest.at(-1)?.size;
  }
  trim();
  return largest.map(({ one }) => one);
}

export interface Framed {
  method: Record<string, unknown>;
  complete: boolean;
  flags: ShownFlag[];
  evidence: Record<string, Proof>;
  statement: string;
}

interface Parts {
  readonly books: Reading;
  readonly asked: Partial<Asked>;
  readonly exchange: Exchange;
  /** What else describes the method: days, readings, row counts. */
  readonly method: Record<string, unknown>;
  readonly flags: readonly Said[];
  readonly unread?: readonly Unread[];
  readonly evidence: Record<string, Proof>;
  readonly nameOf: (client: number) => string;
  /** Sentences about the figures; what is missing is stated before them, and what was converted after them. */
  readonly sentences: readonly string[];
  /** It compares days: its sums are wrong, not only smaller, without what was not read, and then go unsaid. */
  readonly compares?: boolean;
}

/** The frame of an answer. Rows that could not be read are gaps, and come first in the statement. */
export function frame(parts: Parts): Framed {
  const { books, asked, exchange, method, flags, unread = [], evidence, nameOf, sentences, compares = false } = parts;
  const reasons = gapsOf(books, unread);
  const complete = reasons.length === 0;
  const policy = asked.currency_policy ?? DEFAULTS.currency_policy;
  const gaps = unread.map(({ entity, fields }): Said => ({ code: 'incomplete_data', entity, fields }));
  const said = [...sentences, exchange.said].filter(Boolean).join(' ');
  return {
    method: {
      version: METHOD_VERSION,
      ...method,
      currency_policy: policy,
      ...(policy === 'convert' && { rates: exchange.rates }),
      complete,
      ...(!complete && { reason: reasons }),
      pages: books.pages,
    },
    complete,
    flags: showFlags([...gaps, ...flags], nameOf),
    evidence,
    statement: complete
      ? said
      : compares
        ? unstated(reasons.join('; '))
        : `INCOMPLETE (${reasons.join('; ')}): these figures cover only what was read and are not totals. Read so far: ${said}`,
  };
}

/** A client's name: from /Client, else from a row, else made from its id. */
export function naming(
  books: Pick<Books, 'clients'>,
  rows: readonly { client: number; client_name?: string | undefined }[] = [],
) {
  const names = new Map<number, string>();
  for (const { client, client_name: name } of rows) if (name !== undefined) names.set(client, name);
  for (const { id, name } of books.clients) if (name !== undefined) names.set(id, name);
  return (client: number): string => names.get(client) ?? (client === 0 ? 'No client' : `Client ${client}`);
}
