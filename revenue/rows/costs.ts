/** What the lines of documents cost: kept beside the book, as few questions ask for it and lines are many. */
import type Big from 'big.js';
import { asRow, decimal, integer, link, text } from './row.js';

/** The cost of one line. */
export interface LineCost {
  /** Cost of one, times the quantity; signed as the quantity is. Undefined where it is not known, which is not 0. */
  readonly cost: Big | undefined;
  /** The cost of one is more than three times its price: it may be for another period. */
  readonly suspect: boolean;
}

/** A cost of more than this many times the price is not believed without a word. */
const MOST = 3;

/** The costs of lines, by their documents. */
export class Costs {
  readonly #all = new Map<number, Map<number, LineCost>>();

  /** Takes what a row of /Invoice says of its lines' costs. */
  readonly see = (value: unknown): void => {
    const row = asRow(value);
    const id = integer(row?.id);
    if (row === undefined || id === undefined || !Array.isArray(row.lines)) return;
    const own = new Map<number, LineCost>();
    for (const one of row.lines) {
      const line = asRow(one);
      if (line !== undefined) own.set(integer(line.id) ?? 0, costOf(line));
    }
    this.#all.set(id, own);
  };

  /** The cost of a line; unknown where nobody said it, and for lines without an id of their own. */
  of(document: number, line: number): LineCost {
    return (line === 0 ? undefined : this.#all.get(document)?.get(line)) ?? UNKNOWN;
  }
}

const UNKNOWN: LineCost = { cost: undefined, suspect: false };

/** 0, -1 and nothing are no cost: a role may hide it, and labour often has none. */
function costOf(line: Record<string, unknown>): LineCost {
  const [unit, quantity, price] = [decimal(line.unit_cost), decimal(line.qty_order), decimal(line.unit_price)];
  if (unit === undefined || unit.lte(0) || quantity === undefined) return UNKNOWN;
  return { cost: unit.times(quantity), suspect: price?.gt(0) === true && unit.gt(price.times(MOST)) };
}

/** What an hour of an agent costs. */
export interface AgentCost {
  readonly id: number;
  readonly name: string | undefined;
  /** Undefined where it is not known: hidden, 0, or more than an hour can cost (a year's salary). */
  readonly hourly: Big | undefined;
}

/** Above it a cost is one of a year or a month. */
const MOST_AN_HOUR = 1000;

/** Reduces a row of /Agent; undefined where it has no id. */
export function keepAgentCost(value: unknown): AgentCost | undefined {
  const row = asRow(value);
  const id = link(row?.id);
  if (row === undefined || id === 0) return undefined;
  const cost = decimal(row.costprice);
  const hourly = cost?.gt(0) && cost.lte(MOST_AN_HOUR) ? cost : undefined;
  return { id, name: text(row.name), hourly };
}
