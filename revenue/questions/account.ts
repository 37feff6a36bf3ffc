/**
 * What one client was billed, was credited and has paid in a window (`statement_of_account`). Pure: rows in, answer
 * out.
 */
import type Big from 'big.js';
import { saidOfPosting } from '../ledger/anomalies.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import type { Exchange } from '../ledger/exchange.js';
import { newestIn } from '../rows/documents.js';
import { decimalsOf } from '../values/currency.js';
import { leaf } from '../values/exchange.js';
import { money, sum } from '../values/money.js';
import { each, flatMapped, inOneGo, type Steps } from '../values/steps.js';
import {
  type Asked,
  codeOfClient,
  compare,
  exchangeFor,
  type Framed,
  frame,
  naming,
  proofOf,
  type Said,
} from './frame.js';
import { isCreditItem, isDocument, isReceivable, type OwedBooks, owedOn, withoutPayments } from './owed.js';

export interface AccountAsked extends Partial<Asked> {
  readonly client_id: number;
  readonly from: string;
  readonly to: string;
}

export const ENTRIES = ['invoice', 'credit', 'payment'] as const;

export interface Entry {
  date: string;
  kind: (typeof ENTRIES)[number];
  id: number;
  number?: string;
  due?: string;
  /** Signed: an invoice adds, a credit and a payment take off. */
  amount: string;
  balance: string;
}

/** One currency of an account; opening + invoiced + credited + paid = closing. */
export interface Account {
  currency: string;
  opening: string;
  invoiced: string;
  credited: string;
  paid: string;
  closing: string;
  /** What is open on the documents at the end, less what is unallocated. */
  open_items: string;
  difference: string;
}

export interface AccountAnswer extends Framed, Account {
  client_id: number;
  name: string;
  from: string;
  to: string;
  entries: Entry[];
  /** The accounts in other currencies, each with its entries. */
  others?: (Account & { entries: Entry[] })[];
}

interface Move {
  readonly date: string;
  readonly kind: Entry['kind'];
  readonly id: number;
  readonly number?: string | undefined;
  readonly due?: string | undefined;
  readonly amount: Big;
  readonly code: string;
}

/**
 * The account of one billed client. Amounts include tax. Applying a credit to an invoice moves nothing: the credit note
 * itself already did.
 * @throws RevenueInputError as `owedOn` does
 */
export const accountOf = inOneGo(accountIn);

/** The same in steps. */
export function* accountIn(books: OwedBooks, asked: AccountAsked, today: string): Steps<AccountAnswer> {
  const { client_id: client, from, to } = asked;
  const exchange = exchangeFor(books, asked);
  const owed = yield* owedOn(books, to, today, exchange);
  const nameOf = naming(books, books.items);
  const moves = [...(yield* documentMoves(books, to, exchange)), ...(yield* paymentMoves(books, to, exchange))].sort(
    (a, b) => compare(a.date, b.date) || ENTRIES.indexOf(a.kind) - ENTRIES.indexOf(b.kind) || a.id - b.id,
  );
  yield;
  const open = (code: string) =>
    sum([
      ...owed.debts.flatMap((one) => (one.shown.code === code ? [leaf(one.open, one.shown)] : [])),
      ...owed.loose.flatMap((one) => (one.shown.code === code ? [leaf(one.amount, one.shown)] : [])),
    ]);
  const codes = [...new Set(moves.map(({ code }) => code))].sort(
    (a, b) => Number(b === exchange.home) - Number(a === exchange.home) || compare(a, b),
  );
  const accounts: (Account & { entries: Entry[]; gap: Big })[] = [];
  for (const code of codes.length === 0 ? [codeOfClient(books, exchange, client)] : codes) {
    const own = moves.filter((one) => one.code === code);
    accounts.push(yield* accountInCurrency(code, own, from, open(code)));
  }
  const flags: Said[] = [...owed.flags];
  const reasons: string[] = [];
  const none = books.payments_unread === undefined ? withoutPayments(books) : undefined;
  const why = none === undefined ? '' : `, and ${none}`;
  for (const { currency, gap } of accounts) {
    if (gap.eq(0)) continue;
    flags.push({
      code: 'balance_differs',
      entity: entityOf('client', client),
      client,
      amount: { amount: gap, code: currency },
    });
    reasons.push(`the entries in ${currency} and what is open differ by ${money(gap, decimalsOf(currency))}${why}`);
  }
  const complete = books.complete && reasons.length === 0;
  const [first, ...others] = accounts.map(({ gap: _, ...account }) => account);
  if (first === undefined) throw new Error('An account has at least one currency.');
  return {
    ...frame({
      books: { ...books, complete, reason: [...(books.reason ?? []), ...reasons] },
      ...{ asked, exchange, flags, unread: owed.unread, nameOf },
      method: { from, to, amounts: 'with tax', check: 'closing equals what is open of the documents at the end' },
      evidence: {
        open: proofOf(
          owed.debts.flatMap(({ item, open: own, shown }) => {
            const amount = leaf(own, shown);
            return amount.eq(0)
              ? []
              : [{ amount, code: shown.code, item: { id: item.id, number: item.number, date: item.date } }];
          }),
        ),
      },
      sentences: [
        saidOfPosting(books.items, isDocument),
        ...accounts.map((one) => sentence(one, nameOf(client), from, to)),
        saidOfDay('statement_of_account', to, today),
      ],
    }),
    ...{ client_id: client, name: nameOf(client), from, to },
    ...first,
    ...(others.length > 0 && { others }),
  };
}

function* documentMoves(books: OwedBooks, to: string, exchange: Exchange): Steps<Move[]> {
  return yield* flatMapped(yield* newestIn(books.items), (item): readonly Move[] => {
    const code = exchange.code(item.currency);
    if (!isReceivable(item) || item.date === undefined || item.total === undefined || code === undefined) return [];
    if (item.date > to) return [];
    const credit = isCreditItem(item);
    const shown = exchange.show(code);
    const amount = leaf(credit ? item.total.abs().neg() : item.total, shown);
    const { id, number, date, due_date: due } = item;
    const kind = credit ? 'credit' : 'invoice';
    return [{ ...{ id, number, date, amount, code: shown.code, kind }, ...(!credit && { due }) }];
  });
}

/** Money received, in the currency of the document that it pays. */
function* paymentMoves(books: OwedBooks, to: string, exchange: Exchange): Steps<Move[]> {
  const codeOf = new Map<number, string>();
  yield* each(books.items, ({ id, currency }) => {
    const code = exchange.code(currency);
    if (code !== undefined) codeOf.set(id, code);
  });
  const [usual = exchange.home] = codeOf.values();
  return yield* flatMapped(yield* newestIn(books.payments ?? []), (payment): readonly Move[] => {
    const { id, date, amount, invoice, credit_note } = payment;
    if (date === undefined || date > to || amount === undefined || credit_note !== 0) return [];
    // Only a rate that is looked up counts as used.
    const shown = exchange.show(codeOf.get(invoice) ?? usual);
    return [{ id, date, kind: 'payment', amount: leaf(amount, shown).neg(), code: shown.code }];
  });
}

function* accountInCurrency(
  code: string,
  moves: readonly Move[],
  from: string,
  open: Big,
): Steps<Account & { entries: Entry[]; gap: Big }> {
  const show = (amount: Big) => money(amount, decimalsOf(code));
  const before = sum(moves.flatMap((one) => (one.date < from ? [one.amount] : [])));
  const within = moves.filter(({ date }) => date >= from);
  const of = (kind: Entry['kind']) => sum(within.flatMap((one) => (one.kind === kind ? [one.amount] : [])));
  let balance = before;
  const entries = yield* flatMapped(within, ({ date, kind, id, number, due, amount }): Entry => {
    balance = balance.plus(amount);
    return {
      ...{ date, kind, id },
      ...(number !== undefined && { number }),
      ...(due !== undefined && { due }),
      ...{ amount: show(amount), balance: show(balance) },
    };
  });
  const gap = balance.minus(open);
  return {
    ...{ currency: code, opening: show(before), invoiced: show(of('invoice')), credited: show(of('credit')) },
    ...{ paid: show(of('payment')), closing: show(balance), open_items: show(open), difference: show(gap) },
    ...{ entries, gap },
  };
}

function sentence(
  { currency, opening, invoiced, credited, paid, closing }: Account,
  name: string,
  from: string,
  to: string,
): string {
  return `${name}, ${currency} with tax: ${opening} was open before ${from}; ${invoiced} was invoiced, ${credited} credited and ${paid} paid up to ${to}; ${closing} is open.`;
}
