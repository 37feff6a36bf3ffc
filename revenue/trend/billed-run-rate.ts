/** The billed run rate of a day: the recurring price per month on that day, according to posted documents. */
import type Big from 'big.js';
import type { Facts } from '../ledger/facts.js';
import { monthsAfter } from '../values/calendar.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { round, sum, ZERO } from '../values/money.js';
import { repeats } from '../values/periods.js';
import { flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { pricesOn } from './subscription.js';
import { type Subscriptions, subscriptionsIn } from './subscriptions.js';

/** How far back documents are read for one day: a year, plus a month in which it may be billed late. */
export const LOOK_BACK_MONTHS = 13;

/** What one client pays per month on a day, in one currency; both amounts are sums rounded per template. */
export interface DayPrice {
  readonly client: number;
  readonly name: string | undefined;
  readonly currency: string;
  readonly billed: Big;
  /** T2: what continues after its last bill while its template is active. */
  readonly not_billed: Big;
  /** The documents that bill it. */
  readonly documents: readonly number[];
}

export interface BilledRunRate {
  readonly day: string;
  readonly clients: readonly DayPrice[];
  /** By currency. */
  readonly totals: ReadonlyMap<string, { readonly billed: Big; readonly not_billed: Big }>;
  /** Documents that cover the day but could not be read completely, so that the result is not complete. */
  readonly unread: readonly number[];
  /** The first day of the documents that were read. */
  readonly from: string;
  /** Templates billed less often than the look-back is long: earlier bills are not seen. */
  readonly cut: readonly number[];
}

/**
 * The billed run rate of a day, from the invoices whose service period covers it (T1-T6), by client and currency. The
 * book needs the invoices from `LOOK_BACK_MONTHS` before the day on.
 * @param client answers only this client
 */
export const billedRunRate = inOneGo(billedRunRateIn);

/** The same in steps. */
export function* billedRunRateIn(
  facts: Facts,
  day: string,
  { client }: { client?: number | undefined } = {},
): Steps<BilledRunRate> {
  const from = monthsAfter(day, -LOOK_BACK_MONTHS);
  const all = yield* pricesOfDay(yield* subscriptionsIn(facts, { from }), day);
  const clients = all.filter((one) => !client || one.client === client);
  const known = clients.filter((one) => one.currency !== undefined) as DayPrice[];
  const totals = [...collect(known, ({ currency }) => currency)].map(
    ([code, some]) =>
      [
        code,
        { billed: sum(some.map((one) => one.billed)), not_billed: sum(some.map((one) => one.not_billed)) },
      ] as const,
  );
  const long = facts.templates.filter(
    ({ period, disabled, start, client: owner }) =>
      repeats(period) &&
      (period.months ?? 0) > LOOK_BACK_MONTHS &&
      !disabled &&
      (start === undefined || start < from) &&
      (!client || owner === client),
  );
  return {
    day,
    clients: known,
    totals: new Map(totals),
    unread: [...new Set(clients.flatMap(({ unread }) => unread))],
    from,
    cut: long.map(({ id }) => id),
  };
}

/** By client and currency. Rows with an unknown currency hold only what could not be read. */
function* pricesOfDay(
  { all, doubtful }: Subscriptions,
  day: string,
): Steps<(Omit<DayPrice, 'currency'> & { currency: string | undefined; unread: readonly number[] })[]> {
  const rows = yield* flatMapped(all, (subscription) =>
    [...collect(pricesOn(subscription, day), ({ price: { owner, currency } }) => `${owner} ${currency}`).values()].map(
      (some) => {
        const [first] = some;
        const decimals = decimalsOf(first?.price.currency ?? '');
        const of = (wanted: (billed: boolean) => boolean) =>
          sum(some.flatMap(({ price, billed }) => (wanted(billed) ? [price.monthly] : [])));
        const billed = round(of(Boolean), decimals);
        return {
          client: first?.price.owner ?? 0,
          name: some.find(({ price }) => price.owner_name !== undefined)?.price.owner_name,
          currency: first?.price.currency,
          billed,
          not_billed: round(
            of(() => true),
            decimals,
          ).minus(billed),
          documents: [...new Set(some.map(({ price }) => price.document))],
          unread: some.flatMap(({ price }) =>
            price.unreadable || price.currency === undefined || doubtful.has(price) ? [price.document] : [],
          ),
        };
      },
    ),
  );
  return [...collect(rows, ({ client, currency }) => `${client} ${currency}`).values()].map((some) => ({
    client: some[0]?.client ?? 0,
    name: some.find(({ name }) => name !== undefined)?.name,
    currency: some[0]?.currency,
    billed: some.reduce((total, { billed }) => total.plus(billed), ZERO),
    not_billed: some.reduce((total, { not_billed }) => total.plus(not_billed), ZERO),
    documents: some.flatMap(({ documents }) => documents),
    unread: some.flatMap(({ unread }) => unread),
  }));
}
