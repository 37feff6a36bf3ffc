import { Buffer } from 'node:buffer';
import {
  bodyOf,
  isLookup,
  isRecord,
  json,
  type List,
  listOf,
  nameOf,
  onLists,
  type Row,
  sealed,
  withQuery,
} from './halo.js';
import type { Json, Spoil } from './stage.js';

const counted = (list: List, record_count: unknown) =>
  sealed(list, list.rows, list.key === undefined ? {} : { record_count });

/**
 * A false but plausible count. A page in the middle of a long list can't reveal it; only a walk can, and until then it
 * is Halo's own word. So it is used only if the list is on one page, or the tool walks it.
 */
const miscounted = (count: (many: number) => number): Spoil =>
  onLists((list, request) => {
    const size = list.page?.size ?? Number.POSITIVE_INFINITY;
    const isWalked = size >= 100 && /invoice|contract|client$/.test(nameOf(request));
    return list.all.length <= size || isWalked ? counted(list, count(list.all.length)) : sealed(list, list.rows);
  });

const without = (row: Row, ...fields: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !fields.includes(name)));

/** A page of another size than requested, cut out of the whole list; it claims the requested size. */
const cutTo = (size: (asked: number) => number, count: (list: List, rows: readonly Row[]) => unknown): Spoil =>
  onLists((list) => {
    const { page } = list;
    if (page === undefined) return sealed(list, list.rows);
    const length = size(page.size);
    const rows = list.all.slice((page.no - 1) * length, page.no * length);
    return sealed(list, rows, { record_count: count(list, rows) });
  });

const trueCount = ({ all }: List) => all.length;

/** Always the first rows, whatever page is requested. */
const unpaged = (most: number, count: (list: List, rows: readonly Row[]) => unknown): Spoil =>
  onLists((list) => {
    const rows = list.all.slice(0, most);
    return sealed(list, rows, list.key === undefined ? {} : { record_count: count(list, rows) });
  });

const onPage =
  (no: (page: number) => boolean, spoil: (list: List) => unknown): Spoil =>
  async (request, answer) => {
    const list = isLookup(request) ? undefined : await listOf(answer, request);
    return list?.page !== undefined && no(list.page.no) ? json(spoil(list)) : undefined;
  };

/** Every answer of the API, lists and records, as `change` sends it. */
const sent =
  (change: (body: unknown) => ReturnType<typeof json>): Spoil =>
  async (request, answer) => {
    const body = isLookup(request) ? undefined : await bodyOf(answer, request);
    return body === undefined ? undefined : change(body);
  };

const instead =
  (body: (list: List) => unknown, more: Json = {}): Spoil =>
  async (request, answer) => {
    const list = isLookup(request) ? undefined : await listOf(answer, request);
    return list && json(body(list), more);
  };

const record =
  (change: (body: Row) => unknown): Spoil =>
  async (request, answer) => {
    const body = isRecord(request) ? await bodyOf(answer, request) : undefined;
    return body === undefined ? undefined : json(change(body as Row));
  };

const everySecond = (rows: readonly Row[], change: (row: Row, rows: readonly Row[]) => unknown) =>
  rows.map((row, index) => (index % 2 === 1 ? change(row, rows) : row));

/** Ways in which the envelope of a list, or the answer around a record, can lie. */
export const ENVELOPES: Record<string, Spoil> = {
  'a count of a hundred thousand million': onLists((list) => counted(list, 100_000_000_000)),
  'a count of a million': miscounted(() => 1_000_000),
  'a count that is the number of rows of the page': onLists((list) => counted(list, list.rows.length)),
  'a count of 5': onLists((list) => counted(list, 5)),
  'a count of 0': onLists((list) => counted(list, 0)),
  'a count of one less': miscounted((many) => many - 1),
  'a count of one more': miscounted((many) => many + 1),
  'a count that is text': onLists((list) => counted(list, String(list.all.length))),
  'a count that is no number': onLists((list) => counted(list, 'many')),
  'a negative count': onLists((list) => counted(list, -1)),
  'a count with a fraction': onLists((list) => counted(list, list.all.length + 0.5)),
  'a count of null': onLists((list) => counted(list, null)),
  'no count': onLists((list) => without(sealed(list, list.rows) as Row, 'record_count')),
  'a silent cap of 25': cutTo((asked) => Math.min(asked, 25), trueCount),
  'a silent cap of 50': cutTo((asked) => Math.min(asked, 50), trueCount),
  'a silent cap of 50, counting the page': cutTo(
    (asked) => Math.min(asked, 50),
    (_, rows) => rows.length,
  ),
  'twice as many rows as asked for': cutTo((asked) => asked * 2, trueCount),
  'twice as many rows as asked for, counting the page': cutTo(
    (asked) => asked * 2,
    (_, rows) => rows.length,
  ),
  '200 rows a page': cutTo(() => 200, trueCount),
  '200 rows a page without a count': cutTo(
    () => 200,
    () => undefined,
  ),
  'always the first 50 rows, counting them': unpaged(50, (_, rows) => rows.length),
  'always the first 50 rows, counting all': unpaged(50, trueCount),
  'bare pages': onLists(({ rows }) => rows),
  'bare pages of 100': onLists(({ all, page }) => (page ? all.slice((page.no - 1) * 100, page.no * 100) : all)),
  'all rows at once, bare': onLists(({ all }) => all),
  'another name of the list': instead((list) => ({ ...list.beside, data: list.rows })),
  'a second list beside it': instead((list) => sealed(list, list.rows, { columns: [{ id: 1 }] })),
  'a list beside none': instead((list) => ({ record_count: list.all.length, columns: [{ id: 1 }] })),
  'errors with 200': instead(() => ({ errors: [{ code: 'X', message: 'not now' }] })),
  'an error beside an empty list': instead((list) => sealed(list, [], { error: 'not now', record_count: 0 })),
  'an error and a count of 0': instead(() => ({ record_count: 0, error: 'not now' })),
  'an error and nothing else': instead(() => ({ error: 'not now' })),
  'problem details with 200': instead(() => ({ type: 'about:blank', title: 'Oops', status: 500 }), {
    headers: { 'content-type': 'application/problem+json' },
  }),
  'a count and no rows': instead((list) => sealed(list, [], { record_count: 2 })),
  'a list of null': instead((list) => sealed(list, null)),
  'a list of text': instead((list) => sealed(list, 'none')),
  'a list that is an object': instead((list) => sealed(list, { 0: list.rows[0] })),
  'null in place of the answer': instead(() => null),
  'text in place of the answer': instead(() => 'Please contact the administrator'),
  'elements that are no rows': instead((list) =>
    sealed(
      list,
      everySecond(list.rows, () => null),
    ),
  ),
  'elements that are text': instead((list) =>
    sealed(
      list,
      everySecond(list.rows, () => 'row'),
    ),
  ),
  'rows in lists of their own': instead((list) =>
    sealed(
      list,
      list.rows.map((row) => [row]),
    ),
  ),
  'rows twice in a page, which hide others': instead((list) =>
    sealed(
      list,
      list.rows.map((_, index) => list.rows[index - (index % 2)]),
    ),
  ),
  'rows without an id': instead((list) =>
    sealed(
      list,
      everySecond(list.rows, (row) => without(row, 'id')),
    ),
  ),
  'rows with an id of null': instead((list) =>
    sealed(
      list,
      everySecond(list.rows, (row) => ({ ...row, id: null })),
    ),
  ),
  'rows with one id': instead((list) =>
    sealed(
      list,
      list.rows.map((row) => ({ ...row, ...oneOf(list.rows) })),
    ),
  ),
  'rows with an id that is text': instead((list) =>
    sealed(
      list,
      list.rows.map((row) => ({ ...row, id: `x${row.id}` })),
    ),
  ),
  'a row less on each page': instead((list) => sealed(list, list.rows.slice(0, -1))),
  'an empty page in the middle': onPage(
    (page) => page === 2,
    (list) => sealed(list, []),
  ),
  'an empty page in the middle that counts nothing': onPage(
    (page) => page === 2,
    (list) => sealed(list, [], { record_count: 0 }),
  ),
  'an empty first page': onPage(
    (page) => page === 1,
    (list) => sealed(list, []),
  ),
  'page 1 in place of each page': async (request, answer) =>
    isLookup(request) || !request.query.has('page_no')
      ? undefined
      : json(await bodyOf(answer, withQuery(request, { page_no: '1' }))),
  'a page that says it is another': instead((list) =>
    sealed(list, list.rows, list.page && { page_no: list.page.no + 1 }),
  ),
  'a part of the answer (206)': sent((body) => json(body, { status: 206 })),
  'an answer with 203': sent((body) => json(body, { status: 203 })),
  'an answer with 201': sent((body) => json(body, { status: 201 })),
  'Latin-1 that says so': sent((body) => latin1(body, 'application/json; charset=iso-8859-1')),
  'Latin-1 that says it is UTF-8': sent((body) => latin1(body, 'application/json; charset=utf-8')),
  'Latin-1 that says nothing': sent((body) => latin1(body, 'application/json')),
  'a type that only sounds like JSON': sent((body) =>
    json(body, { headers: { 'content-type': 'text/not-json-at-all' } }),
  ),
  'another record': record((body) => ({ ...body, id: Number(body.id) + 1 })),
  'a record without an id': record((body) => without(body, 'id')),
  'a record with an id of null': record((body) => ({ ...body, id: null })),
  'an error in place of a record': record(() => ({ error: 'not now' })),
  'a list in place of a record': record((body) => [body, { ...body, id: 1 }]),
  'a record of null': record(() => null),
  'lookups in an envelope that counts more': onLists(
    (list) => ({ record_count: list.rows.length + 70, page_no: 1, page_size: 3, results: list.rows.slice(0, 3) }),
    'lookups',
  ),
  'lookups that are an error': onLists(() => ({ error: 'not now' }), 'lookups'),
  'lookups without ids': onLists((list) => list.rows.map((row) => without(row, 'id', 'priorityid')), 'lookups'),
  'lookups of null': onLists(() => null, 'lookups'),
};

/** The key of a list's first row. Ids of actions count within their ticket. */
const oneOf = ([first]: readonly Json[]) => ({
  id: first?.id,
  ...(first?.ticket_id !== undefined && { ticket_id: first.ticket_id }),
});

const latin1 = (body: unknown, type: string) =>
  json(body, { headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(body), 'latin1') });

/** By these Halo may mean that there is no such record: unknown ids also answer 200 without an id. */
export const NO_RECORD = ['a record without an id', 'a record with an id of null'];
