/** What is left of prepaid time and money (`prepaid_balances`). Pure: rows in, answer out. */
import type Big from 'big.js';
import { saidOfDay } from '../ledger/days.js';
import type { Unread } from '../ledger/gaps.js';
import { newest } from '../rows/documents.js';
import type { PrepayRow } from '../rows/prepay.js';
import type { Work, WorkTicket } from '../rows/work.js';
import { daysAfter } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { money, sum, ZERO } from '../values/money.js';
import { flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { type Asked, type Books, compare, exchangeFor, type Framed, frame, naming, type Said } from './frame.js';
import { type Figures, type PrepaidFigures, show, totalOf } from './prepaid-figures.js';
import { balanceOf, runOf, UNITS, type Unit, type Use } from './prepaid-run.js';
import { sentence } from './prepaid-sentence.js';
import { currencies, eachOnce, keepsAccount } from './work-facts.js';

/** The data it is computed from. */
export interface PrepaidBooks extends Books {
  readonly ledger: readonly PrepayRow[];
  readonly work: readonly Work[];
  readonly tickets: readonly WorkTicket[];
  readonly found: string;
}

export interface PrepaidAsked extends Partial<Asked> {
  readonly as_of: string;
  /** The days within which upcoming expiries are reported. */
  readonly expiring_within: number;
}

export interface Block {
  id: number;
  client_id: number;
  client: string;
  bought: string;
  expires?: string;
  unit: Unit;
  currency?: string;
  size: string;
  left: string;
}

export interface PrepaidAnswer extends Framed {
  as_of: string;
  clients: { client_id: number; name: string; currencies: Record<string, PrepaidFigures> }[];
  blocks: Block[];
  totals: Record<string, PrepaidFigures>;
}

/**
 * What each client has left. Hours and money are never added together. Usage is the sum of the prepaid hours of
 * actions, taken first from what expires first.
 */
export const prepaidOf = inOneGo(prepaidIn);

/** The same in steps. */
export function* prepaidIn(books: PrepaidBooks, asked: PrepaidAsked): Steps<PrepaidAnswer> {
  const { as_of: asOf, client_id: client, expiring_within: days } = asked;
  const exchange = exchangeFor(books, asked);
  const currencyOf = currencies(books, exchange);
  const nameOf = naming(books, [...books.ledger, ...books.tickets]);
  const [unread, flags]: [Unread[], Said[]] = [[], []];
  const ledger = newest(books.ledger).filter(({ date }) => date === undefined || date <= asOf);
  for (const { id, unread: fields, date } of ledger)
    if (fields.length > 0 || date === undefined)
      unread.push({ entity: { kind: 'prepay', id }, fields: fields.length > 0 ? fields : ['date'] });
  const readable = ledger.filter((row) => row.unread.length === 0 && row.date !== undefined);
  const bought = collect(readable, (row) => row.client);
  yield;
  const uses = yield* usesOf(books, asOf, unread, flags);
  const owners = new Set([...bought.keys(), ...uses.keys()]);
  if (client !== undefined) owners.add(client);
  const soon = daysAfter(asOf, days);
  const rows: { client: number; code: string; figures: Figures }[] = [];
  const blocks: Block[] = [];
  for (const owner of [...owners].filter((id) => client === undefined || id === client).sort((a, b) => a - b)) {
    yield;
    const shown = currencyOf(owner);
    if (shown === undefined) {
      unread.push({ entity: { kind: 'client', id: owner }, fields: ['currency'] });
      continue;
    }
    const own = bought.get(owner) ?? [];
    const used = uses.get(owner) ?? [];
    const runs = { hours: runOf(own, used, 'hours', asOf), money: runOf(own, used, 'money', asOf) };
    const figures: Figures = { ...runs, soon: { hours: ZERO, money: ZERO }, next: undefined };
    for (const unit of UNITS)
      for (const { row, size, left } of runs[unit].blocks) {
        if (left.lte(0)) continue;
        const { id, date = '', expires } = row;
        const decimals = unit === 'hours' ? 2 : decimalsOf(shown.code);
        const rate = unit === 'hours' ? 1 : shown.rate;
        blocks.push({
          ...{ id, client_id: owner, client: nameOf(owner), bought: date, ...(expires !== undefined && { expires }) },
          ...{ unit, ...(unit === 'money' && { currency: shown.code }) },
          ...{ size: money(size.times(rate), decimals), left: money(left.times(rate), decimals) },
        });
        if (expires === undefined) continue;
        if (figures.next === undefined || expires < figures.next) figures.next = expires;
        if (expires > soon) continue;
        figures.soon[unit] = figures.soon[unit].plus(left);
        flags.push({
          code: 'prepay_expiring',
          entity: { kind: 'prepay', id },
          client: owner,
          ref: `${money(left, decimals)} ${unit === 'hours' ? 'hours' : shown.code} on ${expires}`,
        });
      }
    for (const unit of UNITS) {
      const balance = balanceOf(runs[unit]);
      const gap = balance.minus(sum(runs[unit].blocks.map(({ left }) => left)));
      const said = { entity: { kind: 'client' as const, id: owner }, client: owner };
      const inWords = (amount: Big) => `${money(amount, 2)} ${unit === 'hours' ? 'hours' : shown.code}`;
      if (balance.lt(0)) flags.push({ ...said, code: 'prepay_below_zero', ref: inWords(balance) });
      else if (!gap.eq(0)) flags.push({ ...said, code: 'prepay_blocks_differ', ref: inWords(gap) });
    }
    rows.push({ client: owner, code: shown.code, figures });
  }
  blocks.sort((a, b) => compare(a.expires ?? '9999', b.expires ?? '9999') || a.id - b.id);
  const codes = [...new Set(rows.map(({ code }) => code))];
  const totals = new Map(
    codes.map((code) => [code, totalOf(rows.filter((row) => row.code === code).map(({ figures }) => figures))]),
  );
  const whose = client === undefined ? '' : ` of ${nameOf(client)}`;
  const unknown = bought.size > 0 && !saysUse(books.work) ? [USE_UNKNOWN] : [];
  return {
    ...frame({
      books: {
        ...books,
        complete: books.complete && unknown.length === 0,
        reason: [...(books.reason ?? []), ...unknown],
      },
      ...{ asked, exchange, flags, unread, nameOf },
      method: {
        ...{ as_of: asOf, expiring_within_days: days, found: books.found },
        balance: 'bought - taken off by hand - used - expired; what expires first is used first',
        used: 'prepaid hours (or money) of actions: the ledger of Halo does not hold them',
        grain: 'client: rows of the ledger name no contract',
      },
      evidence: {},
      sentences: [
        ...(rows.length === 0 ? [`No prepaid time or money${whose} is known on ${asOf}.`] : []),
        ...[...totals].map(([code, all]) => {
          const each = rows.filter((row) => row.code === code).map(({ figures }) => figures);
          return sentence(code, all, each, whose, asked);
        }),
        saidOfDay('prepaid_balances', asOf, asked.today),
      ],
    }),
    as_of: asOf,
    clients: rows.map(({ client: id, code, figures }) => ({
      client_id: id,
      name: nameOf(id),
      currencies: { [code]: show(figures, code) },
    })),
    blocks,
    totals: Object.fromEntries([...totals].map(([code, all]) => [code, show(all, code)])),
  };
}

/** Whether actions say what they drew from prepaid time or money. */
const saysUse = (work: readonly Work[]): boolean =>
  keepsAccount(work) || work.some(({ prepaid_money: drawn }) => drawn?.eq(0) === false);

const USE_UNKNOWN =
  'no charge, agreement or prepaid hours are recorded on any work since the first purchase, so what was used of prepaid time is unknown';

/** The fields of an action that say what it used, and whose. */
const USE_FIELDS = ['actionprepayhours', 'actionprepayamount', 'defprepayamount', 'datetime', 'ticket_id'];

/** What each client used, in order of time. */
function* usesOf(
  { work, tickets }: PrepaidBooks,
  asOf: string,
  unread: Unread[],
  flags: Said[],
): Steps<Map<number, Use[]>> {
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const uses = yield* flatMapped(eachOnce(work), (one) => {
    const [hours, amount] = [one.prepaid ?? ZERO, one.prepaid_money ?? ZERO];
    // An action that says nothing of any hours may have drawn on prepaid ones.
    const silent = one.prepaid === undefined && one.prepaid_money === undefined;
    const matter = [...USE_FIELDS, ...(silent ? ['timetaken'] : [])];
    const gaps = one.unread.filter((field) => matter.includes(field));
    if (hours.eq(0) && amount.eq(0) && gaps.length === 0) return [];
    const ticket = ticketOf.get(one.ticket)?.client === 0 ? undefined : ticketOf.get(one.ticket);
    if (gaps.length > 0 || ticket === undefined || one.date === undefined) {
      unread.push({ entity: { kind: 'ticket', id: one.ticket }, fields: gaps.length > 0 ? gaps : ['client'] });
      if (ticket === undefined) flags.push({ code: 'time_not_placed', entity: `action:${one.ticket}/${one.id}` });
      return [];
    }
    return one.date > asOf ? [] : [{ client: ticket.client, use: { date: one.date, hours, money: amount } }];
  });
  const byClient = collect(uses, ({ client }) => client);
  return new Map(
    [...byClient].map(([client, own]) => [client, own.map(({ use }) => use).sort((a, b) => compare(a.date, b.date))]),
  );
}
