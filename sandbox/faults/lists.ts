import { type FaultKind, onText } from './kind.js';

/** The answer to another question than the one that was asked. */
const asked = (does: string, change: (query: URLSearchParams, parameters?: readonly string[]) => void): FaultKind => ({
  ...{ does, on: 'api' },
  spoil({ request, answer, settings }) {
    const query = new URLSearchParams(request.query);
    change(query, settings.parameters);
    return answer({ ...request, query });
  },
});

/** Another page than the one that was asked for, under its number. */
const paged = (does: string, pageFor: (page: number) => number): FaultKind => {
  const other = asked(does, (query) => {
    const page = Number(query.get('page_no') ?? 1);
    if (page > 1) query.set('page_no', String(pageFor(page)));
  });
  const numbered = onText(does, (text, { request }) =>
    text.replace(/"page_no":\d+/, `"page_no":${request.query.get('page_no')}`),
  );
  return { ...other, spoil: (spoiling) => numbered.spoil({ ...spoiling, answer: async () => other.spoil(spoiling) }) };
};

/** What shapes a list, as against what narrows it. */
const SHAPE = /^(pageinate|page_no|page_size|count|order|orderdesc|include\w*|loadreport)$/i;

/** Lists that are not those asked for. */
export const lists = {
  'paging-ignored': paged('each page is the first one', () => 1),
  'page-repeated': paged('each page but the first is the one before it', (page) => page - 1),
  'page-skipped': paged('each page but the first is the one after it', (page) => page + 1),
  'filter-ignored': asked('rows that were not asked for: `parameters` (all that narrow) are ignored', (query, some) => {
    const ignored = some ?? [...query.keys()].filter((name) => !SHAPE.test(name));
    for (const name of ignored) query.delete(name);
  }),
} as const;
