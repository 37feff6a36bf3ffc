/** Look-ups for work: each action once, which invoice holds it, and the currency of its price. */
import type { Exchange } from '../ledger/exchange.js';
import type { OpenItem } from '../rows/open-items.js';
import type { Work } from '../rows/work.js';
import type { Shown } from '../values/exchange.js';
import type { Books } from './frame.js';

/** What an invoice number refers to: nothing that counts, a draft, or a posted document. */
export type Holder = 'none' | 'missing' | 'draft' | 'posted';

/** One action per ticket and id: the last modified. */
export function eachOnce(work: readonly Work[]): Work[] {
  const byKey = new Map<string, Work>();
  for (const one of work) {
    const key = `${one.ticket}/${one.id}`;
    const other = byKey.get(key);
    if (other === undefined || one.modified > other.modified) byKey.set(key, one);
  }
  return [...byKey.values()].sort((a, b) => a.ticket - b.ticket || a.id - b.id);
}

const isSome = (hours: Work['hours']): boolean => hours?.eq(0) === false;

/**
 * Whether these hours of work are told apart as charged, covered by an agreement or prepaid. In a Halo that does not
 * record them, all three are 0 on every action.
 */
export const keepsAccount = (work: readonly Work[]): boolean =>
  work.some(({ charge, covered, prepaid }) => [charge, covered, prepaid].some(isSome)) ||
  !work.some(({ hours }) => isSome(hours));

/** What an invoice number refers to on a day. A void frees its hours, and so does a later invoice. */
export function holders(documents: readonly OpenItem[], asOf: string): (ref: string | undefined) => Holder {
  const byRef = new Map<string, OpenItem>();
  for (const one of documents) {
    if (one.number !== undefined) byRef.set(one.number, one);
  }
  for (const one of documents) byRef.set(String(one.id), one);
  return (ref) => {
    if (ref === undefined) return 'none';
    const document = byRef.get(ref);
    if (document === undefined) return 'missing';
    if (document.standing === 'void' || (document.date !== undefined && document.date > asOf)) return 'none';
    return document.posted ? 'posted' : 'draft';
  };
}

/** The currency that a client's time is priced in: its own, else home. */
export function currencies(books: Books, exchange: Exchange): (client: number) => Shown | undefined {
  const byClient = new Map(books.clients.map(({ id, currency }) => [id, currency]));
  return (client) => {
    const code = exchange.code(byClient.get(client) ?? { code: undefined, id: undefined });
    return code === undefined ? undefined : exchange.show(code);
  };
}
