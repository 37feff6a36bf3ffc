/** Chargeable work that is on no posted invoice (`uninvoiced_time`). Pure: rows in, answer out. */
import type Big from 'big.js';
import { saidOfDay } from '../ledger/days.js';
import { BOOK } from '../ledger/entity.js';
import type { Unread } from '../ledger/gaps.js';
import type { OpenItem } from '../rows/open-items.js';
import type { Unbilled } from '../rows/orders.js';
import type { Work, WorkTicket } from '../rows/work.js';
import { daysBetween } from '../values/calendar.js';
import { decimalsOf } from '../values/currency.js';
import { leaf, type Shown } from '../values/exchange.js';
import { money, ZERO } from '../values/money.js';
import { each, inOneGo, type Steps } from '../values/steps.js';
import { ByClient, type ClientFigures } from './by-client.js';
import {
  type Asked,
  type Books,
  codeOfClient,
  exchangeFor,
  type Framed,
  frame,
  naming,
  type ProofItem,
  proofOf,
  type Said,
} from './frame.js';
import { capital, LISTS, takes } from './takes.js';
import { currencies, eachOnce, type Holder, holders, keepsAccount } from './work-facts.js';
import { AGES, type Age, addWork, ageOf, noWork, type WorkFigures } from './work-figures.js';

/** The data it is computed from. */
export interface WorkBooks extends Books {
  readonly work: readonly Work[];
  readonly tickets: readonly WorkTicket[];
  /** The headers of the documents that work names. */
  readonly documents: readonly OpenItem[];
  /** How the work was found, in words. */
  readonly found: string;
  /** Undefined if their scope is not on. */
  readonly milestones?: readonly Unbilled[] | undefined;
  readonly order_lines?: readonly Unbilled[] | undefined;
}

export interface WorkAsked extends Partial<Asked> {
  readonly as_of: string;
  readonly from: string;
}

interface Amounts {
  hours: string;
  amount: string;
}

export interface Uninvoiced extends Amounts {
  /** The part of `hours` that has no price. */
  unpriced_hours: string;
  /** `amount` by days since the work. */
  age: Record<Age, string>;
  on_draft: Amounts;
  /** Not part of `hours`: travel has its own invoice number. */
  travel: Amounts;
  milestones: string | null;
  order_lines: string | null;
}

export interface UninvoicedAnswer extends Framed {
  as_of: string;
  from: string;
  clients: { client_id: number; name: string; currencies: Record<string, Uninvoiced> }[];
  totals: Record<string, Uninvoiced>;
}

/** What every step that posts work receives. */
interface Posting {
  readonly asked: WorkAsked;
  readonly figures: ByClient<WorkFigures>;
  readonly ticketOf: (id: number) => WorkTicket | undefined;
  readonly holderOf: (ref: string | undefined) => Holder;
  readonly currencyOf: (client: number) => Shown | undefined;
  readonly nameOf: (client: number) => string;
  /** Whether this Halo records what is charged, covered or prepaid. */
  readonly kept: boolean;
  readonly flags: Said[];
  readonly unread: Unread[];
  readonly proof: ProofItem[];
}

/**
 * Chargeable hours that are on no posted invoice, by the client served. Agreement and prepaid hours are not to be
 * invoiced; hours without a price are counted but never priced.
 */
export const uninvoicedOf = inOneGo(uninvoicedIn);

/** The same in steps. */
export function* uninvoicedIn(books: WorkBooks, asked: WorkAsked): Steps<UninvoicedAnswer> {
  const { as_of: asOf, from, client_id: client } = asked;
  const exchange = exchangeFor(books, asked);
  const tickets = new Map(books.tickets.map((ticket) => [ticket.id, ticket]));
  const work = eachOnce(books.work).filter(({ date }) => date === undefined || (date >= from && date <= asOf));
  const posting: Posting = {
    ...{ asked, kept: keepsAccount(work), flags: [], unread: [], proof: [] },
    figures: new ByClient<WorkFigures>(noWork, exchange.home),
    // A ticket without a client can't be placed, and neither can its work.
    ticketOf: (id) => (tickets.get(id)?.client === 0 ? undefined : tickets.get(id)),
    holderOf: holders(books.documents, asOf),
    currencyOf: currencies(books, exchange),
    nameOf: naming(books, books.tickets),
  };
  yield* each(work, (one) => postWork(one, posting));
  yield* each([...(books.milestones ?? []), ...(books.order_lines ?? [])], (one) => postUnbilled(one, posting));
  const { figures, nameOf, flags, unread, proof, kept } = posting;
  const ranked = figures.ranked(({ amount }) => amount, client, codeOfClient(books, exchange, client));
  flags.push(...ranked.flatMap(flagsOf));
  if (!kept) flags.push({ code: 'hours_without_account', entity: BOOK });
  const codes = figures.codes();
  const totals = new Map(codes.map((code) => [code, figures.in(code).reduce(addWork, noWork())]));
  const looked = { milestones: books.milestones !== undefined, order_lines: books.order_lines !== undefined };
  const not = LISTS.filter(({ list }) => books[list] === undefined);
  const whose = client === undefined ? '' : ` for ${nameOf(client)}`;
  return {
    ...frame({
      ...{ books, asked, exchange, flags, unread, nameOf },
      method: {
        ...{ as_of: asOf, from, found: books.found },
        hours: kept
          ? 'charge hours'
          : 'hours worked: this Halo keeps no account of what is charged, covered or prepaid',
        currency: "the client's, as Halo names none for time",
        not_looked_at: ['items issued on tickets', ...not.map(({ what }) => what)],
      },
      evidence: { unbilled: proofOf(proof) },
      sentences: [
        ...(codes.length === 0 ? [`No chargeable work${whose} is left to invoice on ${asOf}.`] : []),
        ...codes.map((code) => sentence(code, totals.get(code) ?? noWork(), whose, { ...asked, kept }, looked)),
        kept
          ? ''
          : `${WITHOUT_ACCOUNT} Hours worked are taken, and what agreements or prepaid time cover is not left out.`,
        ...not.map(({ what, scope }) => `${capital(what)} not looked at: ${takes(scope)}.`),
        saidOfDay('uninvoiced_time', asOf, asked.today),
      ],
    }),
    ...{ as_of: asOf, from },
    clients: ranked.map(({ client: id, byCode }) => ({
      client_id: id,
      name: nameOf(id),
      currencies: Object.fromEntries([...byCode].map(([code, own]) => [code, show(own, code, looked)])),
    })),
    totals: Object.fromEntries([...totals].map(([code, all]) => [code, show(all, code, looked)])),
  };
}

/** The fields of a ticket that say whether its work is to be billed. */
const BILLABLE: readonly string[] = ['isbillable', 'dontinvoice'];

function postWork(one: Work, posting: Posting): void {
  const { asked, figures, ticketOf, currencyOf, unread } = posting;
  const hours = hoursOf(one, posting.kept);
  const travel = one.travel ?? ZERO;
  if (hours.eq(0) && travel.eq(0) && one.unread.length === 0) return;
  const ticket = ticketOf(one.ticket);
  if (asked.client_id !== undefined && ticket !== undefined && ticket.client !== asked.client_id) return;
  const gaps = [
    ...one.unread,
    ...(ticket === undefined ? ['client'] : ticket.unread.filter((field) => BILLABLE.includes(field))),
    ...(one.date === undefined ? ['datetime'] : []),
  ];
  if (gaps.length > 0) unread.push({ entity: { kind: 'ticket', id: one.ticket }, fields: [...new Set(gaps)] });
  if (ticket === undefined) posting.flags.push({ code: 'time_not_placed', entity: labelOf(one) });
  if (ticket === undefined || one.date === undefined || ticket.not_billable) return;
  const shown = currencyOf(ticket.client);
  if (shown === undefined) {
    unread.push({ entity: { kind: 'client', id: ticket.client }, fields: ['currency'] });
    return;
  }
  const own = figures.of(ticket.client, shown.code);
  if (!hours.eq(0)) postHours(one, one.date, hours, { client: ticket.client, shown, own }, posting);
  if (travel.eq(0) || ['posted', 'draft'].includes(posting.holderOf(one.travel_invoice))) return;
  own.travel = own.travel.plus(travel);
  own.travel_amount = own.travel_amount.plus(leaf(one.travel_amount ?? ZERO, shown));
}

const labelOf = ({ ticket, id }: Work) => `action:${ticket}/${id}`;

function postHours(
  one: Work,
  date: string,
  hours: Big,
  { client, shown, own }: { client: number; shown: Shown; own: WorkFigures },
  { asked, holderOf, nameOf, flags, proof }: Posting,
): void {
  const price = leaf(one.amount ?? ZERO, shown);
  const amount = { amount: price, code: shown.code };
  const holder = holderOf(one.invoice);
  if (holder === 'posted') return;
  if (holder === 'missing')
    flags.push({ code: 'charged_invoice_missing', entity: labelOf(one), client, ref: one.invoice, amount });
  if (holder === 'draft') {
    own.draft_hours = own.draft_hours.plus(hours);
    own.draft_amount = own.draft_amount.plus(price);
    return;
  }
  if (price.eq(0) && one.no_charge) return;
  own.hours = own.hours.plus(hours);
  own.amount = own.amount.plus(price);
  if (price.eq(0)) own.unpriced = own.unpriced.plus(hours);
  const age = ageOf(daysBetween(date, asked.as_of));
  own.age[age] = own.age[age].plus(price);
  const item = { ticket_id: one.ticket, action_id: one.id, client_id: client, client: nameOf(client) };
  proof.push({ ...amount, item: { ...item, date, hours: hoursText(hours) } });
}

function postUnbilled(one: Unbilled, { asked, figures, currencyOf, nameOf, flags, unread, proof }: Posting): void {
  // Its client may be the field that can't be read.
  if (asked.client_id !== undefined && one.client !== asked.client_id && !one.unread.includes('client_id')) return;
  if (one.unread.length > 0) {
    const kind = one.kind === 'milestone' ? 'project' : 'order';
    unread.push({ entity: { kind, id: one.of }, fields: one.unread });
    return;
  }
  const shown = currencyOf(one.client);
  const entity = `${one.kind}:${one.id}`;
  if (shown === undefined || one.left === undefined) {
    flags.push({ code: 'unbilled_unpriced', entity, client: one.client, ref: one.name });
    if (shown === undefined) unread.push({ entity: { kind: 'client', id: one.client }, fields: ['currency'] });
    return;
  }
  const own = figures.of(one.client, shown.code);
  const left = leaf(one.left, shown);
  const sum = one.kind === 'milestone' ? 'milestones' : 'order_lines';
  own[sum] = own[sum].plus(left);
  const item = { [one.kind]: one.id, of: one.of, name: one.name, client_id: one.client, client: nameOf(one.client) };
  proof.push({ amount: left, code: shown.code, item });
}

/** Flags for a client as a whole. */
function flagsOf({ client, byCode }: ClientFigures<WorkFigures>): Said[] {
  const said = { client, entity: `client:${client}` };
  return [...byCode].flatMap(([code, { unpriced, draft_hours, draft_amount: amount }]): Said[] => [
    ...(unpriced.gt(0) ? [{ ...said, code: 'hours_unpriced' as const, ref: `${hoursText(unpriced)} hours` }] : []),
    ...(draft_hours.gt(0) ? [{ ...said, code: 'time_on_draft' as const, amount: { amount, code } }] : []),
  ]);
}

const WITHOUT_ACCOUNT = 'No charge, agreement or prepaid hours are recorded on any of this work.';

/** Chargeable hours. */
function hoursOf({ charge, hours, billable, no_charge }: Work, kept: boolean): Big {
  if (kept) return charge ?? ZERO;
  return billable && !no_charge ? (hours ?? ZERO) : ZERO;
}

/** Hours as people write them, to two decimals. */
const hoursText = (hours: Big) => hours.toFixed(2);

interface Looked {
  readonly milestones: boolean;
  readonly order_lines: boolean;
}

function show(own: WorkFigures, code: string, looked: Looked): Uninvoiced {
  const shown = (amount: Big) => money(amount, decimalsOf(code));
  return {
    hours: hoursText(own.hours),
    amount: shown(own.amount),
    unpriced_hours: hoursText(own.unpriced),
    age: Object.fromEntries(AGES.map((age) => [age, shown(own.age[age])])) as Record<Age, string>,
    on_draft: { hours: hoursText(own.draft_hours), amount: shown(own.draft_amount) },
    travel: { hours: hoursText(own.travel), amount: shown(own.travel_amount) },
    milestones: looked.milestones ? shown(own.milestones) : null,
    order_lines: looked.order_lines ? shown(own.order_lines) : null,
  };
}

function sentence(
  code: string,
  own: WorkFigures,
  whose: string,
  { as_of, from, kept }: WorkAsked & { kept: boolean },
  looked: Looked,
): string {
  const figures = show(own, code, looked);
  const unpriced = own.unpriced.gt(0) ? ` (${figures.unpriced_hours} hours of them have no price)` : '';
  const worth =
    own.unpriced.gt(0) && own.unpriced.eq(own.hours) && own.amount.eq(0)
      ? 'without a price in Halo'
      : `worth ${figures.amount}${unpriced}`;
  const charged = kept ? 'to be charged and on no invoice' : 'billable and on no invoice';
  const parts = [`${code}: ${figures.hours} hours of work from ${from} to ${as_of}${whose} are ${charged}, ${worth}`];
  if (own.draft_hours.gt(0))
    parts.push(`${figures.on_draft.hours} hours more, ${figures.on_draft.amount}, are on drafts`);
  if (own.travel.gt(0))
    parts.push(`travel of ${figures.travel.hours} hours, ${figures.travel.amount}, is not invoiced`);
  if (!own.milestones.eq(0)) parts.push(`milestones of ${figures.milestones} are still to be billed`);
  if (!own.order_lines.eq(0)) parts.push(`order lines of ${figures.order_lines} are still to be billed`);
  return `${parts.join('; ')}.`;
}
