/** What a client has left of prepaid time and money, and how it is shown. */
import type Big from 'big.js';
import { decimalsOf } from '../values/currency.js';
import { money, sum } from '../values/money.js';
import { balanceOf, type Run, type Unit } from './prepaid-run.js';

/** bought - taken_off - used - expired = balance. */
export interface Pot {
  bought: string;
  /** By hand. */
  taken_off: string;
  used: string;
  expired: string;
  balance: string;
}

export interface PrepaidFigures {
  hours: Pot;
  money: Pot;
  /** The part of the balance that expires within the days asked for. */
  expiring_hours: string;
  expiring_money: string;
  next_expiry: string | null;
}

export interface Figures {
  readonly hours: Run;
  readonly money: Run;
  readonly soon: Record<Unit, Big>;
  next: string | undefined;
}

export function totalOf(all: readonly Figures[]): Figures {
  const run = (unit: Unit): Run => ({
    blocks: [],
    bought: sum(all.map((one) => one[unit].bought)),
    taken: sum(all.map((one) => one[unit].taken)),
    used: sum(all.map((one) => one[unit].used)),
    expired: sum(all.map((one) => one[unit].expired)),
  });
  const next = all.flatMap((one) => one.next ?? []).sort()[0];
  const soon = { hours: sum(all.map((one) => one.soon.hours)), money: sum(all.map((one) => one.soon.money)) };
  return { hours: run('hours'), money: run('money'), soon, next };
}

function potOf(run: Run, decimals: number): Pot {
  const show = (amount: Big) => money(amount, decimals);
  return {
    ...{ bought: show(run.bought), taken_off: show(run.taken), used: show(run.used), expired: show(run.expired) },
    balance: show(balanceOf(run)),
  };
}

/** The ledger's money is in the client's currency. */
export function show({ hours, money: paid, soon, next }: Figures, code: string): PrepaidFigures {
  return {
    hours: potOf(hours, 2),
    money: potOf(paid, decimalsOf(code)),
    expiring_hours: money(soon.hours, 2),
    expiring_money: money(soon.money, decimalsOf(code)),
    next_expiry: next ?? null,
  };
}
