/** T5: one subscription has one price, however often one of its periods was billed. */
import { collectIn } from '../values/collect.js';
import { each, type Steps } from '../values/steps.js';
import type { Price } from './prices.js';

/**
 * If several documents of one template cover the same days, the last one counts, line by line if lines are named.
 * Negative and positive amounts are kept separate, and so are pro-rata lines, which are duplicates only if their
 * amounts are equal. In steps.
 */
export function* withoutDuplicates(prices: readonly Price[]): Steps<{ kept: Price[]; duplicates: Price[] }> {
  const groups = yield* collectIn(prices, keyOf);
  const duplicates = new Set<Price>();
  yield* each(groups.values(), (group) => {
    if (new Set(group.map(({ document }) => document)).size < 2) return;
    const [first] = group;
    if (first === undefined || first.template === 0) return;
    const newestFirst = [...group].sort((a, b) => (isLater(a, b) ? -1 : 1));
    newestFirst.forEach((price, index) => {
      const later = newestFirst.slice(0, index).filter((other) => !duplicates.has(other));
      if (later.some((other) => other.document !== price.document && isSame(other, price))) duplicates.add(price);
    });
  });
  return { kept: prices.filter((price) => !duplicates.has(price)), duplicates: [...duplicates] };
}

const keyOf = ({ source, owner, currency, from, to, pro_rata, amount }: Price) =>
  [source, owner, currency, from, to, pro_rata ? amount.toFixed() : amount.lt(0)].join(' ');

const isSame = (a: Price, b: Price) =>
  a.template_line === b.template_line || a.template_line === 0 || b.template_line === 0;

/** Whether the first was billed after the second. */
export const isLater = (a: Pick<Price, 'date' | 'document'>, b: Pick<Price, 'date' | 'document'>): boolean =>
  a.date > b.date || (a.date === b.date && a.document > b.document);
