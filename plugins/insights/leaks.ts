/** Where agreed money is not billed, or is billed without an agreement. Pure: a book in, rows out. */
import { type Book, breakdown, Exact, factsOf, type Params, type Severity } from '../../revenue/index.js';
import { Finder, idOf, LEAKS, type LeakKind } from './leak-finder.js';
import { addUp, type Proof, proofOf } from './proof.js';

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

/** By currency, then kind. */
export type LeakTotals = Record<string, Partial<Record<LeakKind, { count: number; monthly_value: string }>>>;

const METHOD =
  'Contracts and recurring invoices as they stand today, each valued per month by the rules of revenue_breakdown and listed under every kind that it fits, so kinds overlap and are never added up.';

/** Leaks of the whole book or of one client: the home currency first, then by money at stake. */
export function leaksOf(book: Book, params: Params): Proof & { leaks: Leak[]; totals: LeakTotals } {
  const answer = breakdown(book, params);
  const finder = new Finder(factsOf(book, params.as_of), params.as_of);
  const flagged = answer.clients.flatMap(({ client_id, name: client, flags }) =>
    flags.flatMap(({ code, severity, entity }) => {
      const kind = LEAKS.find((one) => one === code);
      return kind === undefined ? [] : [{ kind, severity, client_id, client, entity }];
    }),
  );
  const nameOf = new Map(answer.clients.map(({ client_id, name }) => [client_id, name]));
  const disabled = finder
    .disabled()
    .filter(({ client }) => params.client_id === undefined || client === params.client_id)
    .map(({ id, client }) => ({
      kind: 'disabled_ri_live_contract' as const,
      severity: 'high' as const,
      client_id: client,
      client: nameOf.get(client) ?? `Client ${client}`,
      entity: `recurring_invoice:${id}`,
    }));
  const leaks = [...flagged, ...disabled]
    .map((found): Leak => ({ ...found, ...finder.valueOf(found.entity), look_at: finder.lookAt(found) }))
    .sort(byMoney(Object.keys(answer.totals)));
  const proof = proofOf(METHOD, book, answer);
  return { ...proof, leaks, totals: proof.complete ? totalsOf(leaks) : {} };
}

/** By currency in the given order, then the largest amount; what has no value comes last. */
function byMoney(codes: readonly string[]): (a: Leak, b: Leak) => number {
  const rank = ({ currency }: Leak) => (currency === undefined ? codes.length : codes.indexOf(currency));
  const size = ({ monthly_value: value }: Leak) => new Exact(value ?? 0).abs();
  return (a, b) =>
    rank(a) - rank(b) ||
    size(b).cmp(size(a)) ||
    LEAKS.indexOf(a.kind) - LEAKS.indexOf(b.kind) ||
    Math.abs(idOf(a.entity)) - Math.abs(idOf(b.entity));
}

function totalsOf(leaks: readonly Leak[]): LeakTotals {
  const totals: LeakTotals = {};
  for (const code of new Set(leaks.flatMap(({ currency }) => currency ?? []))) {
    const kinds: LeakTotals[string] = {};
    for (const kind of LEAKS) {
      const some = leaks.filter((one) => one.kind === kind && one.currency === code);
      const values = some.map(({ monthly_value }) => monthly_value);
      if (some.length > 0) kinds[kind] = { count: some.length, monthly_value: addUp(values, code) };
    }
    totals[code] = kinds;
  }
  return totals;
}
