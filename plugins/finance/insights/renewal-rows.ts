/** The rows of the renewals calendar: what ends, what it is worth a month, and what bills it. */
import {
  type Breakdown,
  type Contract,
  contractsOf,
  contractWorth,
  daysBetween,
  type Facts,
  type Params,
  type RecurringInvoice,
  runOf,
  templateWorth,
} from '../revenue/index.js';
import { addUp } from './proof.js';

export interface Renewal {
  end: string;
  days_left: number;
  kind: 'contract' | 'recurring_invoice';
  /** `contract:36`, `recurring_invoice:-103`. */
  entity: string;
  ref?: string;
  client_id: number;
  client: string;
  monthly_value?: string;
  currency?: string;
  /** Of a contract: the active recurring invoices that bill it. */
  billed_by?: string[];
  /** Of a recurring invoice: the contracts that it bills. */
  bills?: string[];
  note?: string;
}

type Value = Pick<Renewal, 'monthly_value' | 'currency'>;

/** The contracts that the engine flags as ending soon; one that is billed in several currencies has a row for each. */
export function contractRows(facts: Facts, { clients }: Breakdown, params: Params): Renewal[] {
  const active = facts.templates.filter((template) => runOf(template, params.as_of).state === 'active');
  const groups = clients.flatMap((client) => client.groups ?? []);
  return clients.flatMap(({ client_id, name, flags }) =>
    flags.flatMap(({ code, entity }): Renewal[] => {
      const contract = code === 'contract_ending_soon' ? facts.contracts.get(Number(entity.split(':')[1])) : undefined;
      const end = contract?.end;
      if (contract === undefined || end === undefined) return [];
      const bills = active.filter((template) => contractsOf(template).includes(contract.id));
      const note = noteOf(contract, facts, bills);
      const row: Renewal = {
        end,
        days_left: daysLeft(end, params),
        kind: 'contract',
        entity,
        ...(contract.ref !== undefined && { ref: contract.ref }),
        client_id,
        client: name,
        billed_by: bills.map(({ id }) => `recurring_invoice:${id}`),
        ...(note !== '' && { note }),
      };
      const values = bills.length > 0 ? billedFor(contract.id, groups) : [ownValue(contract, facts)];
      return values.length > 0 ? values.map((value) => ({ ...row, ...value })) : [row];
    }),
  );
}

/** What active recurring invoices bill for a contract, by currency. */
function billedFor(contract: number, groups: NonNullable<Breakdown['clients'][number]['groups']>): Value[] {
  const own = groups.filter(({ by, key }) => by === 'contract' && key === contract);
  return [...new Set(own.map(({ currency }) => currency))].map((currency) => {
    const amounts = own.filter((group) => group.currency === currency).map(({ mrr }) => mrr);
    return { monthly_value: addUp(amounts, currency), currency };
  });
}

const ownValue = (contract: Contract, { currencies, clients }: Facts): Value =>
  valued(contractWorth(contract, currencies, clients.get(contract.client)));

const valued = ({ mrr, currency }: { mrr: string | null; currency: string | null }): Value =>
  mrr === null || currency === null ? {} : { monthly_value: mrr, currency };

/** A renewal that is signed but has not started, and whether anything is to be invoiced. */
function noteOf(contract: Contract, { contracts, contract_states }: Facts, bills: readonly unknown[]): string {
  const next = [...contracts.values()].find(
    ({ id, previous }) => previous === contract.id && contract_states.get(id) === 'not_started',
  );
  const renewed = next === undefined ? '' : `Renewed by contract ${next.id} from ${next.start}.`;
  const unbilled = contract.not_invoiced ? 'Not to be invoiced.' : 'Nothing bills it.';
  return [renewed, bills.length === 0 && unbilled].filter(Boolean).join(' ');
}

/** The active recurring invoices that end by a day. */
export function templateRows(facts: Facts, { clients }: Breakdown, params: Params, to: string): Renewal[] {
  const nameOf = new Map(clients.map(({ client_id, name }) => [client_id, name]));
  const asked = ({ client }: RecurringInvoice) => params.client_id === undefined || params.client_id === client;
  return facts.templates.filter(asked).flatMap((template): Renewal[] => {
    const { id, client, end } = template;
    if (end === undefined || end > to || runOf(template, params.as_of).state !== 'active') return [];
    const worth = templateWorth(template, params.as_of, facts.currencies);
    return [
      {
        end,
        days_left: daysLeft(end, params),
        kind: 'recurring_invoice',
        entity: `recurring_invoice:${id}`,
        client_id: client,
        client: nameOf.get(client) ?? `Client ${client}`,
        ...valued(worth),
        bills: contractsOf(template).map((contract) => `contract:${contract}`),
        ...(worth.mrr === null && {
          note: worth.net === null ? 'An amount of it can not be read.' : 'Its period has no monthly value.',
        }),
      },
    ];
  });
}

function daysLeft(end: string, { as_of: day }: Params): number {
  return daysBetween(day, end);
}
