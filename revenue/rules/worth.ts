/**
 * What one recurring invoice or contract is worth per month: the same figures as in the breakdown, one row at a time.
 */
import type Big from 'big.js';
import { type ContractWorth, worthOf } from '../rows/contracts.js';
import type { Client, Contract, RecurringInvoice } from '../rows/rows.js';
import { type Currency, decimalsOf } from '../values/currency.js';
import { money, round, settle, ZERO } from '../values/money.js';
import { MONTHS_IN_60_YEARS, perMonth, repeats } from '../values/periods.js';
import { codeOf, currencyOf } from './currency.js';
import { type LineReason, type Run, runOf, type TemplateState } from './runrate.js';

/**
 * Money as decimal strings in `currency`; `currency` is null if /Currency does not know the row's (then 2 decimals).
 */
export interface TemplateWorth {
  currency: string | null;
  /** Whether it bills on that day; the values below are given in any state. */
  state: TemplateState;
  period: string | null;
  /** What recurs per period; null if it can't be read. */
  net: string | null;
  /** Null if the period is unknown or one-time, or an amount can't be read: never guessed. */
  mrr: string | null;
  arr: string | null;
  /** Each living line. `mrr` of the counted lines adds up to the whole; it is null for lines left out or unreadable. */
  lines: { id: number; net: string | null; mrr: string | null; left_out?: LineReason }[];
}

/** What an agreement is worth a month, exact to its currency's minor unit. */
export interface Monthly {
  readonly amount: Big;
  readonly code: string;
}

/** An exact amount over 60 years, as an amount per month, rounded once. */
export const monthlyOf = (over60Years: Big, decimals: number): Big =>
  round(over60Years.div(MONTHS_IN_60_YEARS), decimals);

/** The monthly value of a recurring invoice; undefined if `templateWorth` gives null or the currency is unknown. */
export function templateMonthly(
  template: RecurringInvoice,
  asOf: string,
  currencies: readonly Currency[],
): Monthly | undefined {
  const code = codeOf(template.currency, currencies);
  const run = runOf(template, asOf);
  return code !== undefined && isMonthly(template, run)
    ? { code, amount: round(run.mrr, decimalsOf(code)) }
    : undefined;
}

/** Never guessed: the period has to repeat, and all amounts have to be readable. */
const isMonthly = ({ period }: RecurringInvoice, { unreadable }: Run) => repeats(period) && !unreadable;

/** The monthly value of a contract by itself; undefined if `contractWorth` gives null or the currency is unknown. */
export function contractMonthly(
  contract: Contract,
  currencies: readonly Currency[],
  client?: Client,
): Monthly | undefined {
  const code = codeOf(currencyOf(contract, client?.currency), currencies);
  const worth = worthOf(contract);
  return code !== undefined && isKnown(worth) ? { code, amount: round(worth.mrr, decimalsOf(code)) } : undefined;
}

const isKnown = ({ unknown_period, unreadable, unknown }: ContractWorth) => !unknown_period && !unreadable && !unknown;

/** The monthly value of a recurring invoice and of each of its lines, on a day. */
export function templateWorth(
  template: RecurringInvoice,
  asOf: string,
  currencies: readonly Currency[],
): TemplateWorth {
  const code = codeOf(template.currency, currencies);
  const decimals = decimalsOf(code ?? '');
  const run = runOf(template, asOf);
  const { period } = template;
  const counting = run.lines.filter(({ left_out }) => left_out === undefined);
  const exact = counting.map(({ line }) => perMonth(line.net, period));
  const shares = settle(round(run.mrr, decimals), exact, decimals);
  const shareOf = new Map(counting.map((run, index) => [run, shares[index] ?? ZERO]));
  return {
    currency: code ?? null,
    state: run.state,
    period: period?.name ?? null,
    net: run.unreadable ? null : money(run.net, decimals),
    mrr: isMonthly(template, run) ? money(run.mrr, decimals) : null,
    arr: isMonthly(template, run) ? money(run.arr, decimals) : null,
    lines: run.lines.map((run) => {
      const share = shareOf.get(run);
      return {
        id: run.line.id,
        net: run.line.unreadable ? null : money(run.line.net, decimals),
        mrr: share === undefined || !repeats(period) || run.line.unreadable ? null : money(share, decimals),
        ...(run.left_out === undefined ? {} : { left_out: run.left_out }),
      };
    }),
  };
}

/**
 * The monthly value of a contract by itself, whether or not something bills it; null if its period is unknown. `charge`
 * is null if Halo states none, or one that can't be read: neither is zero.
 */
export function contractWorth(
  contract: Contract,
  currencies: readonly Currency[],
  client?: Client,
): { currency: string | null; period: string | null; charge: string | null; mrr: string | null } {
  const code = codeOf(currencyOf(contract, client?.currency), currencies);
  const decimals = decimalsOf(code ?? '');
  const worth = worthOf(contract);
  return {
    currency: code ?? null,
    period: contract.period?.name ?? null,
    charge: contract.charge === undefined ? null : money(worth.net, decimals),
    mrr: isKnown(worth) ? money(worth.mrr, decimals) : null,
  };
}
