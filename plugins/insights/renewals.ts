/** Contracts and recurring invoices that end soon. Pure: a book in, rows out. */
import { type Book, breakdown, daysAfter, type Facts, factsOf, type Params, runOf } from '../../revenue/index.js';
import { addUp, type Proof, proofOf } from './proof.js';
import { contractRows, type Renewal, templateRows } from './renewal-rows.js';

interface Sum {
  count: number;
  monthly_value: string;
}

export interface Renewals extends Proof {
  from: string;
  to: string;
  renewals: Renewal[];
  /** By currency; a contract and what bills it are the same money, so the two are never added. */
  totals: Record<string, { contracts: Sum; recurring_invoices: Sum }>;
  left_out: Record<'rolling_contracts' | 'open_contracts' | 'superseded_contracts' | 'open_recurring_invoices', number>;
}

const METHOD =
  'Contracts in force and active recurring invoices whose last day lies in the window; a contract counts what its active recurring invoices bill for it per month, or its own charge where none does, so the two kinds are never added up.';

/** What ends from `as_of` on within `renewal_horizon_days`, the soonest first. */
export function renewalsOf(book: Book, params: Params): Renewals {
  const facts = factsOf(book, params.as_of);
  const answer = breakdown(book, { ...params, group_by: ['contract'] });
  const to = daysAfter(params.as_of, params.renewal_horizon_days);
  const rows = [...contractRows(facts, answer, params), ...templateRows(facts, answer, params, to)];
  const renewals = rows.sort((a, b) => compare(a.end, b.end) || compare(a.entity, b.entity));
  const proof = proofOf(METHOD, book, answer);
  const totals = proof.complete ? totalsOf(renewals) : {};
  return { ...proof, from: params.as_of, to, renewals, totals, left_out: leftOut(facts, params) };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function totalsOf(renewals: readonly Renewal[]): Renewals['totals'] {
  const sumOf = (kind: Renewal['kind'], code: string): Sum => {
    const some = renewals.filter((one) => one.kind === kind && one.currency === code);
    const values = some.map(({ monthly_value }) => monthly_value);
    return { count: some.length, monthly_value: addUp(values, code) };
  };
  const codes = [...new Set(renewals.flatMap(({ currency }) => currency ?? []))].sort();
  return Object.fromEntries(
    codes.map((code) => [
      code,
      { contracts: sumOf('contract', code), recurring_invoices: sumOf('recurring_invoice', code) },
    ]),
  );
}

function leftOut(facts: Facts, { client_id: asked, as_of }: Params): Renewals['left_out'] {
  const theirs = ({ client }: { client: number }) => asked === undefined || client === asked;
  const contracts = [...facts.contracts.values()].filter(theirs);
  const inForce = contracts.filter(({ id }) => facts.contract_states.get(id) === 'in_force');
  const active = facts.templates.filter(theirs).filter((template) => runOf(template, as_of).state === 'active');
  return {
    rolling_contracts: inForce.filter(({ rolling }) => rolling).length,
    open_contracts: inForce.filter(({ rolling, end }) => !rolling && end === undefined).length,
    superseded_contracts: contracts.filter(({ id }) => facts.contract_states.get(id) === 'superseded').length,
    open_recurring_invoices: active.filter(({ end }) => end === undefined).length,
  };
}
