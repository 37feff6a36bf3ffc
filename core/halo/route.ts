import { HaloError } from '../errors.js';
import { PATH } from './scopes.js';

/** What a query may hold. Lists are joined by commas; undefined values are left out. */
export type Query = Record<string, string | number | boolean | readonly (string | number)[] | undefined>;

/** Builds the path and query in one place: no id or argument leads anywhere else. @throws HaloError BAD_ARGUMENTS */
export function routeOf(path: string, query: Query): string {
  if (!PATH.test(path))
    throw new HaloError(
      'BAD_ARGUMENTS',
      `"${path.slice(0, 60)}" is not a path of Halo's API.`,
      'Paths look like /Tickets or /Tickets/123.',
    );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.append(key, String(value));
  const text = search.toString();
  return `${path.startsWith('/') ? path : `/${path}`}${text === '' ? '' : `?${text}`}`;
}
