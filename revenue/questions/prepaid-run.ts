/** How prepaid time or money was used up: what expires first is used first. */
import type Big from 'big.js';
import type { PrepayRow } from '../rows/prepay.js';
import { ZERO } from '../values/money.js';
import { compare } from './frame.js';

export const UNITS = ['hours', 'money'] as const;
export type Unit = (typeof UNITS)[number];

/** One kind of credit of one client: its blocks as they were used up, and the sums. */
export interface Run {
  readonly blocks: readonly { row: PrepayRow; size: Big; left: Big }[];
  readonly bought: Big;
  readonly taken: Big;
  readonly used: Big;
  readonly expired: Big;
}

/** What was drawn on a day. */
export interface Use {
  readonly date: string;
  readonly hours: Big;
  readonly money: Big;
}

/** A row with hours counts as hours; one with only money counts as money. */
const unitOf = ({ hours }: PrepayRow): Unit => (hours === undefined || hours.eq(0) ? 'money' : 'hours');
const sizeOf = (row: PrepayRow): Big => (unitOf(row) === 'hours' ? row.hours : row.amount) ?? ZERO;

/** Replays events in order of time, so that each block is used up as it was. */
export function runOf(rows: readonly PrepayRow[], uses: readonly Use[], unit: Unit, asOf: string): Run {
  const own = rows.filter((row) => unitOf(row) === unit && !sizeOf(row).eq(0));
  const blocks: { row: PrepayRow; size: Big; left: Big }[] = [];
  let [bought, taken, used, expired, owed] = [ZERO, ZERO, ZERO, ZERO, ZERO];
  const take = (amount: Big, date: string, gone = false): void => {
    let rest = amount;
    for (const block of blocks.toSorted(
      (a, b) => compare(a.row.expires ?? '9999', b.row.expires ?? '9999') || a.row.id - b.row.id,
    )) {
      const over = (block.row.expires ?? '9999') < date;
      if (rest.lte(0) || (over && !gone)) continue;
      const part = block.left.lt(rest) ? block.left : rest;
      block.left = block.left.minus(part);
      rest = rest.minus(part);
    }
    if (!gone) owed = owed.plus(rest);
  };
  const events = [
    ...own.map((row) => ({ date: row.date ?? '', order: sizeOf(row).gt(0) ? 0 : 2, row, use: undefined })),
    ...uses.map((use) => ({ date: use.date, order: 1, row: undefined, use: use[unit] })),
  ].sort((a, b) => compare(a.date, b.date) || a.order - b.order);
  for (const { date, row, use } of events) {
    if (use !== undefined) {
      used = used.plus(use);
      take(use, date);
    } else if (row !== undefined && sizeOf(row).gt(0)) {
      const size = sizeOf(row);
      bought = bought.plus(size);
      // Usage from before the purchase is taken from it.
      const due = owed.lt(size) ? owed : size;
      owed = owed.minus(due);
      blocks.push({ row, size, left: size.minus(due) });
    } else if (row !== undefined) {
      const size = sizeOf(row).abs();
      if (row.is_expiry) expired = expired.plus(size);
      else taken = taken.plus(size);
      take(size, date, row.is_expiry);
    }
  }
  for (const block of blocks) {
    if (block.row.expires === undefined || block.row.expires >= asOf || block.left.lte(0)) continue;
    // Expiries that Halo has processed have their own row, so they are not deducted again.
    if (!block.row.expiry_handled) expired = expired.plus(block.left);
    block.left = ZERO;
  }
  return { blocks, bought, taken, used, expired };
}

/** bought - taken off - used - expired. */
export const balanceOf = ({ bought, taken, used, expired }: Run): Big => bought.minus(taken).minus(used).minus(expired);
