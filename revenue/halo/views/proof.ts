/** What each answer says of itself: its method, whether it is whole, and what to know beside it. */

import type Big from 'big.js';
import { type AnswerText, z } from '../../../core/index.js';
import {
  decimalsOf,
  type Entity,
  type FlagCode,
  gapsOf,
  type Ledger,
  labelOf,
  type Monthly,
  money,
  sum,
} from '../../index.js';

/** The keys that all four answers begin with. */
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

/** The rows that figures of what was billed are made of; else those of agreements. */
const BILLED: readonly Entity['kind'][] = ['invoice', 'currency'];

/**
 * The method, and whether the book was read whole. A row that could not be read counts as a gap where the answer is
 * made of its kind: a broken recurring invoice takes nothing from what was billed.
 */
export function proofOf(
  method: string,
  ledger: Ledger,
  { billed = false, notes = [], gaps = [], reasons: more = [] }: Said = {},
) {
  const rows = ledger.flags.filter(({ code, entity }) => code === 'incomplete_data' && entity.kind !== 'book');
  const counting = rows.filter(({ entity }) => !billed || BILLED.includes(entity.kind));
  const reasons = [...gapsOf(ledger.book, [...counting, ...gaps.map((entity) => ({ entity, fields: [] }))]), ...more];
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
  /** What the ledger does not know to be unreadable. */
  gaps?: readonly Entity[];
  /** What else keeps the answer from being whole, in words. */
  reasons?: readonly string[];
}

/** Method, gaps and notes in front, then the data; all of the head is our own words. */
export function textOf({ method, complete, reason, note }: Proof, title: string, data: string): AnswerText {
  const gap = complete
    ? ''
    : `INCOMPLETE (${reason}): this covers only what was read; rows may be missing or wrong, and no totals are given.`;
  return { head: [gap, title, `Method: ${method}`, note && `Note: ${note}`].filter(Boolean).join('\n'), data };
}

/** The sum of amounts of one currency, as it is shown. */
export function addUp(amounts: readonly Big[], code: string): string {
  return money(sum(amounts), decimalsOf(code));
}

/** A monthly value as it is shown; nothing where there is none to show. */
export function shownValue(value: Monthly | undefined): { monthly_value?: string; currency?: string } {
  if (value === undefined) return {};
  return { monthly_value: money(value.amount, decimalsOf(value.code)), currency: value.code };
}

/** What is odd about the documents behind figures of what was billed. */
export function billedNotes({ flags, totals }: Ledger): string[] {
  const raised = (wanted: FlagCode) => flags.filter(({ code }) => code === wanted);
  const twice = raised('duplicate_invoice_suspected').map(({ entity }) => labelOf(entity));
  const drafts = [...totals].flatMap(([code, { unposted }]) =>
    unposted.eq(0) ? [] : `${money(unposted, decimalsOf(code))} ${code}`,
  );
  return [
    raised('no_posted_invoices').length > 0 ? 'No invoice at all is posted here, and only posted ones count.' : '',
    drafts.length > 0 ? `Not posted and not counted: ${drafts.join(', ')}.` : '',
    twice.length > 0 ? `Looks billed twice, and counts twice in what was billed: ${listed(twice)}.` : '',
  ];
}

/** The first five, and how many more. */
export function listed(entities: readonly string[]): string {
  const shown = entities.slice(0, 5).join(', ');
  return entities.length > 5 ? `${shown} and ${entities.length - 5} more` : shown;
}
