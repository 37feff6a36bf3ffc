/** How the day asked about stands to today: prices and quantities have no history in Halo, and no future. */
import type { Ledger } from '../ledger/ledger.js';
import { standsAt } from '../rows/contracts.js';
import { templateState } from '../rules/runrate.js';

export interface When {
  /** The run rate of a day past is that of today's recurring invoices, carried back. */
  carried_back: boolean;
  /** The day, or the last of the window, is to come. */
  projection: boolean;
  /** What runs today and has ended by a day to come. */
  ends_before: { recurring_invoices: number; contracts: number };
}

/** As of `today`; without one the day asked about is today. */
export function whenOf({ params, facts }: Pick<Ledger, 'params' | 'facts'>): When {
  const { as_of: asOf, today = asOf, client_id: asked, to } = params;
  const theirs = ({ client }: { client: number }) => asked === undefined || client === asked;
  const ahead = asOf > today;
  const templates = facts.templates.filter(
    (one) => theirs(one) && templateState(one, today) === 'active' && templateState(one, asOf) === 'ended',
  );
  const contracts = [...facts.contracts.values()].filter(
    (one) => theirs(one) && standsAt(one, today) === 'in_force' && standsAt(one, asOf) === 'ended',
  );
  return {
    carried_back: asOf < today,
    projection: ahead || (params.today !== undefined && to > today),
    ends_before: {
      recurring_invoices: ahead ? templates.length : 0,
      contracts: ahead ? contracts.length : 0,
    },
  };
}
