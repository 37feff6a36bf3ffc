/** Endpoints and rows that a plugin's author adds to the sandbox. */
import type { Route, Routes, Rows } from '../routes.js';
import type { Row } from '../types.js';
import { bareEndpoint, type Endpoint, pagedEndpoint } from './define.js';

/** `/KBArticle`, `KBArticle` and `/api/kbarticle` are the same. */
const wordOf = (path: string): string =>
  path
    .toLowerCase()
    .replace(/^\/?(api\/)?/, '')
    .replace(/\/+$/, '');

/**
 * The sandbox's endpoints with an author's own rows and endpoints, which may replace the sandbox's.
 * @throws RangeError for rows of an endpoint that does not exist or takes none
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
  if (/[^a-z]/.test(path)) throw new RangeError(`routes: "${path}" is not a path of Halo's, such as /KBArticle.`);
  if (rows === undefined && answer === undefined) throw new RangeError(`routes: ${path} needs "rows" or "answer".`);
  const base = { path, ...(scope !== undefined && { scope }) };
  if (answer !== undefined) return { ...base, list: () => [], answer };
  const none = { ...base, find: () => [], show: () => ({}) };
  const empty = key === undefined ? bareEndpoint(none) : pagedEndpoint({ ...none, key });
  return empty.withRows?.(rows ?? []) ?? empty;
}

const isRows = (given: Route | readonly Row[]): given is readonly Row[] => Array.isArray(given);
