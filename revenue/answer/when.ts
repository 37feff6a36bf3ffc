/** How the day in question relates to today: Halo has no history of prices and quantities, and no future ones. */
import type { Ledger } from '../ledger/ledger.js';
import { standsAt } from '../rows/contracts.js';
import { templateState } from '../rules/runrate.js';

export interface When {
  /** The run rate of a past day is today's recurring invoices, carried back. */
  carried_back: boolean;
  /** The day, or the window's last day, is in the future. */
  projection: boolean;
  /** What runs today but will have ended by a future day. */
  ends_before: { recurring_invoices: number; contracts: number };
}

/** As of `today`; if it is not given, the day in question is today. */
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
