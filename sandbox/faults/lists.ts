import { onQuery } from './kind.js';

/** Every page after the first is not the one requested. */
const paged = (does: string, pageFor: (page: number) => number) =>
  onQuery(does, (query) => {
    const page = Number(query.get('page_no') ?? 1);
    if (page > 1) query.set('page_no', String(pageFor(page)));
  });

/** Parameters that shape a list rather than narrow it. */
const SHAPE = /^(pageinate|page_no|page_size|count|order|orderdesc|include\w*|loadreport)$/i;

/** Lists other than those requested. */
export const lists = {
  'paging-ignored': paged('every page is the first one', () => 1),
  'page-repeated': paged('every page but the first is the one before it', (page) => page - 1),
  'page-skipped': paged('every page but the first is the one after it', (page) => page + 1),
  'filter-ignored': onQuery(
    'rows that were not asked for: `parameters` (all that narrow a list) are ignored',
    (query, { parameters = [...query.keys()].filter((name) => !SHAPE.test(name)) }) => {
      for (const name of parameters) query.delete(name);
    },
  ),
} as const;
