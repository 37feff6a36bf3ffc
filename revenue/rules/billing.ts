/**
 * What bills a contract (C-b): a template that names it and has lines for it that recur above zero. A link alone bills
 * nothing. Whose template it is makes no difference (O3).
 */
import type Big from 'big.js';
import type { ContractState } from '../rows/contracts.js';
import type { Contract, RecurringInvoice } from '../rows/rows.js';
import { LINES } from '../rows/unread.js';
import { collect } from '../values/collect.js';
import { sum } from '../values/money.js';
import { over60Years, repeats } from '../values/periods.js';
import { each, flatMapped, inOneGo, type Steps } from '../values/steps.js';
import { contractOfLine, contractsOf, type LineReason, type RunLine, recurringOf, templateState } from './runrate.js';

/** Why a link bills nothing, as shown to a reader. */
export const IDLE = {
  disabled: 'disabled',
  not_started: 'not started',
  ended: 'ended',
  unknown_period: 'unknown period',
  one_time_period: 'one-time period',
  elsewhere: 'its lines bill something else',
  one_time: 'one-time lines only',
  usage: 'usage only',
  line_not_started: 'line not started',
  line_ended: 'line ended',
  zero: 'zero',
  below_zero: 'below zero',
} as const;
export type Idle = keyof typeof IDLE;

/** How one template relates to one contract. */
export interface Link {
  readonly template: RecurringInvoice;
  readonly contract: number;
  /** The predecessor that the template names instead of the contract. */
  readonly through: number | undefined;
  /** Why it bills nothing; undefined if it bills. */
  readonly idle: Idle | undefined;
  /** What its lines for the contract come to in 60 years, exact, in the template's currency. */
  readonly over_60_years: Big;
  /** An amount of it can't be read: it bills, but how much is unknown. */
  readonly unreadable: boolean;
}

/** The links of every contract that a template names, directly or through a predecessor. */
export type Billing = ReadonlyMap<number, readonly Link[]>;

/** The template's link to a contract that it names. */
export function linkOf(template: RecurringInvoice, contract: number, asOf: string): Link {
  const run = recurringOf(template, asOf);
  const own = run.lines.filter(({ line }) => contractOfLine(line, template) === contract);
  const counting = own.filter(({ left_out }) => left_out === undefined);
  const net = run.header_only ? run.net : sum(counting.map(({ line }) => line.net));
  const unreadable =
    template.unread.includes(LINES) ||
    (run.header_only ? run.unreadable : counting.some(({ line }) => line.unreadable));
  const idle = (): Idle | undefined => {
    if (run.state !== 'active') return run.state;
    if (template.period === undefined) return 'unknown_period';
    if (!repeats(template.period)) return 'one_time_period';
    if (unreadable || net.gt(0)) return undefined;
    if (!run.header_only && counting.length === 0) return reasonOf(own);
    return net.eq(0) ? 'zero' : 'below_zero';
  };
  return {
    ...{ template, contract, through: undefined, idle: idle() },
    ...{ over_60_years: over60Years(net, template.period), unreadable },
  };
}

const REASONS: Readonly<Record<LineReason, Idle>> = {
  one_time: 'one_time',
  meter: 'usage',
  not_started: 'line_not_started',
  ended: 'line_ended',
};

/** Why none of a contract's lines counts: the first reason in this order. */
function reasonOf(own: readonly RunLine[]): Idle {
  const reasons = new Set(own.map(({ left_out }) => left_out));
  const first = (['ended', 'not_started', 'one_time', 'meter'] as const).find((reason) => reasons.has(reason));
  return first === undefined ? 'elsewhere' : REASONS[first];
}

/**
 * What bills each contract. A template that names a contract also bills its successor, if no template names the
 * successor.
 */
export const billingOf = inOneGo(billingIn);

/** The same in steps. */
export function* billingIn(
  templates: readonly RecurringInvoice[],
  contracts: Iterable<Contract>,
  states: ReadonlyMap<number, ContractState>,
  asOf: string,
): Steps<Billing> {
  const links = yield* flatMapped(templates, (template) =>
    contractsOf(template).map((id) => linkOf(template, id, asOf)),
  );
  const named = collect(links, ({ contract }) => contract);
  const billing = new Map<number, readonly Link[]>(named);
  const byId = new Map([...contracts].map((contract) => [contract.id, contract]));
  yield* each(byId.keys(), (id) => {
    if (states.get(id) !== 'in_force' || named.has(id)) return;
    const through = namedBefore(id, byId, named);
    const inherited = through === undefined ? [] : (named.get(through) ?? []);
    if (inherited.length > 0)
      billing.set(
        id,
        inherited.map((link) => ({ ...link, contract: id, through })),
      );
  });
  return billing;
}

/** The nearest predecessor that a template names. */
function namedBefore(
  id: number,
  contracts: ReadonlyMap<number, Contract>,
  named: ReadonlyMap<number, unknown>,
): number | undefined {
  const seen = new Set([id]);
  let before = contracts.get(id)?.previous ?? 0;
  while (before > 0 && !seen.has(before)) {
    if (named.has(before)) return before;
    seen.add(before);
    before = contracts.get(before)?.previous ?? 0;
  }
  return undefined;
}

/** Whether anything bills the contract. */
export const isBilled = (billing: Billing, contract: number): boolean =>
  billing.get(contract)?.some(({ idle }) => idle === undefined) === true;

/** The links that bill it. */
export const billsOf = (billing: Billing, contract: number): readonly Link[] =>
  (billing.get(contract) ?? []).filter(({ idle }) => idle === undefined);

/**
 * The active templates that can't be fully read.
 * @returns none, in nearly every book
 */
export const unreadAmong = (templates: readonly RecurringInvoice[], asOf: string): RecurringInvoice[] =>
  templates.filter(
    (template) =>
      (template.unread.length > 0 || template.lines.some(({ unread }) => unread.length > 0)) &&
      templateState(template, asOf) === 'active',
  );

/**
 * The templates that leave open whether anything bills the contract: they name it, or may, and can't be fully read.
 * None if another bills it.
 * @param unread of `unreadAmong`
 */
export function doubtsOf(
  billing: Billing,
  contract: number,
  unread: readonly RecurringInvoice[],
): readonly RecurringInvoice[] {
  if (unread.length === 0) return unread;
  const links = billing.get(contract) ?? [];
  if (links.some(({ idle, template }) => idle === undefined && !unread.includes(template))) return [];
  const naming = new Set(links.map(({ template }) => template));
  return unread.filter((template) => naming.has(template) || mayNameAnother(template));
}

/** Whether it may name contracts that can't be read. */
const mayNameAnother = ({ unread, lines }: RecurringInvoice): boolean =>
  [unread, ...lines.map((line) => line.unread)].some(
    (fields) => fields.includes(LINES) || fields.includes('contract_id'),
  );

/** Whether only its predecessor's template bills it. */
export const isBilledThroughPredecessor = (billing: Billing, contract: number): boolean => {
  const bills = billsOf(billing, contract);
  return bills.length > 0 && bills.every(({ through }) => through !== undefined);
};
