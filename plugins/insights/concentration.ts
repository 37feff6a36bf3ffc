/** How much of what was billed depends on few clients. Pure: a book in, rows out. */
import type Big from 'big.js';
import { addUp, billedNotes, type Proof, proofOf } from '../../revenue/halo/index.js';
import {
  type Book,
  type ClientLedger,
  decimalsOf,
  type Figures,
  inOneGo,
  money,
  netOfClass,
  type Params,
  percent,
  postIn,
  type Steps,
  saidOfWindow,
  sum,
  totalNet,
} from '../../revenue/index.js';

export interface RankedClient {
  currency: string;
  rank: number;
  client_id: number;
  client: string;
  total_net: string;
  share_pct: string | null;
  /** This client and all before it. */
  cumulative_pct: string | null;
  recurring_net: string;
  recurring_share_pct: string | null;
}

/** B3: the shares of one currency cover clients above zero; those at or below zero have none. */
export interface Concentration {
  /** All clients, as in revenue_breakdown. */
  total_net: string;
  recurring_share_pct: string | null;
  clients: number;
  clients_below_zero: number;
  below_zero_net: string;
  top_1_pct: string | null;
  top_3_pct: string | null;
  top_10_pct: string | null;
  /** The share of as many clients as were asked for. */
  top_pct: string | null;
  /** Herfindahl-Hirschman index: the sum of the squared percentage shares; 10000 if there is only one client. */
  hhi: number | null;
}

export interface ConcentrationAnswer extends Proof {
  from: string;
  to: string;
  top: number;
  clients: RankedClient[];
  totals: Record<string, Concentration>;
}

const METHOD =
  'Shares of the net billed to clients above zero in the window, by currency and client, by the rules of revenue_breakdown; each client counts by itself, so those of one parent (top level) are not joined, as a top level is often one folder for all customers.';

interface Entry {
  client: ClientLedger;
  figures: Figures;
  net: Big;
}

/** The largest clients of each currency and how concentrated it is; no shares if the book is incomplete. */
export const concentrationOf = inOneGo(concentrationIn);

/** The same in steps. */
export function* concentrationIn(book: Book, params: Params, top: number): Steps<ConcentrationAnswer> {
  const ledger = yield* postIn(book, params);
  const proof = proofOf(METHOD, ledger, {
    billed: true,
    notes: [saidOfWindow(params, params.today), ...billedNotes(ledger)],
  });
  const clients: RankedClient[] = [];
  const totals: Record<string, Concentration> = {};
  for (const [code, figures] of ledger.totals) {
    const all = ledger.clients.flatMap((client) => entryOf(client, code));
    const ranked = all
      .filter(({ net }) => net.gt(0))
      .sort((a, b) => b.net.cmp(a.net) || a.client.client - b.client.client);
    const nets = ranked.map(({ net }) => net);
    clients.push(...ranked.slice(0, top).map((entry, index) => rowOf(entry, index, nets, code, proof.complete)));
    const below = all.map(({ net }) => net).filter((net) => net.lt(0));
    if (!proof.complete || (nets.length === 0 && below.length === 0)) continue;
    totals[code] = {
      total_net: money(totalNet(figures), decimalsOf(code)),
      recurring_share_pct: recurringShare(figures),
      clients: nets.length,
      clients_below_zero: below.length,
      below_zero_net: addUp(below, code),
      top_1_pct: topShare(nets, 1),
      top_3_pct: topShare(nets, 3),
      top_10_pct: topShare(nets, 10),
      top_pct: topShare(nets, top),
      hhi: hhiOf(nets),
    };
  }
  return { ...proof, from: params.from, to: params.to, top, clients, totals };
}

function entryOf(client: ClientLedger, code: string): Entry[] {
  const figures = client.figures.get(code);
  if (figures === undefined) return [];
  const net = totalNet(figures);
  return net.eq(0) ? [] : [{ client, figures, net }];
}

/** As in revenue_breakdown. */
const recurringShare = (figures: Figures) => percent(netOfClass(figures.billed.recurring), totalNet(figures));

function rowOf({ client, figures, net }: Entry, index: number, nets: Big[], code: string, whole: boolean) {
  return {
    currency: code,
    rank: index + 1,
    client_id: client.client,
    client: client.name,
    total_net: money(net, decimalsOf(code)),
    share_pct: whole ? percent(net, sum(nets)) : null,
    cumulative_pct: whole ? topShare(nets, index + 1) : null,
    recurring_net: money(netOfClass(figures.billed.recurring), decimalsOf(code)),
    recurring_share_pct: whole ? recurringShare(figures) : null,
  };
}

/** The percentage of the first few amounts in the total, with the amounts ordered largest first. */
export function topShare(nets: readonly Big[], count: number): string | null {
  return percent(sum(nets.slice(0, count)), sum(nets));
}

/** 0 to 10000, whole; null if there is nothing to share. Amounts are above zero. */
export function hhiOf(nets: readonly Big[]): number | null {
  const whole = sum(nets);
  if (whole.eq(0)) return null;
  const squares = sum(nets.map((net) => net.times(net)));
  return squares.times(10_000).div(whole.times(whole)).round(0).toNumber();
}
