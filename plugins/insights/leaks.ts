/** Where agreed money is not billed, or is billed without an agreement. Pure: a book in, rows out. */
import {
  type Book,
  type Entity,
  entityOf,
  FLAGS,
  labelOf,
  type Monthly,
  type Params,
  post,
  type Severity,
  ZERO,
} from '../../revenue/index.js';
import { Finder, LEAKS, type LeakKind } from './leak-finder.js';
import { addUp, type Proof, proofOf, shownValue } from './proof.js';

export interface Leak {
  kind: LeakKind;
  severity: Severity;
  client_id: number;
  client: string;
  /** `contract:50`, `recurring_invoice:-108`. */
  entity: string;
  monthly_value?: string;
  currency?: string;
  look_at: string;
}

/** A leak as it was found, exact. */
interface Found extends Omit<Leak, 'entity' | 'monthly_value' | 'currency'> {
  entity: Entity;
  value: Monthly | undefined;
}

/** By currency, then kind. */
export type LeakTotals = Record<string, Partial<Record<LeakKind, { count: number; monthly_value: string }>>>;

const METHOD =
  'Contracts and recurring invoices as they stand today, each valued per month by the rules of revenue_breakdown and listed under every kind that it fits, so kinds overlap and are never added up.';

/** Leaks of the whole book or of one client: the home currency first, then by money at stake. */
export function leaksOf(book: Book, params: Params): Proof & { leaks: Leak[]; totals: LeakTotals } {
  const ledger = post(book, params);
  const finder = new Finder(ledger.facts, params.as_of);
  const flagged = ledger.clients.flatMap(({ client: client_id, name: client, flags }) =>
    flags.flatMap(({ code, entity }) => {
      const kind = LEAKS.find((one) => one === code);
      return kind === undefined ? [] : [{ kind, severity: FLAGS[code].severity, client_id, client, entity }];
    }),
  );
  const nameOf = new Map(ledger.clients.map(({ client, name }) => [client, name]));
  const disabled = finder
    .disabled()
    .filter(({ client }) => params.client_id === undefined || client === params.client_id)
    .map(({ id, client }) => ({
      kind: 'disabled_ri_live_contract' as const,
      severity: 'high' as const,
      client_id: client,
      client: nameOf.get(client) ?? `Client ${client}`,
      entity: entityOf('recurring_invoice', id),
    }));
  const found = [...flagged, ...disabled]
    .map((one): Found => ({ ...one, value: finder.valueOf(one.entity), look_at: finder.lookAt(one) }))
    .sort(byMoney([...ledger.totals.keys()]));
  const proof = proofOf(METHOD, ledger);
  return { ...proof, leaks: found.map(show), totals: proof.complete ? totalsOf(found) : {} };
}

const show = ({ entity, value, look_at, ...found }: Found): Leak => ({
  ...found,
  entity: labelOf(entity),
  ...shownValue(value),
  look_at,
});

/** By currency in the given order, then the largest amount; what has no value comes last. */
function byMoney(codes: readonly string[]): (a: Found, b: Found) => number {
  const rank = ({ value }: Found) => (value === undefined ? codes.length : codes.indexOf(value.code));
  const size = ({ value }: Found) => (value?.amount ?? ZERO).abs();
  return (a, b) =>
    rank(a) - rank(b) ||
    size(b).cmp(size(a)) ||
    LEAKS.indexOf(a.kind) - LEAKS.indexOf(b.kind) ||
    Math.abs(a.entity.id ?? 0) - Math.abs(b.entity.id ?? 0);
}

function totalsOf(leaks: readonly Found[]): LeakTotals {
  const totals: LeakTotals = {};
  for (const code of new Set(leaks.flatMap(({ value }) => value?.code ?? []))) {
    const kinds: LeakTotals[string] = {};
    for (const kind of LEAKS) {
      const some = leaks.filter((one) => one.kind === kind && one.value?.code === code);
      const values = some.flatMap(({ value }) => value?.amount ?? []);
      if (some.length > 0) kinds[kind] = { count: some.length, monthly_value: addUp(values, code) };
    }
    totals[code] = kinds;
  }
  return totals;
}
