/** The pages of a list as one answer, whatever a tool answers of them. */
import { expect, test } from 'vitest';
import { everyPage, partOf } from '../../cli/pages.js';
import type { PublicTool } from '../../core/output/schema.js';
import type { CallResult } from '../../core/session.js';

type Row = Record<string, unknown>;
const array = (properties: Row) => ({ type: 'object', properties });
const tool = {
  name: 'list_things',
  inputSchema: array({ page: {}, page_size: { maximum: 100 } }),
  outputSchema: array({ items: { type: 'array' } }),
} as unknown as PublicTool;
const answer = (structuredContent: Row): CallResult => ({ content: [], structuredContent });

/** A list of that many rows, of which a page never has more than `most`; and what it was asked for. */
function listOf(count: number, { most = 100, total = count as number | null } = {}) {
  const asked: Row[] = [];
  const call = async (args: Row) => {
    asked.push(args);
    const [page, size] = [Number(args.page), Math.min(most, Number(args.page_size))];
    const items = Array.from({ length: count }, (_, n) => ({ id: n + 1 })).slice((page - 1) * size, page * size);
    return answer({ items, page, page_size: size, total, next_page: page * size < count ? page + 1 : null });
  };
  return { call, asked };
}

const idsOf = ({ structuredContent }: CallResult) => ((structuredContent?.items ?? []) as Row[]).map(({ id }) => id);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test('a list is read in its largest pages, with the other arguments as they are', async () => {
  const { call, asked } = listOf(250);
  const all = await everyPage(call, { open_only: true, page_size: 20 }, tool);
  expect(idsOf(all)).toEqual(upTo(250));
  expect(all.structuredContent).toMatchObject({ page: 1, page_size: 250, total: 250, next_page: null });
  expect(all.structuredContent?.hint).toBeUndefined();
  expect(asked).toEqual([1, 2, 3].map((page) => ({ open_only: true, page, page_size: 100 })));
});

test('a list that serves fewer rows a page than it was asked for is read to its end', async () => {
  const { call } = listOf(120, { most: 50, total: null });
  expect(idsOf(await everyPage(call, {}, tool))).toEqual(upTo(120));
});

test('a row that moves onto the next page is there once, and a count that differs is told', async () => {
  const pages = [[1, 2], [2, 3], [4]];
  const call = async ({ page }: Row) => {
    const ids = pages[Number(page) - 1] ?? [];
    const next_page = Number(page) < 3 ? Number(page) + 1 : null;
    return answer({ items: ids.map((id) => ({ id })), page, page_size: 2, total: 5, next_page, hint: 'Look.' });
  };
  const all = await everyPage(call, {}, tool);
  expect(idsOf(all)).toEqual([1, 2, 3, 4]);
  expect(all.structuredContent?.hint).toBe(
    'Look. 4 rows were read where Halo counts 5: some came or went meanwhile. Call again.',
  );
});

test('what the pages say of their rows is told once, by the page that says most', async () => {
  const said = [
    'Only small ones; ask for all. Look.',
    'Only small ones, big ones with a mark; ask for all.',
    'Only small ones; ask for all. 2 are new.',
  ];
  const call = async ({ page }: Row) =>
    answer({
      items: [{ id: page }],
      page,
      page_size: 1,
      total: 3,
      next_page: page === 3 ? null : Number(page) + 1,
      hint: said[Number(page) - 1],
    });
  expect((await everyPage(call, {}, tool)).structuredContent?.hint).toBe(
    'Look. Only small ones, big ones with a mark; ask for all. 2 are new.',
  );
});

test('what each page leaves out is told, in the same words or not', async () => {
  const said = ["Values can't be read, left out: kind of 1.", "Values can't be read, left out: kind of 2; net of 2."];
  const call = async ({ page }: Row) => {
    const next_page = page === 1 ? 2 : null;
    return answer({ items: [{ id: page }], page, page_size: 1, total: null, next_page, hint: said[Number(page) - 1] });
  };
  expect((await everyPage(call, {}, tool)).structuredContent?.hint).toBe(said.join(' '));
});

/** A list of these pages, which counts that many rows. */
const pagesOf =
  (pages: readonly Row[][], total: number) =>
  async ({ page }: Row) =>
    answer({
      ...{ items: pages[Number(page) - 1] ?? [], page, page_size: 2, total },
      next_page: Number(page) < pages.length ? Number(page) + 1 : null,
    });

test.each<[string, Row[][]]>([
  ['without an id, on one page and on several', [[{ name: 'A' }, { name: 'A' }], [{ name: 'A' }]]],
  ['with an id, on one page', [[{ id: 1 }, { id: 1 }], [{ id: 2 }]]],
])('rows that look alike are all there: %s', async (_, pages) => {
  const { structuredContent } = await everyPage(pagesOf(pages, 3), {}, tool);
  expect([structuredContent?.items, structuredContent?.hint]).toEqual([pages.flat(), undefined]);
});

test('one row is told as one', async () => {
  const { content, structuredContent } = await everyPage(pagesOf([[{ id: 1 }]], 2), {}, tool);
  expect(content).toEqual([{ type: 'text', text: '1 row' }]);
  expect(structuredContent?.hint).toBe('1 row was read where Halo counts 2: some came or went meanwhile. Call again.');
});

test('an error on any page is the answer, without the rows before it', async () => {
  const { call } = listOf(250);
  const error: CallResult = { isError: true, content: [{ type: 'text', text: 'HALO_TIMEOUT: Halo is slow.' }] };
  expect(await everyPage(async (args) => (args.page === 2 ? error : call(args)), {}, tool)).toBe(error);
});

test('a list that names the same page as its next one ends', async () => {
  const call = async () => answer({ items: [{ id: 1 }], page: 1, page_size: 1, total: null, next_page: 1 });
  expect(idsOf(await everyPage(call, {}, tool))).toEqual([1]);
});

test.each<[Row, string]>([
  [{ items: [1, 2], total: 717, next_page: 2 }, 'The file holds 2 of 717 rows. Add --all to have every page.'],
  [
    { items: [1], total: null, next_page: 2 },
    'The file holds 1 row, and there are more. Add --all to have every page.',
  ],
  [{ items: [1], total: null, next_page: null, hint: 'Looked through 1 of 9.' }, 'Looked through 1 of 9.'],
  [
    { items: [1], total: null, next_page: 2, hint: 'Look.' },
    'The file holds 1 row, and there are more. Add --all to have every page.\nLook.',
  ],
  [{ items: [1], total: 3, next_page: null, omitted: 2 }, 'The file holds 1 of 3 rows. Add --all to have every page.'],
])('a file that holds a part of its list says how much of it: %j', (list, said) => {
  expect(partOf(answer(list))).toBe(said);
});

test.each<Row>([
  { items: [1], total: 1, next_page: null },
  { items: [1], total: 1, next_page: null, hint: 'Look.' },
  { id: 1, total: null, hint: 'Look.' },
])('a file of %j holds all of it', (whole) => {
  expect(partOf(answer(whole))).toBeUndefined();
});
