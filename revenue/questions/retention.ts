/** What the clients of one month are worth in a later one (`retention`). Pure: a book in, answer out. */
import type Big from 'big.js';
import { saidOfPostingIn } from '../ledger/anomalies.js';
import { saidOfDay } from '../ledger/days.js';
import { entityOf } from '../ledger/entity.js';
import { factsIn } from '../ledger/facts.js';
import type { Unread } from '../ledger/gaps.js';
import type { Book } from '../rows/book.js';
import { type History, historyIn, type Moved } from '../trend/history.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { leaf } from '../values/exchange.js';
import { Exact, money, percent, sum, ZERO } from '../values/money.js';
import { endOfMonth } from '../values/months.js';
import { inOneGo, type Steps } from '../values/steps.js';
import {
  type Asked,
  codeOfClient,
  compare,
  exchangeFor,
  type Framed,
  frame,
  naming,
  type ProofItem,
  proofOf,
} from './frame.js';

export interface RetentionAsked extends Partial<Asked> {
  /** Months, `YYYY-MM`; the balance at the end of each is compared. */
  readonly from: string;
  readonly to: string;
  /** Invoices dated later are not seen. */
  readonly as_of: string;
}

/** One client's MRR at both ends. */
export interface Pair {
  readonly client: number;
  readonly code: string;
  readonly start: Big;
  readonly end: Big;
}

/** For one currency. The cohort is the clients above zero at the start. */
export interface Retained {
  currency: string;
  start: string;
  end_same_clients: string;
  /** end_same_clients / start. */
  nrr_pct: string | null;
  /** Each client counts for no more than at the start. */
  grr_pct: string | null;
  /** Clients of the cohort that are still above zero. */
  logo_retention_pct: string | null;
  clients_start: number;
  clients_kept: number;
  /** Clients that were not above zero at the start; not part of any figure above. */
  new_clients: number;
  new_mrr: string;
}

export interface ChangedClient {
  client_id: number;
  client: string;
  currency: string;
  start: string;
  end: string;
  change: string;
  /** The causes of its movements between the two months, largest first. */
  causes: string[];
}

export interface RetentionAnswer extends Framed, Retained {
  from: string;
  to: string;
  as_of: string;
  /** Other currencies. */
  others?: Retained[];
  /** The clients of the cohort whose worth changed, largest change first. */
  changed: ChangedClient[];
}

/**
 * Point to point: what the clients at the start are worth at the end, by currency. Movements in between have no effect,
 * so what went down and came back counts as kept.
 * @throws RevenueInputError for a missing rate, or a future day
 */
export const retentionOf = inOneGo(retentionIn);

/** The same in steps. */
export function* retentionIn(book: Book, asked: RetentionAsked): Steps<RetentionAnswer> {
  const { from, to, as_of: asOf, client_id: client } = asked;
  const said = saidOfDay('retention', asOf, asked.today);
  const exchange = exchangeFor(book, asked);
  const facts = yield* factsIn(book, asOf);
  const window = { from: `${from}-01`, to: endOfMonth(`${to}-01`) };
  const history = yield* historyIn(facts, window, { on: asOf, today: asked.today }, client);
  const nameOf = naming(
    book,
    history.series.map((one) => ({ client: one.client, client_name: one.name })),
  );
  const pairs = pairsOf(history, exchange);
  const codes = [...new Set(pairs.map(({ code }) => code))].sort(
    (a, b) => Number(b === exchange.home) - Number(a === exchange.home) || compare(a, b),
  );
  const [first, ...others] = (codes.length === 0 ? [codeOfClient(book, exchange, client)] : codes).map((code) =>
    retainedOf(
      pairs.filter((pair) => pair.code === code),
      code,
    ),
  );
  if (first === undefined) throw new Error('There is at least one currency.');
  const unread: Unread[] = [
    ...history.unread.map((id) => ({ entity: entityOf('invoice', id), fields: [] })),
    ...history.unsure.map((id) => ({ entity: entityOf('recurring_invoice', id), fields: [] })),
  ];
  const whose = client === undefined ? '' : `, ${nameOf(client)}`;
  const framed = frame({
    ...{ books: book, asked, exchange, flags: [], unread, nameOf },
    method: {
      ...{ from, to, as_of: asOf },
      mrr: 'billed, and what goes on unbilled, as revenue_trend has it; at the last day of both months',
      cohort: 'clients above zero at the start, by currency; clients of one parent are not joined',
    },
    evidence: {
      cohort: proofOf(
        pairs.filter(inCohort).map(
          (pair): ProofItem => ({
            amount: pair.start,
            code: pair.code,
            item: {
              client_id: pair.client,
              client: nameOf(pair.client),
              end: money(pair.end, decimalsOf(pair.code)),
            },
          }),
        ),
      ),
    },
    sentences: [saidOfPostingIn(facts), ...[first, ...others].map((one) => sentence(one, whose, asked)), said],
    compares: true,
  });
  // What was not read may have left or stayed: a share of the rest says nothing.
  const told = (one: Retained): Retained => (framed.complete ? one : { ...one, ...NO_SHARES });
  return {
    ...framed,
    ...{ from, to, as_of: asOf },
    ...told(first),
    ...(others.length > 0 && { others: others.map(told) }),
    changed: changedOf(pairs, history.moved, asked, nameOf),
  };
}

const NO_SHARES = { nrr_pct: null, grr_pct: null, logo_retention_pct: null };

/** Both balances of each client, in the currencies they are shown in. */
function pairsOf({ series, first, months }: History, exchange: ReturnType<typeof exchangeFor>): Pair[] {
  const pairs = series.map(({ client, currency, mrr }): Pair => {
    const shown = exchange.show(currency);
    return {
      ...{ client, code: shown.code },
      ...{ start: leaf(mrr[first] ?? ZERO, shown), end: leaf(mrr[months.length - 1] ?? ZERO, shown) },
    };
  });
  // Two currencies may have been merged by conversion.
  return [...collect(pairs, ({ client, code }) => `${client} ${code}`).values()].map((some) => ({
    client: some[0]?.client ?? 0,
    code: some[0]?.code ?? '',
    start: sum(some.map(({ start }) => start)),
    end: sum(some.map(({ end }) => end)),
  }));
}

const inCohort = ({ start }: Pair): boolean => start.gt(0);
const less = (a: Big, b: Big): Big => (a.lt(b) ? a : b);

/** The retention of one currency's clients. */
export function retainedOf(pairs: readonly Pair[], code: string): Retained {
  const show = (amount: Big) => money(amount, decimalsOf(code));
  const cohort = pairs.filter(inCohort);
  const kept = cohort.filter(({ end }) => end.gt(0));
  const fresh = pairs.filter((pair) => !inCohort(pair) && pair.end.gt(0));
  const start = sum(cohort.map((pair) => pair.start));
  const end = sum(cohort.map((pair) => pair.end));
  return {
    ...{ currency: code, start: show(start), end_same_clients: show(end) },
    nrr_pct: percent(end, start),
    grr_pct: percent(sum(cohort.map((pair) => less(pair.start, pair.end))), start),
    logo_retention_pct: percent(new Exact(kept.length), new Exact(cohort.length)),
    ...{ clients_start: cohort.length, clients_kept: kept.length },
    ...{ new_clients: fresh.length, new_mrr: show(sum(fresh.map((pair) => pair.end))) },
  };
}

function changedOf(
  pairs: readonly Pair[],
  moved: readonly Moved[],
  { from, to }: RetentionAsked,
  nameOf: (client: number) => string,
): ChangedClient[] {
  const causes = collect(
    moved.filter(({ month }) => month > from && month <= to),
    ({ client }) => client,
  );
  return pairs
    .filter((pair) => inCohort(pair) && !pair.end.eq(pair.start))
    .sort((a, b) => b.end.minus(b.start).abs().cmp(a.end.minus(a.start).abs()) || a.client - b.client)
    .map(({ client, code, start, end }) => {
      const show = (amount: Big) => money(amount, decimalsOf(code));
      const own = [...(causes.get(client) ?? [])].sort((a, b) => b.amount.abs().cmp(a.amount.abs()));
      return {
        ...{ client_id: client, client: nameOf(client), currency: code },
        ...{ start: show(start), end: show(end), change: show(end.minus(start)) },
        causes: [...new Set(own.map(({ cause }) => cause))],
      };
    });
}

function sentence(one: Retained, whose: string, { from, to }: RetentionAsked): string {
  const {
    currency,
    start,
    end_same_clients,
    nrr_pct,
    grr_pct,
    clients_start,
    clients_kept,
    logo_retention_pct,
    new_clients,
    new_mrr,
  } = one;
  if (nrr_pct === null)
    return `${currency}${whose}: no client was above zero at the end of ${from}, so there is no retention.`;
  const fresh = new_clients === 0 ? '' : `; ${new_clients} new ones, worth ${new_mrr}, are in neither`;
  return `${currency}${whose}: the ${clients_start} client${clients_start === 1 ? '' : 's'} at the end of ${from} ${clients_start === 1 ? 'was' : 'were'} worth ${start} a month and ${end_same_clients} at the end of ${to}: net retention ${nrr_pct}%, gross ${grr_pct}%; ${clients_kept} of ${clients_start} ${clients_kept === 1 ? 'is' : 'are'} left (${logo_retention_pct}%)${fresh}.`;
}
