/** Where agreed money is not billed, or is billed without an agreement. Pure: a book in, rows out. */
import type Big from 'big.js';
import { addUp, listed, type Proof, proofOf, shownValue } from '../../revenue/halo/index.js';
import {
  asItStood,
  type Book,
  type Entity,
  entityOf,
  FLAGS,
  type Invoice,
  inOneGo,
  knownDay,
  type Ledger,
  labelOf,
  type Monthly,
  type Params,
  postIn,
  type Raised,
  type Severity,
  type Steps,
  saidOfDay,
  standingUnread,
  ZERO,
} from '../../revenue/index.js';
import { type Direct, directOf } from './direct.js';
import { Finder, LEAKS, type LeakKind, type Lost } from './leak-finder.js';
import { isChargeUntold } from './renewal-rows.js';

export interface Leak {
  kind: LeakKind;
  severity: Severity;
  client_id: number;
  client: string;
  /** `contract:50`, `recurring_invoice:-108`. */
  entity: string;
  monthly_value?: string;
  currency?: string;
  /** Runs that should have happened by now. */
  runs_missed?: number;
  /** Those runs times the amount of one, in `currency`. */
  lost?: string;
  look_at: string;
}

/** A contract without a recurring invoice that is billed anyway (L2): not a leak. */
export interface BilledByInvoice {
  client_id: number;
  client: string;
  entity: string;
  monthly_value?: string;
  currency?: string;
  /** Ids of the invoices made from the contract itself, newest first. */
  invoices: number[];
  last_billed: string;
}

/** A leak as found, exact. */
interface Found extends Omit<Leak, 'entity' | 'monthly_value' | 'currency' | 'runs_missed' | 'lost'> {
  entity: Entity;
  value: Monthly | undefined;
  lost: Lost | undefined;
}

interface Total {
  count: number;
  monthly_value: string;
}

/** By currency, then kind; `total` counts each record and its money once, even if it is of several kinds (L5). */
export type LeakTotals = Record<string, Partial<Record<LeakKind, Total>> & { total: Total & { lost: string } }>;

export interface Leaks extends Proof {
  as_of: string;
  leaks: Leak[];
  billed_by_invoice: BilledByInvoice[];
  totals: LeakTotals;
}

const methodOf = (isToday: boolean) =>
  `Contracts and recurring invoices ${isToday ? 'as they stand' : 'of today, looked at by their dates'} on the day asked about, each valued per month by the rules of revenue_breakdown and listed under every kind that it fits; total counts each record once, and a disabled recurring invoice not beside the contract that it leaves unbilled; lost is runs missed times the amount of one.`;

/** The book on a past day: what is disabled today but has run since was active then. */
const asItStoodThen = (book: Book, { as_of, today }: Params): Book => ({
  ...book,
  recurring_invoices: book.recurring_invoices.map((one) => asItStood(one, as_of, today)),
});

/** The contracts that no recurring invoice bills: these may be billed by hand. In steps. */
export function* unbilledContracts(book: Book, params: Params): Steps<number[]> {
  const { clients } = yield* postIn(asItStoodThen(book, params), params);
  return [...new Set(clients.flatMap(({ flags }) => flags.flatMap(contractOf)))];
}

const contractOf = ({ code, entity }: Raised): number[] =>
  code === 'contract_no_recurring_invoice' && entity.kind === 'contract' ? [entity.id] : [];

/**
 * Leaks of the whole book or of one client: home currency first, then by money at stake.
 * @param made posted documents that may have been made from a contract itself
 */
export const leaksOf = inOneGo(leaksIn);

/** The same in steps. */
export function* leaksIn(book: Book, params: Params, made: readonly Invoice[] = []): Steps<Leaks> {
  const ledger = yield* postIn(asItStoodThen(book, params), params);
  const finder = new Finder(ledger.facts, params.as_of, knownDay(params));
  const direct = yield* directOf(
    ledger.clients.flatMap(({ flags }) => flags.flatMap(contractOf)),
    made,
    ledger.facts,
    params,
  );
  const isLeak = ({ kind, entity }: { kind: LeakKind; entity: Entity }) =>
    kind !== 'contract_no_recurring_invoice' || entity.id === undefined || !direct.has(entity.id);
  const found = [...flagged(ledger), ...disabled(ledger, finder)]
    .filter(isLeak)
    .map(({ amount, ...one }): Found => {
      const value = one.kind === 'template_on_predecessor' ? amount : finder.valueOf(one.entity);
      return { ...one, value, lost: finder.lostOf(one.kind, one.entity, value?.code), look_at: finder.lookAt(one) };
    })
    // A recurring invoice that is worth nothing loses nothing, for whatever reason it has no next date.
    .filter(({ kind, value }) => kind !== 'ri_no_next_date' || value?.amount.eq(0) !== true)
    .sort(byMoney([...ledger.totals.keys()]));
  const untold = ({ entity, value }: Found) => {
    const contract = entity.kind === 'contract' ? ledger.facts.contracts.get(entity.id ?? 0) : undefined;
    return value === undefined && contract !== undefined && isChargeUntold(contract);
  };
  const { client_id: asked } = params;
  // Which kind of leak a record is, or whether it is one, rests on when its contract is in force.
  const open = [...ledger.facts.contracts.values()]
    .filter((contract) => (asked === undefined || contract.client === asked) && standingUnread(contract).length > 0)
    .map(({ id }) => entityOf('contract', id));
  const unread = [...found.filter(untold).map(({ entity }) => entity), ...open];
  const stopped = finder.doubtful().filter(({ client }) => asked === undefined || client === 0 || client === asked);
  const unsure = finder.unsure().filter((id) => asked === undefined || id === asked);
  const { as_of, today = as_of } = params;
  const proof = proofOf(methodOf(as_of === today), ledger, {
    notes: [saidOfDay('billing_leaks', as_of, today)],
    gaps: [...unread.map((entity) => ({ entity, fields: [] })), ...stopped],
    reasons: unsure.length === 0 ? [] : [notLookedFor(unsure)],
  });
  return {
    ...proof,
    as_of,
    leaks: found.map(show),
    billed_by_invoice: billedByInvoice(direct, ledger, finder),
    totals: proof.complete ? totalsOf(found, finder) : {},
  };
}

function notLookedFor(clients: readonly number[]): string {
  const [many, whose] = clients.length === 1 ? ['1 client', 'it is'] : [`${clients.length} clients`, 'they are'];
  const named = listed(clients.map((id) => labelOf(entityOf('client', id))));
  return `inactive_client_active_ri could not be looked for at ${many}, as it can’t be read whether ${whose} inactive (${named})`;
}

/** A leak before its value is known; `amount` is what the engine flagged. */
interface Candidate extends Pick<Found, 'kind' | 'severity' | 'client_id' | 'client' | 'entity'> {
  amount: Monthly | undefined;
}

function flagged({ clients }: Ledger): Candidate[] {
  return clients.flatMap(({ client: client_id, name: client, flags }) =>
    flags.flatMap(({ code, entity, amount }) => {
      const kind = LEAKS.find((one) => one === code);
      return kind === undefined ? [] : [{ kind, severity: FLAGS[code].severity, client_id, client, entity, amount }];
    }),
  );
}

function disabled(ledger: Ledger, finder: Finder): Candidate[] {
  const asked = ledger.params.client_id;
  return finder
    .disabled()
    .filter(({ client }) => asked === undefined || client === asked)
    .map(({ id, client }) => ({
      kind: 'disabled_ri_live_contract' as const,
      severity: 'high' as const,
      client_id: client,
      client: nameOf(ledger, client),
      entity: entityOf('recurring_invoice', id),
      amount: undefined,
    }));
}

const nameOf = ({ clients, facts }: Ledger, id: number): string =>
  clients.find(({ client }) => client === id)?.name ?? facts.clients.get(id)?.name ?? `Client ${id}`;

function billedByInvoice(direct: Direct, ledger: Ledger, finder: Finder): BilledByInvoice[] {
  return [...direct].flatMap(([id, { invoices, last }]) => {
    const contract = ledger.facts.contracts.get(id);
    if (contract === undefined) return [];
    const entity = entityOf('contract', id);
    return [
      {
        ...{ client_id: contract.client, client: nameOf(ledger, contract.client), entity: labelOf(entity) },
        ...shownValue(finder.valueOf(entity)),
        ...{ invoices, last_billed: last },
      },
    ];
  });
}

const show = ({ entity, value, lost, look_at, ...found }: Found): Leak => ({
  ...found,
  entity: labelOf(entity),
  ...shownValue(value),
  ...(lost !== undefined && value !== undefined && { runs_missed: lost.runs, lost: addUp([lost.amount], value.code) }),
  look_at,
});

/** By currency in the given order, then largest first; leaks without a value come last. */
function byMoney(codes: readonly string[]): (a: Found, b: Found) => number {
  const rank = ({ value }: Found) => (value === undefined ? codes.length : codes.indexOf(value.code));
  const size = ({ value }: Found) => (value?.amount ?? ZERO).abs();
  return (a, b) =>
    rank(a) - rank(b) ||
    size(b).cmp(size(a)) ||
    LEAKS.indexOf(a.kind) - LEAKS.indexOf(b.kind) ||
    Math.abs(a.entity.id ?? 0) - Math.abs(b.entity.id ?? 0);
}

function totalsOf(leaks: readonly Found[], finder: Finder): LeakTotals {
  const totals: LeakTotals = {};
  const bare = new Set(
    leaks.filter(({ kind }) => kind === 'contract_no_recurring_invoice').map(({ entity }) => entity.id),
  );
  for (const code of new Set(leaks.flatMap(({ value }) => value?.code ?? []))) {
    const own = leaks.filter(({ value }) => value?.code === code);
    const sumOf = (some: readonly Found[]): Total => ({
      count: some.length,
      monthly_value: addUp(
        some.flatMap(({ value }) => value?.amount ?? []),
        code,
      ),
    });
    const once = new Map<string, Found>();
    const lost = new Map<string, Big>();
    for (const one of own) {
      const label = labelOf(one.entity);
      if (one.lost !== undefined) lost.set(label, one.lost.amount);
      if (!once.has(label) && !isBeside(one, bare, finder)) once.set(label, one);
    }
    const kinds = LEAKS.map((kind) => [kind, own.filter((one) => one.kind === kind)] as const);
    totals[code] = {
      ...Object.fromEntries(kinds.filter(([, some]) => some.length > 0).map(([kind, some]) => [kind, sumOf(some)])),
      total: { ...sumOf([...once.values()]), lost: addUp([...lost.values()], code) },
    };
  }
  return totals;
}

/** The money of a disabled recurring invoice is that of the contract it leaves unbilled. */
function isBeside({ kind, entity }: Found, bare: ReadonlySet<number | undefined>, finder: Finder): boolean {
  const template = kind === 'disabled_ri_live_contract' ? finder.template(entity) : undefined;
  return template !== undefined && finder.idleContracts(template).every((id) => bare.has(id));
}
