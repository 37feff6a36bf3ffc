/** Endpoints and rows that a plugin's author adds to the sandbox. */
import type { SandboxRequest } from '../request.js';
import type { Json, Row } from '../types.js';
import { bareEndpoint, type Endpoint, pagedEndpoint } from './define.js';

/** An endpoint that the sandbox lacks: rows that it lists, or a function that answers. */
export interface Route {
  /** Name of the array in Halo's answer; a bare array comes without it. */
  key?: string;
  /** The scope that reading it needs; without it any token will do. */
  scope?: string;
  /** A list of these, and each by its id. */
  rows?: readonly Row[];
  /** The whole answer, as Halo would give it; undefined answers 404. In place of `rows`. */
  answer?: (request: SandboxRequest) => Json | undefined;
}

/** Endpoints by their path, such as `/KBArticle`. */
export type Routes = Readonly<Record<string, Route | readonly Row[]>>;
/** Further rows of endpoints that are there, by their path. Each is sent as it is; give it an id of its own. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

/** `/KBArticle`, `KBArticle` and `/api/kbarticle` are one. */
const wordOf = (path: string): string =>
  path
    .toLowerCase()
    .replace(/^\/?(api\/)?/, '')
    .replace(/\/+$/, '');

/**
 * The sandbox's endpoints with those of an author, who may replace one, and with the author's rows.
 * @throws RangeError for rows of an endpoint that is not there, or takes none
 */
export function withOwn(
  known: ReadonlyMap<string, Endpoint>,
  { routes = {}, rows = {} }: { routes?: Routes | undefined; rows?: Rows | undefined },
): ReadonlyMap<string, Endpoint> {
  const all = new Map(known);
  for (const [path, route] of Object.entries(routes)) all.set(wordOf(path), endpointOf(wordOf(path), route));
  for (const [path, more] of Object.entries(rows)) {
    const own = all.get(wordOf(path))?.withRows?.(more);
    if (own === undefined)
      throw new RangeError(
        `rows: the sandbox ${all.has(wordOf(path)) ? `can't add rows to ${path}` : `lacks ${path}`}; give it as a route, with its own key and rows.`,
      );
    all.set(wordOf(path), own);
  }
  return all;
}

function endpointOf(path: string, given: Route | readonly Row[]): Endpoint {
  const { key, scope, rows, answer }: Route = isRows(given) ? { rows: given } : given;
  if (/[^a-z]/.test(path)) throw new RangeError(`routes: "${path}" is no path of Halo's, such as /KBArticle.`);
  if (rows === undefined && answer === undefined) throw new RangeError(`routes: ${path} needs "rows" or "answer".`);
  const base = { path, ...(scope !== undefined && { scope }) };
  if (answer !== undefined) return { ...base, list: () => [], answer };
  const none = { ...base, find: () => [], show: () => ({}) };
  const empty = key === undefined ? bareEndpoint(none) : pagedEndpoint({ ...none, key });
  return empty.withRows?.(rows ?? []) ?? empty;
}

const isRows = (given: Route | readonly Row[]): given is readonly Row[] => Array.isArray(given);
