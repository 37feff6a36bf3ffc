/** The movements of billed MRR: each change of a client's balance, named. */

import { decimalsOf, Exact, type MovementKind, money, movements } from '../../revenue/index.js';
import type { Balances } from './balances.js';
import { addUp } from './proof.js';

export const MOVES = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
export type Move = (typeof MOVES)[number];

/** One change of one client's balance; contraction and churn are below zero. */
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

const NAMES: Record<Exclude<MovementKind, 'none'>, Move> = {
  new_business: 'new',
  expansion: 'expansion',
  contraction: 'contraction',
  churn: 'churn',
  reactivation: 'reactivation',
};

/** All movements from the month at `first` on: the newest month first, in it by currency, then the largest. */
export function movesOf({ months, series }: Balances, first: number): MoveRow[] {
  const rows = series.flatMap(({ client, name, currency, balances }) =>
    movements(balances, decimalsOf(currency)).flatMap(({ kind, amount }, index): MoveRow[] => {
      if (index < first || kind === 'none') return [];
      const billed_mrr = money(new Exact(balances[index] ?? 0), decimalsOf(currency));
      return [
        {
          month: months[index] ?? '',
          currency,
          client_id: client,
          client: name ?? `Client ${client}`,
          kind: NAMES[kind],
          amount,
          billed_mrr,
        },
      ];
    }),
  );
  return rows.sort(
    (a, b) =>
      compare(b.month, a.month) ||
      compare(a.currency, b.currency) ||
      new Exact(b.amount).abs().cmp(new Exact(a.amount).abs()) ||
      a.client_id - b.client_id,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The movements of one currency by their kind. */
export function sumsOf(moves: readonly MoveRow[], code: string): Record<Move, string> {
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
