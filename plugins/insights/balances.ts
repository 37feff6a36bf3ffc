/**
 * Billed MRR: what posted invoices say a client paid per month at each month's end. Recurring invoices have no history,
 * so it is rebuilt from the service periods of what they billed.
 */
import type Big from 'big.js';
import {
  clientOfLine,
  codeOf,
  decimalsOf,
  endOfMonth,
  type Facts,
  type Invoice,
  invoiceWindow,
  monthsIn,
  type Period,
  type Piece,
  round,
  type Span,
  standing,
  sum,
  ZERO,
} from '../../revenue/index.js';
import { perMonthOf, serviceOf } from './service.js';

/** What one client was billed per month in one currency, at the end of each of `months`. */
export interface Series {
  client: number;
  name: string | undefined;
  currency: string;
  balances: Big[];
}

export interface Balances {
  /** From five years before the window to its end, so that what comes back is told from what is new. */
  months: string[];
  series: Series[];
  /** Documents that could not be read whole. */
  unread: number[];
  /** How many documents have a billing period but name no service period. */
  dated: number;
  /** How many documents of the window have neither, so that their recurring lines are in no balance. */
  timeless: number;
}

/** The balances of all clients, or of one, for the months of a window and those before it. */
export function balancesOf(facts: Facts, window: Span, client?: number): Balances {
  const months = monthsIn({ from: invoiceWindow(window, 'service_period').from, to: window.to });
  const ends = months.map((month) => endOfMonth(`${month}-01`));
  const byKey = new Map<string, Series>();
  const seen = { unread: new Set<number>(), dated: new Set<number>(), timeless: new Set<number>() };
  for (const { invoice, owner, service, monthly, currency, unread } of partsOf(facts)) {
    if (client !== undefined && owner !== client) continue;
    const inWindow = (invoice.date ?? '') >= window.from && (invoice.date ?? '') <= window.to;
    if (service === undefined && inWindow) seen.timeless.add(invoice.id);
    if (service === undefined) continue;
    const covered = ends.flatMap((end, index) => (end >= service.from && end <= service.to ? [index] : []));
    if (covered.length === 0) continue;
    if (unread) seen.unread.add(invoice.id);
    if (currency === undefined) continue;
    if (!service.named) seen.dated.add(invoice.id);
    const key = `${owner} ${currency}`;
    const name = facts.clients.get(owner)?.name ?? (owner === invoice.client ? invoice.client_name : undefined);
    const own = byKey.get(key) ?? { client: owner, name, currency, balances: months.map(() => ZERO) };
    byKey.set(key, own);
    const leaf = round(monthly, decimalsOf(currency));
    for (const index of covered) own.balances[index] = leaf.plus(own.balances[index] ?? ZERO);
  }
  const { unread, dated, timeless } = seen;
  return { months, series: [...byKey.values()], unread: [...unread], dated: dated.size, timeless: timeless.size };
}

/** What one document bills one client by one billing period. */
interface Part {
  invoice: Invoice;
  owner: number;
  /** Undefined where nothing says for how long it pays. */
  service: ReturnType<typeof serviceOf>;
  monthly: Big;
  /** Undefined where /Currency does not know it. */
  currency: string | undefined;
  unread: boolean;
}

function* partsOf(facts: Facts): Generator<Part> {
  const periods = new Map(facts.templates.map(({ id, period }) => [id, period]));
  const metered = new Set(
    facts.templates.flatMap(({ lines }) => lines.filter(({ meter }) => meter).map(({ id }) => id)),
  );
  const undone = creditedInFull(facts);
  for (const invoice of facts.invoices) {
    if (!isBilled(invoice) || facts.classed(invoice).credit || undone.has(invoice.id)) continue;
    const groups = new Map<string, { owner: number; period: Period | undefined; pieces: Piece[] }>();
    for (const piece of facts.classed(invoice).pieces) {
      if (!isRunRate(piece) || metered.has(piece.line.template_line)) continue;
      const owner = clientOfLine(piece.line, invoice, 'service_client');
      const period = periods.get(piece.template) ?? piece.line.period;
      const key = `${owner} ${period?.code}`;
      const group = groups.get(key) ?? { owner, period, pieces: [] };
      group.pieces.push(piece);
      groups.set(key, group);
    }
    const currency = codeOf(invoice.currency, facts.currencies);
    for (const { owner, period, pieces } of groups.values()) {
      const service = serviceOf(invoice, period);
      const amount = sum(pieces.map((piece) => piece.amount));
      const monthly = service === undefined ? amount : perMonthOf(amount, service, period);
      const unread = currency === undefined || pieces.some(({ line }) => line.unreadable);
      yield { invoice, owner, service, monthly, currency, unread };
    }
  }
}

const isBilled = (invoice: Invoice) => standing(invoice) === 'document' && invoice.posted && invoice.date !== undefined;

/** Recurring, less pro-rata and usage: what comes again at the same price (M2, M7). */
const isRunRate = (piece: Piece) =>
  piece.class === 'recurring' && piece.rule !== 'C4' && piece.line.pro_rata === 0 && !piece.line.meter;

/** Invoices whose recurring lines were credited whole: as if never billed. Other credits change no price. */
function creditedInFull(facts: Facts): Set<number> {
  const recurring = (invoice: Invoice) =>
    sum(facts.classed(invoice).pieces.map((piece) => (piece.class === 'recurring' ? piece.amount : ZERO)));
  const left = new Map<number, Big>();
  const byId = new Map(facts.invoices.map((invoice) => [invoice.id, invoice]));
  for (const credit of facts.invoices) {
    const credited = byId.get(credit.credited_invoice);
    if (credited === undefined || !isBilled(credit) || !facts.classed(credit).credit) continue;
    left.set(credited.id, (left.get(credited.id) ?? recurring(credited)).plus(recurring(credit)));
  }
  return new Set([...left].filter(([, rest]) => rest.round(6).lte(0)).map(([id]) => id));
}
