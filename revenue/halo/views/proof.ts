/** What each answer says about itself: its method, whether it is complete, and what else to know. */

import type Big from 'big.js';
import { type AnswerText, table, z } from '../../../core/index.js';
import {
  decimalsOf,
  type Entity,
  type FlagCode,
  gapsOf,
  type Ledger,
  labelOf,
  type Monthly,
  money,
  saidOfPostingIn,
  sum,
  type Unread,
} from '../../index.js';

/** The keys that all four answers start with. */
export const PROOF = {
  method: z.string(),
  complete: z.boolean(),
  reason: z.string().optional(),
  note: z.string().optional(),
};

export interface Proof {
  method: string;
  complete: boolean;
  reason?: string | undefined;
  note?: string | undefined;
}

/** The kinds of rows behind figures of what was billed; all others are behind agreements. */
const BILLED: readonly Entity['kind'][] = ['invoice', 'currency'];

/**
 * The method, and whether the book was read completely. An unreadable row counts as a gap only if the answer is made of
 * its kind: a broken recurring invoice does not affect what was billed.
 */
export function proofOf(
  method: string,
  ledger: Ledger,
  { billed = false, notes = [], gaps = [], reasons: more = [] }: Said = {},
) {
  const rows = ledger.flags.filter(({ code, entity }) => code === 'incomplete_data' && entity.kind !== 'book');
  const counting = rows.filter(({ entity }) => !billed || BILLED.includes(entity.kind));
  const reasons = [...gapsOf(ledger.book, [...counting, ...gaps]), ...more];
  const note = notes.filter(Boolean).join(' ');
  return {
    method,
    complete: reasons.length === 0,
    ...(reasons.length > 0 && { reason: reasons.join('; ') }),
    ...(note !== '' && { note }),
  };
}

interface Said {
  billed?: boolean;
  notes?: readonly string[];
  /** Gaps that the ledger does not know of. */
  gaps?: readonly Unread[];
  /** Other reasons why the answer is incomplete, in words. */
  reasons?: readonly string[];
}

/** Method, gaps and notes first, then the data; the whole head is our own words. */
export function textOf({ method, complete, reason, note }: Proof, title: string, data: string): AnswerText {
  const gap = complete
    ? ''
    : `INCOMPLETE (${reason}): this covers only what was read; rows may be missing or wrong, and no sum is a total.`;
  return { head: [gap, title, `Method: ${method}`, note && `Note: ${note}`].filter(Boolean).join('\n'), data };
}

/** A table of the answer: its heading and its rows. */
export type Section = readonly [heading: string, rows: readonly Record<string, unknown>[]];

export const titled = ([heading, rows]: Section) => (heading === '' ? table(rows) : `${heading}:\n${table(rows)}`);

/** The sum of amounts in one currency, as shown. */
export function addUp(amounts: readonly Big[], code: string): string {
  return money(sum(amounts), decimalsOf(code));
}

/** A monthly value as shown; empty if there is none to show. */
export function shownValue(value: Monthly | undefined): { monthly_value?: string; currency?: string } {
  if (value === undefined) return {};
  return { monthly_value: money(value.amount, decimalsOf(value.code)), currency: value.code };
}

/** What is odd about the documents behind figures of what was billed. */
export function billedNotes({ flags, totals, facts }: Ledger): string[] {
  const raised = (wanted: FlagCode) => flags.filter(({ code }) => code === wanted);
  const twice = raised('duplicate_invoice_suspected').map(({ entity }) => labelOf(entity));
  const drafts = [...totals].flatMap(([code, { unposted }]) =>
    unposted.eq(0) ? [] : `${money(unposted, decimalsOf(code))} ${code}`,
  );
  return [
    saidOfPostingIn(facts),
    drafts.length > 0 ? `Not posted and not counted: ${drafts.join(', ')}.` : '',
    twice.length > 0 ? `Looks billed twice, and counts twice in what was billed: ${listed(twice)}.` : '',
  ];
}

/** The first five, and how many more. */
export function listed(entities: readonly string[]): string {
  const shown = entities.slice(0, 5).join(', ');
  return entities.length > 5 ? `${shown} and ${entities.length - 5} more` : shown;
}
