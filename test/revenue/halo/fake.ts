/**
 * Halo's lists over the rows of a book: by client, thin on request, each row by its id, with every request recorded.
 */
import { HaloError, type Row } from '../../../core/index.js';
import type { Fields } from '../rows.js';

/** The fields that only a single contract has. */
const DETAILS = ['rollingcontract', 'previouscontract', 'dontinvoice', 'billforrecurringprepayamount'];

export interface FakeOptions {
  /** Contract rows without what only the single record has. */
  thin?: boolean;
  /** Template rows without lines. */
  bare?: boolean;
  /** Halo knows `excluderenewed`. */
  knowsRenewed?: boolean;
  /** Single records that Halo answers 404 for. */
  gone?: readonly string[];
  /** The caller's. */
  signal?: AbortSignal;
  onRequest?: (request: string) => void;
}

export interface RawLists {
  recurring_invoices?: readonly Fields[];
  invoices?: readonly Fields[];
  contracts?: readonly Fields[];
  clients?: readonly Fields[];
  currencies?: readonly Fields[];
}

/** The part of a tool's context that reading books needs. */
export function haloOf(
  raw: RawLists,
  {
    thin = false,
    bare = false,
    knowsRenewed = true,
    gone = [],
    signal = new AbortController().signal,
    onRequest,
  }: FakeOptions = {},
) {
  const lists: Record<string, readonly Fields[]> = {
    '/RecurringInvoice': raw.recurring_invoices ?? [],
    '/Invoice': raw.invoices ?? [],
    '/ClientContract': raw.contracts ?? [],
    '/Client': raw.clients ?? [],
    '/Currency': raw.currencies ?? [],
  };
  const requests: string[] = [];
  const note = (request: string) => {
    requests.push(request);
    onRequest?.(request);
  };
  const without = (row: Fields, fields: readonly string[]): Fields =>
    Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
  const listed = (path: string) => (row: Fields) => {
    if (thin && path === '/ClientContract') return without(row, DETAILS);
    return bare && path === '/RecurringInvoice' ? without(row, ['lines']) : row;
  };
  const rowsOf = (path: string, query: Fields = {}, where: Fields = {}): Row[] => {
    const all = lists[path] ?? [];
    const renewed = new Set(all.map(({ previouscontract }) => previouscontract));
    return all
      .filter((row) => Object.entries(where).every(([field, value]) => row[field] === value))
      .filter(({ id }) => !(knowsRenewed && query.excluderenewed === true && renewed.has(id)))
      .map(listed(path)) as Row[];
  };
  const halo = {
    async get(path: string) {
      note(path);
      if (path === '/Currency') return lists[path];
      const [, list, id] = /^(\/\w+)\/(-?\d+)$/.exec(path) ?? [];
      const found = lists[list ?? '']?.find((row) => row.id === Number(id));
      if (found === undefined || gone.includes(path)) throw new HaloError('HALO_NOT_FOUND', `Nothing at ${path}.`);
      return found;
    },
    async all(
      path: string,
      {
        query,
        where,
        onPage,
      }: {
        query?: Fields;
        where?: Fields;
        onPage?: (rows: Row[], progress: { done: number; pages: number }) => Row[] | undefined;
      },
    ) {
      note(`${path} ${where?.client_id ?? 'all'}${query?.excluderenewed === true ? ' without renewed' : ''}`);
      const rows = rowsOf(path, query, where);
      return { rows: onPage?.(rows, { done: 1, pages: 1 }) ?? rows, complete: true };
    },
    async list(path: string, { query }: { query?: Fields }) {
      note(`${path} page`);
      const rows = rowsOf(path, query);
      return { rows, page: 1, pageSize: rows.length, total: rows.length };
    },
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return { context: { halo, progress() {}, log, signal } as never, requests };
}
