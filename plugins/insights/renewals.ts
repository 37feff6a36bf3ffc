/** Contracts and recurring invoices that end soon. Pure: a book in, rows out. */

import { addUp, type Proof, proofOf } from '../../revenue/halo/index.js';
import {
  type Book,
  type Contract,
  type ContractState,
  daysAfter,
  entityOf,
  inOneGo,
  type Ledger,
  type Params,
  postIn,
  runOf,
  type Steps,
  saidOfDay,
} from '../../revenue/index.js';
import { type Beside, expiringOf, type Include } from './expiring.js';
import { contractRows, type Ending, type Renewal, showEnding, templateRows } from './renewal-rows.js';

interface Sum {
  count: number;
  monthly_value: string;
}

export interface Renewals extends Proof {
  from: string;
  to: string;
  renewals: Renewal[];
  /** By currency; a contract and what bills it are the same money, so they are never added together. */
  totals: Record<string, { contracts: Sum; recurring_invoices: Sum }>;
  /**
   * Rolling, open and superseded contracts and open recurring invoices; also licences that renew themselves, if asked
   * for.
   */
  left_out: Record<string, number>;
}

const METHOD =
  'Contracts in force and active recurring invoices whose last day lies in the window; a contract counts what its active recurring invoices bill for it per month, or its own charge where none does, so the two kinds are never added up; one whose renewal is signed, or that is not to be invoiced, is listed and in no total.';

/** What ends from `as_of` on within `renewal_horizon_days`, soonest first. */
export const renewalsOf = inOneGo(renewalsIn);

/** The same in steps. */
export function* renewalsIn(
  book: Book,
  params: Params,
  include: readonly Include[] = [],
  beside: Beside = {},
): Steps<Renewals> {
  const ledger = yield* postIn(book, params);
  const to = daysAfter(params.as_of, params.renewal_horizon_days);
  const endings = [...contractRows(ledger), ...templateRows(ledger, to)];
  const names = new Map(book.clients.map(({ id, name }) => [id, name]));
  const window = { client_id: params.client_id, from: params.as_of, to };
  const expiring = expiringOf(beside, include, window, (id) => names.get(id));
  const gaps = endings
    .filter(({ untold }) => untold === true)
    .map(({ kind, id }) => ({ entity: entityOf(kind, id), fields: [] }));
  const notes = [saidOfDay('renewals_calendar', params.as_of, params.today), ...expiring.notes];
  const proof = proofOf(METHOD, ledger, { gaps, reasons: expiring.gaps, notes });
  return {
    ...proof,
    from: params.as_of,
    to,
    renewals: [...endings.map((one) => showEnding(one, params.as_of)), ...expiring.rows].sort(
      (a, b) => compare(a.end, b.end) || compare(a.entity, b.entity),
    ),
    totals: proof.complete ? totalsOf(endings) : {},
    left_out: { ...leftOut(ledger, to), ...expiring.left_out },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function totalsOf(endings: readonly Ending[]): Renewals['totals'] {
  const sumOf = (kind: Ending['kind'], code: string): Sum => {
    const some = endings.flatMap((one) =>
      one.kind === kind && one.renewed !== true && one.value?.code === code ? [one.value.amount] : [],
    );
    return { count: some.length, monthly_value: addUp(some, code) };
  };
  const codes = [...new Set(endings.flatMap(({ value }) => value?.code ?? []))].sort();
  return Object.fromEntries(
    codes.map((code) => [
      code,
      { contracts: sumOf('contract', code), recurring_invoices: sumOf('recurring_invoice', code) },
    ]),
  );
}

/**
 * N2: contracts whose printed end would list them if they did not roll on or had not been replaced; and what has no
 * end.
 */
function leftOut({ facts, params: { client_id: asked, as_of } }: Ledger, to: string): Renewals['left_out'] {
  const theirs = ({ client }: { client: number }) => asked === undefined || client === asked;
  const contracts = [...facts.contracts.values()].filter(theirs);
  const ofState = (state: ContractState) => contracts.filter(({ id }) => facts.contract_states.get(id) === state);
  const endsBy = ({ end }: Contract) => end !== undefined && end <= to;
  const active = facts.templates.filter(theirs).filter((template) => runOf(template, as_of).state === 'active');
  return {
    rolling_contracts: ofState('in_force').filter((one) => one.rolling && endsBy(one)).length,
    open_contracts: ofState('in_force').filter(({ rolling, end }) => !rolling && end === undefined).length,
    superseded_contracts: ofState('superseded').filter(endsBy).length,
    open_recurring_invoices: active.filter(({ end }) => end === undefined).length,
  };
}
