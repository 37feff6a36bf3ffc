/** What the questions besides the breakdown depend on: prepaid rows, unbilled time, costs, balances, renewals. */
import type { Row } from '../../core/index.js';
import { decimal, isSent, readers } from '../../revenue/index.js';
import { type Answer, answer, counted, listed, noRows, outOf, prefixed, type Question, tally } from './question.js';
import { documentsOf, type Sample } from './sample.js';

const { integer } = readers;
const isAbove = (value: unknown) => decimal(value)?.gt(0) === true;
const isBelow = (value: unknown) => decimal(value)?.lt(0) === true;

/** Whether purchases are above zero, and expiries below. */
export const prepaySign: Question = {
  id: 'prepay_sign',
  title: 'Prepaid rows are above zero where bought and below where taken off',
  ask({ prepay }) {
    if (prepay === null) return noRows('prepaid rows are not there for this login');
    const worth = prepay.rows.filter(
      ({ hours, amount }) => isAbove(hours) || isBelow(hours) || isAbove(amount) || isBelow(amount),
    );
    if (worth.length === 0) return noRows('no prepaid row worth hours or money');
    const below = (row: Row) => isBelow(row.hours) || (!isAbove(row.hours) && isBelow(row.amount));
    const expiries = worth.filter(({ description }) => /expir/i.test(String(description ?? '')));
    const counts = {
      ...{ rows: worth.length, above: worth.filter((row) => !below(row)).length, below: worth.filter(below).length },
      ...{ expiries: expiries.length, expiries_above: expiries.filter((row) => !below(row)).length },
    };
    return answer(
      `of ${counted(worth.length, 'row')} ${counts.above} above zero, ${counts.below} below; of ${expiries.length} that say they are an expiry ${counts.expiries_above} above`,
      counts,
      counts.expiries_above > 0 && 'An expiry above zero counts as bought in prepaid_balances. Report it.',
      counts.above === 0 && 'No row is above zero: what was bought may be stored below it. Report it.',
    );
  },
};

/** What marks an action that is on no invoice. */
export const uninvoicedMark = {
  id: 'uninvoiced_mark',
  title: 'An action on no invoice has no actioninvoicenumber',
  ask({ actions }: Pick<Sample, 'actions'>): Answer {
    const charged = (actions?.rows ?? []).filter(({ actionchargehours }) => isAbove(actionchargehours));
    if (actions === null) return noRows('actions are not there for this login');
    if (charged.length === 0) return noRows('no action of the last days that is to be charged');
    const marks = tally(charged.map(({ actioninvoicenumber: mark }) => markOf(mark)));
    return answer(`of ${counted(charged.length, 'action')} to be charged: ${listed(marks)}`, {
      actions: charged.length,
      ...prefixed('mark', marks),
    });
  },
};

function markOf(mark: unknown): string {
  if (!isSent(mark)) return 'absent';
  const number = integer(mark);
  return number === 0 ? 'zero' : number === -1 ? 'minus_one' : 'invoice';
}

/** Whether a cost on a document in another currency is the item's cost in the home one. */
export const costCurrency: Question = {
  id: 'cost_currency',
  title: 'unit_cost is in the currency of its document',
  ask(sample) {
    const home = sample.currencies.find(({ conversion_rate }) => decimal(conversion_rate)?.eq(1) === true);
    const lines = documentsOf(sample).flatMap(({ row, lines: own }) =>
      own.flatMap(({ raw }) => {
        const item = integer(raw._itemid) ?? integer(raw.item_id) ?? 0;
        const cost = decimal(raw.unit_cost);
        return item > 0 && cost?.gt(0) === true
          ? [{ at: integer(row.currency_code), item, cost: cost.toString() }]
          : [];
      }),
    );
    const here = lines.filter(({ at }) => at === integer(home?.id) || !at);
    const costs = new Map<number, Set<string>>();
    for (const { item, cost } of here) costs.set(item, (costs.get(item) ?? new Set()).add(cost));
    const abroad = lines.filter((line) => !here.includes(line) && costs.has(line.item));
    if (home === undefined || abroad.length === 0)
      return noRows('no item with a cost both in the home currency and in another');
    const same = abroad.filter(({ item, cost }) => costs.get(item)?.has(cost) === true).length;
    return answer(
      `the same figure as at home on ${outOf(same, abroad.length, 'line')} in other currencies`,
      { lines: abroad.length, same_as_home: same },
      same > 0 && 'Those costs may be in the home currency; gross_margin takes them in that of the document.',
    );
  },
};

/** Whether Halo states what is open on an invoice without any payment. */
export const dueOfUnpaid: Question = {
  id: 'due_of_unpaid',
  title: 'amountdue of an invoice of which nothing was paid is its total',
  ask(sample) {
    const unpaid = documentsOf(sample).filter(
      ({ row, invoice }) =>
        invoice.posted && isAbove(row.total) && !isAbove(row.amountpaid) && integer(row.paymentstatus) !== 2,
    );
    if (unpaid.length === 0) return noRows('no posted invoice of which nothing was paid');
    const whole = unpaid.filter(({ row }) => decimal(row.amountdue)?.eq(decimal(row.total) ?? 0) === true).length;
    const zero = unpaid.filter(({ row }) => isSent(row.amountdue) && decimal(row.amountdue)?.eq(0) === true).length;
    const absent = unpaid.filter(({ row }) => !isSent(row.amountdue)).length;
    return answer(
      `of ${counted(unpaid.length, 'invoice')} ${whole} at their total, ${zero} at 0, ${absent} without it, ${unpaid.length - whole - zero - absent} at another amount`,
      { invoices: unpaid.length, total: whole, zero, absent },
      zero > 0 && 'Unpaid at 0 counts as open at its total (flag balance_from_total).',
      absent > 0 && 'Where it is absent, what is open on them is unknown. Report it.',
    );
  },
};

/** Whether a list of contracts can leave out the renewed ones. */
export const renewedLeftOut: Question = {
  id: 'excluderenewed',
  title: 'excluderenewed leaves out contracts that were renewed',
  ask({ contracts, unrenewed }: Sample) {
    const [all, rest] = [contracts?.total ?? null, unrenewed?.total ?? null];
    if (all === null || rest === null) return noRows('contracts are not there for this login, or not counted');
    const counts = { contracts: all, left: rest };
    const renewed = (contracts?.rows ?? []).filter(({ previouscontract }) => isAbove(previouscontract)).length;
    if (rest < all) return answer(`${all - rest} of ${counted(all, 'contract')} left out`, counts);
    return renewed === 0
      ? noRows(`nothing left out of ${counted(all, 'contract')}, and no row says what it renews`, counts)
      : answer(
          `nothing left out of ${counted(all, 'contract')}`,
          counts,
          'Contracts that may be renewals are read one by one, which takes more requests.',
        );
  },
};
