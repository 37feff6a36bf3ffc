/** What the lines of documents cost: kept apart from the book, since few questions need it and there are many lines. */
import type Big from 'big.js';
import { asRow, decimal, type HaloRow, integer, isSent, link, text } from './row.js';
import { ALL_READ } from './unread.js';

/** The cost of one line. */
export interface LineCost {
  /** Unit cost times quantity, with the sign of the quantity. Undefined if unknown, which is not 0. */
  readonly cost: Big | undefined;
  /** The unit cost is more than three times the price: it may be for another period. */
  readonly suspect: boolean;
}

/** A cost above this multiple of the price is marked as suspect. */
const MOST = 3;

/** The costs of lines, by their documents. */
export class Costs {
  readonly #all = new Map<number, Map<number, LineCost>>();
  readonly #unread = new Map<number, readonly string[]>();

  /** Takes the line costs in a row of /Invoice. */
  readonly see = (value: unknown): void => {
    const row = asRow(value);
    const id = integer(row?.id);
    if (row === undefined || id === undefined || !Array.isArray(row.lines)) return;
    const own = new Map<number, LineCost>();
    const unread: string[] = [];
    for (const one of row.lines) {
      const line = asRow(one);
      if (line === undefined) continue;
      const lineId = integer(line.id) ?? 0;
      const read = costOf(line, lineId);
      own.set(lineId, read.of);
      unread.push(...read.unread);
    }
    this.#all.set(id, own);
    if (unread.length > 0) this.#unread.set(id, [...new Set(unread)]);
    else this.#unread.delete(id);
  };

  /** The cost of a line; unknown if it was not stated, or if the line has no id of its own. */
  of(document: number, line: number): LineCost {
    return (line === 0 ? undefined : this.#all.get(document)?.get(line)) ?? UNKNOWN;
  }

  /** What a document sent of costs that can't be read, or not placed: a cost that is lost is not one that is unknown. */
  unreadOf(document: number): readonly string[] {
    return this.#unread.get(document) ?? ALL_READ;
  }
}

/** The cost of a line, and what of it was sent but can't be read, or not placed. */
interface Read {
  readonly of: LineCost;
  readonly unread: readonly string[];
}

const UNKNOWN: LineCost = { cost: undefined, suspect: false };
const NOT_SAID: Read = { of: UNKNOWN, unread: ALL_READ };

/**
 * 0, -1 and nothing mean that the cost is unknown: a role may hide it, and labour often has none. Without its id a line
 * can't be told from others, and neither can its cost.
 */
function costOf(line: HaloRow, id: number): Read {
  const unit = decimal(line.unit_cost);
  if (unit === undefined ? !isSent(line.unit_cost) : unit.lte(0)) return NOT_SAID;
  const quantity = decimal(line.qty_order);
  if (unit !== undefined && quantity !== undefined) {
    const price = decimal(line.unit_price);
    const suspect = price?.gt(0) === true && unit.gt(price.times(MOST));
    return { of: { cost: unit.times(quantity), suspect }, unread: id === 0 ? ['id of a line with a cost'] : ALL_READ };
  }
  const unread = [
    ...(unit === undefined ? ['unit_cost'] : []),
    ...(quantity === undefined && isSent(line.qty_order) ? ['qty_order'] : []),
  ];
  return { of: UNKNOWN, unread: unread.map((field) => `${field} of line ${id}`) };
}

/** What an agent costs per hour. */
export interface AgentCost {
  readonly id: number;
  readonly name: string | undefined;
  /** Undefined if unknown: hidden, 0, or more than an hour can cost (a year's salary). */
  readonly hourly: Big | undefined;
}

/** A higher cost is per year or per month. */
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
