/** The movements of billed MRR: each change of a client's balance, named. */
import type Big from 'big.js';
import { decimalsOf, type MovementKind, money, movements, ZERO } from '../../revenue/index.js';
import type { Balances } from './balances.js';
import { addUp } from './proof.js';

export const MOVES = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
export type Move = (typeof MOVES)[number];

/** One change of one client's balance, as it is shown; contraction and churn are below zero. */
export interface MoveRow {
  month: string;
  currency: string;
  client_id: number;
  client: string;
  kind: Move;
  amount: string;
  /** The client's balance after it. */
  billed_mrr: string;
}

/** The same, exact. */
export interface Moved extends Omit<MoveRow, 'amount' | 'billed_mrr'> {
  amount: Big;
  billed_mrr: Big;
}

const NAMES: Record<Exclude<MovementKind, 'none'>, Move> = {
  new_business: 'new',
  expansion: 'expansion',
  contraction: 'contraction',
  churn: 'churn',
  reactivation: 'reactivation',
};

/** All movements from the month at `first` on: the newest month first, in it by currency, then the largest. */
export function movesOf({ months, series }: Balances, first: number): Moved[] {
  const rows = series.flatMap(({ client, name, currency, balances }) =>
    movements(balances, decimalsOf(currency)).flatMap(({ kind, amount }, index): Moved[] => {
      if (index < first || kind === 'none') return [];
      return [
        {
          month: months[index] ?? '',
          currency,
          client_id: client,
          client: name ?? `Client ${client}`,
          kind: NAMES[kind],
          amount,
          billed_mrr: balances[index] ?? ZERO,
        },
      ];
    }),
  );
  return rows.sort(
    (a, b) =>
      compare(b.month, a.month) ||
      compare(a.currency, b.currency) ||
      b.amount.abs().cmp(a.amount.abs()) ||
      a.client_id - b.client_id,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function showMove({ amount, billed_mrr, ...move }: Moved): MoveRow {
  const show = (exact: Big) => money(exact, decimalsOf(move.currency));
  return { ...move, amount: show(amount), billed_mrr: show(billed_mrr) };
}

/** The movements of one currency by their kind. */
export function sumsOf(moves: readonly Moved[], code: string): Record<Move, string> {
  const of = (kind: Move) =>
    addUp(
      moves.flatMap((move) => (move.kind === kind ? [move.amount] : [])),
      code,
    );
  return {
    new: of('new'),
    expansion: of('expansion'),
    contraction: of('contraction'),
    churn: of('churn'),
    reactivation: of('reactivation'),
  };
}
