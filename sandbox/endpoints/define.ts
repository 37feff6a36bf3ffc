import type { Query } from '../query.js';
import type { SandboxRequest } from '../request.js';
import type { Tenant } from '../tenant/index.js';
import type { Json, Row } from '../types.js';
import { fitting } from './fitting.js';

/** One route under /api: a list and, usually, a record by id. */
export interface Endpoint {
  /** Lower case, without /api/. */
  path: string;
  /** Undefined: any valid token will do. */
  scope?: string;
  list(tenant: Tenant, query: Query): Json;
  /** Undefined answers 404. */
  detail?(tenant: Tenant, id: number, query: Query): Row | undefined;
  /** Makes a record or, with an id, changes one, and returns the result. @throws Refused */
  post?(tenant: Tenant, row: Row, query: Query): Posted;
  /** Deletes a record and returns it. @throws Refused */
  remove?(tenant: Tenant, id: number, query: Query): Posted;
  /** The whole answer to a GET, in place of list and detail; undefined answers 404. */
  answer?(request: SandboxRequest): Json | undefined;
  /** The same endpoint with further rows, which are sent unchanged. */
  withRows?(rows: readonly Row[]): Endpoint;
}

/** An author's own row among the tenant's facts. */
class Own {
  constructor(readonly row: Row) {}
}

const ownBy = (rows: readonly Row[], id: number): Row | undefined => rows.find((row) => row.id === id);

/** A written record, and the ticket it belongs to. */
export interface Posted {
  /** As Halo returns it. */
  row: Row;
  /** Name of the array if the answer has an envelope. */
  key: string;
  ticket: number;
  id: number;
}

type SortKey = string | number;

export interface Paged<T> {
  path: string;
  scope?: string;
  /** Name of the array in the envelope. */
  key: string;
  /** Largest page; default 100. */
  cap?: number;
  /** Filtered rows in Halo's default order. */
  find(tenant: Tenant, query: Query): readonly T[];
  /** What `order` may name. */
  order?: Record<string, (fact: T) => SortKey>;
  show(fact: T, tenant: Tenant, query: Query, found: readonly T[]): Row;
  /** Added to the envelope after the rows. */
  extra?: Row;
  detail?(tenant: Tenant, id: number, query: Query): Row | undefined;
  post?: Endpoint['post'];
}

const DEFAULT_ROWS = 50;

/** A list that honours pageinate. Without it: 50 rows or `count=N`, and record_count is the number sent. */
export function pagedEndpoint<T>(def: Paged<T>): Endpoint {
  let last: { tenant: Tenant; version: number; question: string; found: readonly T[] } | undefined;
  /** Computed once for all pages of a list, which may have a thousand. */
  const find = (tenant: Tenant, query: Query): readonly T[] => {
    const { question } = query;
    const version = tenant.changes.version();
    if (last?.tenant !== tenant || last.version !== version || last.question !== question)
      last = { tenant, version, question, found: sort(def.find(tenant, query), def.order ?? {}, query) };
    return last.found;
  };
  return {
    path: def.path,
    ...(def.scope === undefined ? {} : { scope: def.scope }),
    ...(def.detail === undefined ? {} : { detail: def.detail }),
    ...(def.post === undefined ? {} : { post: def.post }),
    withRows: (rows) => pagedEndpoint(extended(def, rows)),
    list(tenant, query) {
      const found = find(tenant, query);
      const page = pageOf(query, def.cap ?? 100);
      const start = page === undefined ? 0 : (page.no - 1) * page.size;
      const rows = found.slice(start, start + (page?.size ?? countOf(query)));
      return {
        ...(page === undefined ? {} : { page_no: page.no, page_size: page.size }),
        record_count: page?.counts !== true || rows.length === 0 ? rows.length : found.length,
        [def.key]: rows.map((fact) => def.show(fact, tenant, query, found)),
        ...def.extra,
      };
    },
  };
}

function extended<T>({ order = {}, ...def }: Paged<T>, rows: readonly Row[]): Paged<T | Own> {
  const facts = (found: readonly (T | Own)[]) => found.filter((one): one is T => !(one instanceof Own));
  const keys = Object.entries(order).map(([name, key]) => {
    const keyOf = (one: T | Own) => (one instanceof Own ? (one.row[name] as SortKey) : key(one));
    return [name, keyOf] as const;
  });
  return {
    ...def,
    order: Object.fromEntries(keys),
    find: (tenant, query) => [...def.find(tenant, query), ...fitting(rows, query).map((row) => new Own(row))],
    show: (one, tenant, query, found) => (one instanceof Own ? one.row : def.show(one, tenant, query, facts(found))),
    detail: (tenant, id, query) => ownBy(rows, id) ?? def.detail?.(tenant, id, query),
  };
}

/** A list that ignores paging and comes as a bare array. */
export function bareEndpoint<T extends { id: number | string }>(def: {
  path: string;
  scope?: string;
  find(tenant: Tenant, query: Query): readonly T[];
  show(fact: T, tenant: Tenant): Row;
}): Endpoint {
  return {
    path: def.path,
    ...(def.scope === undefined ? {} : { scope: def.scope }),
    withRows: (rows) => ({
      ...bareEndpoint(def),
      list: (tenant, query) => [
        ...def.find(tenant, query).map((fact) => def.show(fact, tenant)),
        ...fitting(rows, query),
      ],
      detail: (tenant, id, query) => ownBy(rows, id) ?? bareEndpoint(def).detail?.(tenant, id, query),
    }),
    list: (tenant, query) => def.find(tenant, query).map((fact) => def.show(fact, tenant)),
    detail(tenant, id, query) {
      const fact = def.find(tenant, query).find((one) => one.id === id);
      return fact && def.show(fact, tenant);
    },
  };
}

/** `pageinate` without `page_no` gives fifty rows, and counts only those. */
function pageOf(query: Query, cap: number): { no: number; size: number; counts: boolean } | undefined {
  const no = query.int('page_no');
  const asked = query.int('page_size');
  if (!query.flag('pageinate')) return undefined;
  const size = no === undefined || asked === undefined || asked < 1 ? DEFAULT_ROWS : asked;
  return { no: Math.max(no ?? 1, 1), size: Math.min(size, cap), counts: no !== undefined };
}

function countOf(query: Query): number {
  const count = query.int('count');
  return count === undefined || count < 1 ? DEFAULT_ROWS : count;
}

function sort<T>(facts: readonly T[], keys: Record<string, (fact: T) => SortKey>, query: Query): readonly T[] {
  const key = keys[query.text('order') ?? ''];
  if (key === undefined) return facts;
  const sign = query.flag('orderdesc') ? -1 : 1;
  return facts.toSorted((a, b) => sign * compare(key(a), key(b)));
}

function compare(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
