/** The rows of the renewals calendar: what ends, its worth per month, and what bills it. */

import { shownValue } from '../../revenue/halo/index.js';
import {
  billsOf,
  type Contract,
  codeOf,
  contractMonthly,
  contractsOf,
  daysBetween,
  decimalsOf,
  type Entity,
  entityOf,
  type Facts,
  homeFirst,
  type Ledger,
  type Link,
  labelOf,
  type Monthly,
  monthlyOf,
  predecessorsIn,
  type RecurringInvoice,
  repeats,
  runOf,
  sum,
  templateMonthly,
  worthOf,
} from '../../revenue/index.js';

export interface Renewal {
  end: string;
  days_left: number;
  kind: 'contract' | 'recurring_invoice' | 'licence' | 'prepaid';
  /** `contract:36`, `recurring_invoice:-103`. */
  entity: string;
  ref?: string;
  client_id: number;
  client: string;
  monthly_value?: string;
  currency?: string;
  /** For a contract: the active recurring invoices that bill it. */
  billed_by?: string[];
  /** For a recurring invoice: the contracts that it bills. */
  bills?: string[];
  note?: string;
}

/** The same, exact. */
export interface Ending {
  kind: 'contract' | 'recurring_invoice';
  id: number;
  end: string;
  ref?: string | undefined;
  client: { id: number; name: string };
  value: Monthly | undefined;
  /** What bills a contract, or the contracts that a recurring invoice bills. */
  linked: readonly Entity[];
  note: string;
  /** Its renewal is signed, so it is not in the totals. */
  renewed?: boolean;
  /** For an unbilled contract: Halo does not state its charge, so a total would miss it. */
  untold?: boolean;
}

/**
 * The contracts that the engine flags as ending soon; a contract billed in several currencies has one row per currency.
 */
export function contractRows({ facts, clients, home }: Ledger): Ending[] {
  return clients.flatMap(({ client: id, name, flags }) =>
    flags.flatMap(({ code, entity }): Ending[] => {
      const contract =
        code === 'contract_ending_soon' && entity.kind === 'contract' ? facts.contracts.get(entity.id) : undefined;
      const end = contract?.end;
      if (contract === undefined || end === undefined) return [];
      const bills = billsOf(facts.billing, contract.id);
      const next = renewalOf(contract, facts);
      const row = {
        ...{ kind: 'contract' as const, id: contract.id, end, ref: contract.ref, client: { id, name } },
        linked: bills.map(({ template }) => entityOf('recurring_invoice', template.id)),
        note: noteOf(contract, next, bills),
        renewed: next !== undefined,
        untold: next === undefined && bills.length === 0 && isChargeUntold(contract),
      };
      const values = bills.length > 0 ? billedFor(bills, facts, home) : [ownValue(contract, facts)];
      return values.map((value) => ({ ...row, value }));
    }),
  );
}

/** What recurring invoices bill for a contract, by currency, each rounded once; undefined if unknown. */
function billedFor(bills: readonly Link[], { currencies }: Facts, home: string): (Monthly | undefined)[] {
  const values = bills.map(({ template, over_60_years: amount, unreadable }) => {
    const code = codeOf(template.currency, currencies);
    return unreadable || code === undefined ? undefined : { code, amount: monthlyOf(amount, decimalsOf(code)) };
  });
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return [undefined];
  const own = [...new Set(known.map(({ code }) => code))].sort(homeFirst(home));
  return own.map((code) => ({
    code,
    amount: sum(known.filter((value) => value.code === code).map(({ amount }) => amount)),
  }));
}

/** N3: a contract that is not to be invoiced has no value. */
const ownValue = (contract: Contract, { currencies, clients }: Facts): Monthly | undefined =>
  contract.not_invoiced ? undefined : contractMonthly(contract, currencies, clients.get(contract.client));

/** Halo states no charge for a contract that is to be invoiced: that does not mean zero. */
export const isChargeUntold = (contract: Contract): boolean =>
  !contract.not_invoiced && worthOf(contract).unknown === true;

/** N4: the first renewal that is signed but has not started. One that has started takes the contract's place. */
function renewalOf({ id }: Contract, { contracts, contract_states: states }: Facts): Contract | undefined {
  const before = predecessorsIn(contracts);
  return [...contracts.values()]
    .filter((one) => states.get(one.id) === 'not_started' && before(one).includes(id))
    .sort((a, b) => compare(a.start ?? '', b.start ?? '') || a.id - b.id)[0];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function noteOf(contract: Contract, next: Contract | undefined, bills: readonly unknown[]): string {
  const renewed = next === undefined ? '' : `Renewed by contract ${next.id} from ${next.start}.`;
  const unbilled = contract.not_invoiced ? 'Not to be invoiced.' : 'Nothing bills it.';
  return [renewed, bills.length === 0 && unbilled].filter(Boolean).join(' ');
}

/** The active recurring invoices that end by a day. */
export function templateRows({ facts, clients, params }: Ledger, to: string): Ending[] {
  const nameOf = new Map(clients.map(({ client, name }) => [client, name]));
  const asked = ({ client }: RecurringInvoice) => params.client_id === undefined || params.client_id === client;
  return facts.templates.filter(asked).flatMap((template): Ending[] => {
    const { id, client, end } = template;
    const run = runOf(template, params.as_of);
    if (end === undefined || end > to || run.state !== 'active') return [];
    return [
      {
        ...{ kind: 'recurring_invoice', id, end },
        client: { id: client, name: nameOf.get(client) ?? `Client ${client}` },
        value: templateMonthly(template, params.as_of, facts.currencies),
        linked: contractsOf(template).map((contract) => entityOf('contract', contract)),
        note: run.unreadable
          ? "One of its amounts can't be read."
          : repeats(template.period)
            ? ''
            : 'Its period has no monthly value.',
      },
    ];
  });
}

/** A row as shown. */
export function showEnding({ kind, id, end, ref, client, value, linked, note }: Ending, day: string): Renewal {
  const row = {
    ...{ end, days_left: daysBetween(day, end), kind, entity: labelOf(entityOf(kind, id)) },
    ...(ref !== undefined && { ref }),
    ...{ client_id: client.id, client: client.name },
  };
  const noted = note !== '' && { note };
  return kind === 'contract'
    ? { ...row, billed_by: linked.map(labelOf), ...noted, ...shownValue(value) }
    : { ...row, ...shownValue(value), bills: linked.map(labelOf), ...noted };
}
