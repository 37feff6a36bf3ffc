/** Turns the engine's bridge into the tool's answer. */
import type Big from 'big.js';
import {
  type Book,
  type Bridge,
  type Bridged,
  bridgeIn,
  decimalsOf,
  inOneGo,
  labelOf,
  money,
  type Params,
  type Steps,
  saidOfDay,
  saidOfPostingIn,
  unstated,
  WAYS,
  type Way,
} from '../../index.js';
import { listed, type Proof, proofOf } from './proof.js';

export type BridgeRow = Record<'currency' | Exclude<keyof Bridge, 'currency'>, string>;

export interface StepRow {
  currency: string;
  way: Way;
  /** As a step of the bridge: what ended is below zero. */
  amount: string;
  entity: string;
  client_id: number;
  client: string;
  reason: string;
}

export interface BridgeAnswer extends Proof {
  statement: string;
  as_of: string;
  month_end: string;
  bridge: BridgeRow[];
  steps: StepRow[];
}

const METHOD =
  'Billed MRR is that of the posted invoices whose service period holds the last day of the last complete month, and not billed what goes on after the last bill of an active recurring invoice; with what has started since, less what has ended since, and the changes of price and quantity since, it is the run rate of the recurring invoices on the day asked about, and with contracts that no recurring invoice bills it is contracted_mrr, which in revenue_breakdown leaves out the run rate under no contract; what has no cause of its own is other and has its reason beside it.';

/** From what is billed to the run rate. The book needs the invoices of the last complete month's service periods. */
export const answerBridge = inOneGo(answerBridgeIn);

/** The same in steps. */
export function* answerBridgeIn(book: Book, params: Params): Steps<BridgeAnswer> {
  const bridged = yield* bridgeIn(book, params);
  const proof = proofOf(METHOD, bridged.ledger, { notes: notesOf(bridged, params), gaps: bridged.unread });
  return {
    ...proof,
    statement: stateOf(bridged, params, proof),
    ...{ as_of: params.as_of, month_end: bridged.month_end },
    bridge: bridged.bridge.map(showBridge),
    steps: bridged.steps.map(({ currency, way, amount, entity, client, name, reason }) => ({
      ...{ currency, way, amount: money(amount, decimalsOf(currency)), entity: labelOf(entity) },
      ...{ client_id: client, client: name ?? `Client ${client}`, reason },
    })),
  };
}

function showBridge({ currency, ...amounts }: Bridge): BridgeRow {
  const show = (amount: Big) => money(amount, decimalsOf(currency));
  return {
    currency,
    ...{ billed_mrr: show(amounts.billed_mrr), not_billed: show(amounts.not_billed) },
    ...{ started: show(amounts.started), ended: show(amounts.ended) },
    ...{ price: show(amounts.price), quantity: show(amounts.quantity), other: show(amounts.other) },
    mrr: show(amounts.mrr),
    ...{ contract_only_mrr: show(amounts.contract_only_mrr), contracted_mrr: show(amounts.contracted_mrr) },
    difference: show(amounts.difference),
  };
}

/** What a director would sign: one sentence per currency; none where what was not read would look like a change. */
function stateOf({ bridge, month_end }: Bridged, { as_of }: Params, proof: Proof): string {
  if (!proof.complete) return unstated(proof.reason);
  if (bridge.length === 0) return `Nothing was billed per month on ${month_end}, and nothing recurs on ${as_of}.`;
  const sentences = bridge.map((row) => {
    const shown = showBridge(row);
    const agreed = row.contract_only_mrr.eq(0)
      ? ''
      : `; run rate and contracts that nothing bills (${shown.contract_only_mrr}) come to ${shown.contracted_mrr}`;
    const off = row.difference.eq(0) ? '' : `; ${shown.difference} is not explained`;
    return `${row.currency}: ${shown.billed_mrr} a month was billed for ${month_end}${wayOf(row)} the run rate of ${shown.mrr} on ${as_of}${agreed}${off}.`;
  });
  return sentences.join(' ');
}

/** How each way is called in the sentence. */
const CALLED = {
  not_billed: 'not billed yet',
  started: 'started since',
  ended: 'ended since',
  price: 'of price',
  quantity: 'of quantity',
  other: 'other',
} as const satisfies Record<Way, string>;

/** What is added, then what is taken off, each without its sign. */
function wayOf(row: Bridge): string {
  const steps = WAYS.map((way) => ({ way, amount: way === 'ended' ? row.ended.neg() : row[way] }));
  const said = (some: typeof steps) =>
    inWords(some.map(({ way, amount }) => `${money(amount.abs(), decimalsOf(row.currency))} ${CALLED[way]}`));
  const [more, less] = [
    said(steps.filter(({ amount }) => amount.gt(0))),
    said(steps.filter(({ amount }) => amount.lt(0))),
  ];
  const ways = [more && `plus ${more}`, less && `less ${less}`].filter(Boolean).join(', ');
  return ways === '' ? ', which is' : `; ${ways}, that is`;
}

const inWords = (all: readonly string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;

function notesOf({ steps, history, ledger }: Bridged, { as_of: asOf, today }: Params): string[] {
  const other = new Map<string, string[]>();
  for (const { way, reason, entity } of steps)
    if (way === 'other') other.set(reason, [...(other.get(reason) ?? []), labelOf(entity)]);
  const reasons = [...other].map(([reason, entities]) => `${reason} (${listed(entities)})`);
  return [
    saidOfDay('revenue_bridge', asOf, today),
    saidOfPostingIn(ledger.facts),
    reasons.length > 0 ? `Other: ${reasons.join('; ')}.` : '',
    `Invoices dated before ${history.since} were not read.`,
  ];
}
