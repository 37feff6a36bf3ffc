import type { SandboxReply, SandboxRequest } from '../../../sandbox/types.js';
import type { Json, Spoil } from './stage.js';

export type Row = Json;

/** A true list of Halo's: every row that the query finds, and the requested page. */
export interface List {
  /** Name of the array; undefined for a bare one. */
  key: string | undefined;
  all: readonly Row[];
  /** Rows of the page, as Halo sends them. */
  rows: readonly Row[];
  /** Undefined if paging was not requested. */
  page: { no: number; size: number } | undefined;
  /** What comes besides the rows. */
  beside: Json;
}

/** Spoils a list: returns what comes in its place. */
export type SpoilList = (list: List, request: SandboxRequest) => unknown;

/** Names of the arrays that Halo's envelopes have. */
const KEYS = [
  'tickets',
  'actions',
  'clients',
  'sites',
  'users',
  'contracts',
  'invoices',
  'assets',
  'reports',
  'results',
  'payments',
  'prepay',
  'salesorders',
];

const LOOKUPS = /^\/api\/(status|tickettype|priority|team|agent|assettype|currency|lookup)$/i;
const RECORD = /^\/api\/(\w+)\/(-?\d+)$/;
const PAGING = ['pageinate', 'page_no', 'page_size'];

export const isLookup = ({ path }: SandboxRequest): boolean => LOOKUPS.test(path);
export const isRecord = ({ path }: SandboxRequest): boolean => RECORD.test(path);
export const nameOf = ({ path }: SandboxRequest): string => path.split('/')[2]?.toLowerCase() ?? '';

type Ask = (changed?: SandboxRequest) => Promise<SandboxReply>;

/** The same request with another query. */
export function withQuery(request: SandboxRequest, changes: Record<string, string | undefined>): SandboxRequest {
  const query = new URLSearchParams(request.query);
  for (const [name, value] of Object.entries(changes))
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  return { ...request, query };
}

/** The parsed body of Halo's own answer; undefined if it failed. */
export async function bodyOf(ask: Ask, request: SandboxRequest): Promise<unknown> {
  const { status, body } = await ask(request);
  return status === 200 && typeof body === 'string' ? JSON.parse(body) : undefined;
}

export const json = (body: unknown, more: Partial<SandboxReply> = {}): SandboxReply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
  ...more,
});

const kept = new Map<string, readonly Row[]>();

/** Forgets earlier requests, for another tenant. */
export const forget = (): void => kept.clear();

/** Every row that a query finds, whatever page it requests. The tenant never changes, so each query is sent once. */
async function allOf(ask: Ask, request: SandboxRequest, key: string): Promise<readonly Row[]> {
  const question = withQuery(request, { page_no: undefined, page_size: undefined });
  const place = `${request.path}?${question.query}`;
  const known = kept.get(place);
  if (known !== undefined) return known;
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const body = (await bodyOf(ask, withQuery(request, { page_no: String(page), page_size: '100' }))) as Json;
    const some = body[key] as Row[];
    if (some.length === 0) break;
    rows.push(...some);
  }
  kept.set(place, rows);
  return rows;
}

/** The list that Halo answers a request with; undefined if the answer is not a list. */
export async function listOf(ask: Ask, request: SandboxRequest): Promise<List | undefined> {
  if (isRecord(request)) return undefined;
  const body = await bodyOf(ask, request);
  if (Array.isArray(body)) return { key: undefined, all: body, rows: body, page: undefined, beside: {} };
  if (typeof body !== 'object' || body === null) return undefined;
  const key = KEYS.find((one) => Array.isArray((body as Json)[one]));
  if (key === undefined) return undefined;
  const { [key]: rows, ...beside } = body as Json & Record<string, Row[]>;
  const isPaged = request.query.get('pageinate') === 'true' && 'page_no' in beside;
  const page = isPaged ? { no: Number(beside.page_no), size: Number(beside.page_size) } : undefined;
  const all = isPaged ? await allOf(ask, request, key) : (rows as Row[]);
  return { key, all, rows: rows as Row[], page, beside };
}

/** A list in the envelope that it came in. */
export const sealed = ({ key, beside }: List, rows: unknown, more: Json = {}): unknown =>
  key === undefined ? rows : { ...beside, [key]: rows, ...more };

/** Spoils lists: those of the business by default, `lookups` the small ones that give ids their names. */
export const onLists =
  (spoil: SpoilList, which: 'business' | 'lookups' | 'all' = 'business'): Spoil =>
  async (request, answer) => {
    if (which !== 'all' && isLookup(request) !== (which === 'lookups')) return undefined;
    const list = await listOf(answer, request);
    return list && json(spoil(list, request));
  };

/** Spoils each row of the lists and each record, and their parts if `change` does so. */
export const onRows =
  (change: (row: Row, index: number, place: string) => unknown): Spoil =>
  async (request, answer) => {
    if (isLookup(request)) return undefined;
    if (isRecord(request)) {
      const body = await bodyOf(answer, request);
      return body === undefined ? undefined : json(change(body as Row, 0, nameOf(request)));
    }
    const list = await listOf(answer, request);
    return (
      list &&
      json(
        sealed(
          list,
          list.rows.map((row, index) => change(row, index, nameOf(request))),
        ),
      )
    );
  };

/** The names of the parameters of a request that narrow a list. */
export const narrowing = ({ query }: SandboxRequest): string[] =>
  [...query.keys()].filter((name) => !PAGING.includes(name) && !/^(count|order|orderdesc|include\w*)$/i.test(name));
