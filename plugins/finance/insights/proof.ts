/** What each answer says of itself: its method, whether it is whole, and what to know beside it. */
import { type AnswerText, z } from '../../../core/index.js';
import {
  type Book,
  type Breakdown,
  decimalsOf,
  Exact,
  type FlagCode,
  money,
  sum,
  unreadList,
} from '../revenue/index.js';

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
const BILLED = /^(invoice|currency)/;

/**
 * The method, and whether the book was read whole. A row that could not be read counts as a gap where the answer is
 * made of its kind: a broken recurring invoice takes nothing from what was billed.
 */
export function proofOf(
  method: string,
  book: Book,
  { flags }: Breakdown,
  { billed = false, notes = [], gaps = [] }: Said = {},
) {
  const rows = flags.filter(({ code, entity }) => code === 'incomplete_data' && entity !== 'book');
  const unread = [...rows, ...gaps.map((entity) => ({ entity }))].filter(
    ({ entity }) => !billed || BILLED.test(entity),
  );
  const reasons = book.complete ? [] : [...(book.reason ?? ['something could not be fetched'])];
  if (unread.length > 0) reasons.push(`not readable whole: ${unreadList(unread)}`);
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
  /** Entities that the breakdown does not know to be unreadable. */
  gaps?: readonly string[];
}

/** Method, gaps and notes in front, then the data; all of the head is our own words. */
export function textOf({ method, complete, reason, note }: Proof, title: string, data: string): AnswerText {
  const gap = complete
    ? ''
    : `INCOMPLETE (${reason}): this covers only what was read; rows may be missing or wrong, and no totals are given.`;
  return { head: [gap, title, `Method: ${method}`, note && `Note: ${note}`].filter(Boolean).join('\n'), data };
}

/** The sum of decimal strings of one currency. */
export function addUp(amounts: readonly (string | undefined)[], code: string): string {
  return money(sum(amounts.map((amount) => new Exact(amount ?? 0))), decimalsOf(code));
}

export const isZero = (amount: string): boolean => new Exact(amount).eq(0);

/** What is odd about the documents behind figures of what was billed. */
export function billedNotes({ flags, totals }: Breakdown): string[] {
  const raised = (wanted: FlagCode) => flags.filter(({ code }) => code === wanted);
  const twice = raised('duplicate_invoice_suspected').map(({ entity }) => entity);
  const drafts = Object.entries(totals).filter(([, { unposted_net: net }]) => !isZero(net));
  return [
    raised('no_posted_invoices').length > 0 ? 'No invoice at all is posted here, and only posted ones count.' : '',
    drafts.length > 0
      ? `Not posted and not counted: ${drafts.map(([code, { unposted_net: net }]) => `${net} ${code}`).join(', ')}.`
      : '',
    twice.length > 0 ? `Looks billed twice, and counts twice: ${listed(twice)}.` : '',
  ];
}

/** The first five, and how many more. */
function listed(entities: readonly string[]): string {
  const shown = entities.slice(0, 5).join(', ');
  return entities.length > 5 ? `${shown} and ${entities.length - 5} more` : shown;
}
