/**
 * The bridge (B1): from the amount billed per month at the last month's end to the run rate on a day, and to the
 * contracted amount.
 */
import type Big from 'big.js';
import { type Entity, entityOf } from '../ledger/entity.js';
import type { Unread } from '../ledger/gaps.js';
import { type Ledger, postIn } from '../ledger/ledger.js';
import type { Params } from '../ledger/params.js';
import type { Book } from '../rows/book.js';
import type { RecurringInvoice } from '../rows/rows.js';
import { codeOf } from '../rules/currency.js';
import { type Run, runOf, type TemplateState } from '../rules/runrate.js';
import { collect } from '../values/collect.js';
import { decimalsOf } from '../values/currency.js';
import { round, sum, ZERO } from '../values/money.js';
import { completeMonths } from '../values/months.js';
import { repeats } from '../values/periods.js';
import { each, inOneGo, type Steps } from '../values/steps.js';
import { type Step, stepsOf, WAYS, type Way } from './drift.js';
import { type History, historyIn } from './history.js';
import type { Strand } from './strands.js';
import type { InForce } from './subscription.js';

/** A step of the bridge, and what it concerns. */
export interface BridgeStep extends Step {
  readonly currency: string;
  readonly client: number;
  readonly name: string | undefined;
  readonly entity: Entity;
}

/** billed_mrr + not_billed + started - ended + price + quantity + other = mrr; mrr + contract_only_mrr = contracted_mrr. */
export interface Bridge extends Readonly<Record<Way, Big>> {
  readonly currency: string;
  readonly billed_mrr: Big;
  readonly mrr: Big;
  readonly contract_only_mrr: Big;
  readonly contracted_mrr: Big;
  /** The run rate less the sum of the steps: zero if the answer is complete. */
  readonly difference: Big;
}

export interface Bridged {
  readonly ledger: Ledger;
  readonly history: History;
  /** The last day of the month where the bridge starts. */
  readonly month_end: string;
  readonly bridge: readonly Bridge[];
  /** By currency, then largest first. */
  readonly steps: readonly BridgeStep[];
  readonly unread: readonly Unread[];
}

/** The bridge of a book. It needs the invoices of the service periods of the last complete month before `as_of`. */
export const bridgeOf = inOneGo(bridgeIn);

/** The same in steps. */
export function* bridgeIn(book: Book, params: Params): Steps<Bridged> {
  const month = completeMonths(params.as_of, 1);
  const ledger = yield* postIn(book, { ...params, ...month, month_basis: 'billed' });
  const seen = { on: params.as_of, today: params.today };
  const history = yield* historyIn(ledger.facts, month, seen, params.client_id);
  const everybody = params.client_id === undefined ? history : yield* historyIn(ledger.facts, month, seen);
  const steps = yield* stepsIn(ledger, history.strands, everybody.strands, month.to);
  const codes = new Set([...ledger.totals.keys(), ...history.series.map(({ currency }) => currency)]);
  const unread = [
    ...history.unread.map((id) => ({ entity: entityOf('invoice', id), fields: [] })),
    ...history.unsure.map((id) => ({ entity: entityOf('recurring_invoice', id), fields: [] })),
    ...steps.flatMap((step) => step.unread ?? []),
  ];
  const bridge = [...codes].map((code) => bridgeRow(code, ledger, history, steps)).filter((row) => !isEmpty(row));
  return { ledger, history, month_end: month.to, bridge, steps: steps.sort(largestFirst), unread };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const largestFirst = (a: BridgeStep, b: BridgeStep) =>
  compare(a.currency, b.currency) || b.amount.abs().cmp(a.amount.abs()) || (a.entity.id ?? 0) - (b.entity.id ?? 0);

function bridgeRow(code: string, ledger: Ledger, { series }: History, steps: readonly BridgeStep[]): Bridge {
  const own = series.filter(({ currency }) => currency === code);
  const billed_mrr = sum(own.flatMap(({ billed }) => billed.at(-1) ?? []));
  const by = (way: Way) =>
    sum(steps.flatMap((step) => (step.way === way && step.currency === code ? [step.amount] : [])));
  const ways = Object.fromEntries(WAYS.map((way) => [way, by(way)])) as Record<Way, Big>;
  const mrr = ledger.totals.get(code)?.mrr ?? ZERO;
  const contract_only_mrr = ledger.totals.get(code)?.contract_only ?? ZERO;
  return {
    currency: code,
    billed_mrr,
    ...ways,
    ended: ways.ended.neg(),
    mrr,
    contract_only_mrr,
    contracted_mrr: mrr.plus(contract_only_mrr),
    difference: mrr.minus(sum([billed_mrr, ...Object.values(ways)])),
  };
}

const isEmpty = ({ currency: _, ...amounts }: Bridge) => Object.values(amounts).every((amount) => amount.eq(0));

function* stepsIn(
  ledger: Ledger,
  strands: readonly Strand[],
  all: readonly Strand[],
  end: string,
): Steps<BridgeStep[]> {
  const { facts, params } = ledger;
  const key = (template: number, currency: string | undefined) => `${template} ${currency}`;
  const templateOf = (strand: Strand) => strand.subscription.prices[0]?.template ?? 0;
  const byTemplate = collect(strands, (strand) => key(templateOf(strand), strand.currency));
  const everybodys = collect(all, (strand) => key(templateOf(strand), strand.currency));
  const templates = new Map(facts.templates.map((template) => [template.id, template]));
  const steps = strands.flatMap(notBilled);
  yield;
  yield* each(facts.templates, (template) => {
    const code = codeOf(template.currency, facts.currencies);
    if (code === undefined || (params.client_id !== undefined && template.client !== params.client_id)) return;
    const own = byTemplate.get(key(template.id, code)) ?? [];
    const found = compared(template, code, own, everybodys.get(key(template.id, code)) ?? [], params.as_of, end);
    const about = { currency: code, client: template.client, entity: entityOf('recurring_invoice', template.id) };
    const name = facts.clients.get(template.client)?.name ?? template.client_name;
    steps.push(...found.map((step) => ({ ...step, ...about, name })));
    byTemplate.delete(key(template.id, code));
  });
  for (const some of byTemplate.values()) steps.push(...withoutTemplate(some, templates));
  return steps;
}

/** T2: what continues after its last bill. */
function notBilled({ cells, currency, owner, name, subscription }: Strand): BridgeStep[] {
  const cell = cells.at(-1);
  const amount = cell?.mrr.minus(cell.billed) ?? ZERO;
  if (amount.eq(0) || currency === undefined) return [];
  const entity = entityOf('recurring_invoice', subscription.prices[0]?.template ?? 0);
  const reason = subscription.tails.length > 0 ? 'not billed since its last period' : 'another takes its place';
  return [{ way: 'not_billed', amount, currency, client: owner, name, entity, reason }];
}

function compared(
  template: RecurringInvoice,
  code: string,
  own: readonly Strand[],
  all: readonly Strand[],
  asOf: string,
  end: string,
): Step[] {
  const decimals = decimalsOf(code);
  const run = runOf(template, asOf);
  const counts = run.state === 'active' && repeats(template.period);
  const now = counts ? round(run.mrr, decimals) : ZERO;
  const was = sum(own.map(({ cells }) => cells.at(-1)?.mrr ?? ZERO));
  const total = now.minus(was);
  if (total.eq(0)) return [];
  const at = (some: readonly Strand[]): InForce[] => some.flatMap(({ cells }) => cells.at(-1)?.prices ?? []);
  if (at(own).length === 0) return [begun(template, all, total, end)];
  if (!counts) return [{ way: ENDED.has(run.state) ? 'ended' : 'other', amount: total, reason: reasonOf(run) }];
  return stepsOf({ template, run, prices: at(own), all: at(all), total, decimals });
}

const ENDED: ReadonlySet<TemplateState> = new Set(['disabled', 'ended']);

function reasonOf({ state }: Run): string {
  if (state === 'disabled') return 'disabled since';
  if (state === 'ended') return 'ended since';
  return state === 'not_started' ? 'it starts again later' : 'its billing period is unknown';
}

/** A template that was worth nothing at the month's end, but is now. */
function begun({ start }: RecurringInvoice, all: readonly Strand[], amount: Big, end: string): Step {
  if ((start ?? '') > end) return { way: 'started', amount, reason: 'started since' };
  const first = all.map((strand) => strand.first).sort()[0];
  if (first === undefined) return { way: 'other', amount, reason: 'active, and never billed' };
  if (first > end) return { way: 'started', amount, reason: 'first billed for days since' };
  return { way: 'other', amount, reason: 'active, and no bill holds the month’s end' };
}

/**
 * What was billed without a template, by one that the data lacks, or in another currency or for another client than its
 * own.
 */
function withoutTemplate(strands: readonly Strand[], templates: ReadonlyMap<number, RecurringInvoice>): BridgeStep[] {
  return strands.flatMap((strand): BridgeStep[] => {
    const cell = strand.cells.at(-1);
    const price = cell?.prices[0]?.price;
    if (cell === undefined || price === undefined || strand.currency === undefined || cell.mrr.eq(0)) return [];
    const about = { currency: strand.currency, client: strand.owner, name: strand.name, amount: cell.mrr.neg() };
    const { template: id, contract, document } = price;
    if (id === 0) {
      const entity = contract > 0 ? entityOf('contract', contract) : entityOf('invoice', document);
      return [{ ...about, entity, way: 'other', reason: 'billed without a recurring invoice' }];
    }
    const known = templates.get(id);
    const reason =
      known === undefined
        ? 'its recurring invoice is not in the data'
        : `its recurring invoice is of client ${known.client}, or in another currency`;
    return [{ ...about, entity: entityOf('recurring_invoice', id), way: 'other', reason }];
  });
}
