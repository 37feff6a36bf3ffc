import { z } from 'zod';
import type { ToolContext } from '../define.js';
import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import type { LookupName } from '../halo/lookups.js';
import type { Row } from '../halo/pages.js';
import type { Scope } from '../halo/scopes.js';
import { isClosed, numberOf, readFlag, textOf, UNREADABLE } from '../halo/value.js';
import { holdsId } from '../halo/where.js';
import { Day, type DaysFilter, daysFilter, Month } from './days.js';
import { type Holds, holdsNamed, isIdUnread, namesOf, saysNone } from './holds.js';
import { Id } from './id.js';
import { nameKey } from './name.js';
import { type Order, orderFilter } from './order.js';
import { matchName, type Named, resolveClient, resolveLookup } from './resolve.js';

/** One filter of a list: the arguments it adds, and what they mean for Halo and for each row. */
export interface Filter<A extends z.ZodRawShape = z.ZodRawShape, R extends Row = Row> {
  args: A;
  optionalScopes?: readonly Scope[];
  resolve(args: FilterArgs<A>, context: ToolContext): Promise<Applied<R> | undefined> | Applied<R> | undefined;
}

/** The filter's own arguments as its schemas read them, and those of the list's other filters. */
export type FilterArgs<A extends z.ZodRawShape> = z.output<z.ZodObject<A>> & Readonly<Record<string, unknown>>;

/** A filter with the values of one call. */
export interface Applied<R extends Row = Row> {
  query?: Query;
  /**
   * Whether a row fits; undefined if it does not say. Such a row belongs to the list if Halo is known to filter;
   * otherwise it is left out, and the reader is told.
   */
  test?(row: R): boolean | undefined;
  /** The fields that the test reads: a row without any of them does not say. */
  fields?: readonly string[];
  /**
   * What Halo makes of the query, and so what a row that fails the test means. `verify`: it filters, so such a row is
   * an error. `unsure`: its parameters are unsure (days), so the rows are filtered here. `looser`: it lets more rows
   * through than requested, so they are chosen here. `here`: it has no such filter at all. With `verify` and `unsure`
   * Halo's own count is the total only if it is shown, once a day, that Halo filters.
   */
  mode?: 'verify' | 'unsure' | 'looser' | 'here';
  /**
   * True if a row that does not say is shown anyway, and the reader told: money that may be owed is not missing because
   * a value can't be read. Without it such a row is left out, and the reader told.
   */
  keeps?: boolean;
  /** True for a text that Halo alone searches for: no row tells whether it fits, so none can be chosen here. */
  searches?: boolean;
  /** Parameters that find nothing if Halo obeys the filter; without them an id that no record has is tried. */
  nothing?: readonly Query[];
  /** Parameters that undo the filter: Halo must count more rows with them. Without them the query is left out. */
  without?: Query;
  /** How Halo was asked to sort, which it silently ignores for a field that it can't sort by. */
  order?: Order;
  /** The filter's name in an error. */
  label?: string;
  /** What an id was given of without looking whether it exists: an empty list may mean that it does not. */
  id?: { of: string; value: number };
  /** Called if the whole list has no row that fits. @throws HaloError UNKNOWN_NAME if no row bears the name given */
  unknown?(): void;
}

/**
 * True for a ticket or project that is open by its status. One that only a date calls closed does not say: a reopened
 * one may keep its date, and tenants have closed statuses of their own.
 */
function isOpen(row: Row): boolean | undefined {
  if (isClosed({ status_id: row.status_id })) return false;
  return isClosed(row) || numberOf(row.status_id) === undefined ? undefined : true;
}

/** A word that is in no text. */
const NO_WORD = 'qzxjvkwypfqzx';

/** The kinds of filters that lists are made of; one object for all plugins, so none may change it. */
export const filter = Object.freeze({
  /** `client_id` or `client_name`, of which one may be given. */
  client: ({ param = 'client_id', field = 'client_id' } = {}): Filter => ({
    args: { client_id: Id.optional(), client_name: z.string().min(1).optional() },
    optionalScopes: ['read:customers'],
    async resolve({ client_id: id, client_name: name }, { halo }) {
      if (id === undefined && name === undefined) return undefined;
      if (id !== undefined && name !== undefined)
        throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
      const client = typeof id === 'number' ? id : (await resolveClient(halo, String(name))).id;
      const test = (row: Row) => holdsId(row, field, client);
      const given = typeof id === 'number' && { id: { of: 'client', value: id } };
      return { query: { [param]: client }, test, mode: 'verify', label: 'client', ...given };
    },
  }),

  /** An id that Halo filters by. */
  id: (name: string, { param = name, field = name } = {}): Filter => ({
    args: { [name]: Id.optional() },
    resolve: ({ [name]: id }) =>
      typeof id === 'number'
        ? {
            ...{ query: { [param]: id }, test: (row) => holdsId(row, field, id), mode: 'verify', label: name },
            id: { of: name.replace(/_id$/, '').replaceAll('_', ' '), value: id },
          }
        : undefined,
  }),

  /**
   * An id or a name, in one argument, for any list. `lookup` finds the id of a name, and the name of an id; without it
   * names are compared with what the row says. With `param` the id is sent, and Halo filters by it (`looser` if it is
   * known to let more through); otherwise rows are chosen here, and `query` may help Halo to narrow a little.
   */
  named: (
    name: string,
    {
      lookup,
      param,
      query,
      looser,
      ...holds
    }: { lookup?: LookupName; param?: string; query?: Query; looser?: boolean } & Holds,
  ): Filter => ({
    args: { [name]: z.union([Id, z.string().min(1)]).optional() },
    async resolve({ [name]: value }, { halo }): Promise<Applied | undefined> {
      if (typeof value !== 'number' && typeof value !== 'string') return undefined;
      const wanted =
        lookup === undefined ? { id: value, name: undefined } : await resolveLookup(halo, lookup, value, name);
      if (typeof wanted.id === 'string') {
        const key = nameKey(wanted.id);
        const seen = new Map<number, Named>();
        const test = (row: Row) => {
          const all = namesOf(row, holds);
          for (const { id, name } of all) if (id !== undefined && name !== undefined) seen.set(id, { id, name });
          const names = all.flatMap((one) => one.name ?? []);
          if (names.length === 0 && holds.names === undefined && !saysNone(row, holds)) return undefined;
          return names.some((one) => nameKey(one).includes(key));
        };
        const unknown = () => void (seen.size > 0 && matchName(String(value), [...seen.values()], name));
        return { ...(query && { query }), test, unknown, mode: 'here', label: name };
      }
      const { id } = wanted;
      const unseen = wanted.name === undefined && { id: { of: name, value: id } };
      const fits = (row: Row) => holdsNamed(row, holds, id, wanted.name);
      if (param === undefined) {
        const test = (row: Row) => fits(row) ?? (isIdUnread(row, holds) ? undefined : false);
        return { ...(query && { query }), test, mode: 'here', label: name, ...unseen };
      }
      const mode = looser === true ? 'looser' : 'verify';
      return { query: { ...query, [param]: id }, test: fits, mode, label: name, ...unseen };
    },
  }),

  /** An id or a name of one of Halo's lookups, which Halo filters by. `looser` if it is known to let more through. */
  lookup: (
    name: string,
    lookup: LookupName,
    of: { param: string; field: string; nameField?: string; looser?: boolean },
  ): Filter => filter.named(name, { lookup, ...of }),

  /** A switch, sent only if it is true: Halo reads nothing but `true`. */
  flag: (
    name: string,
    {
      param = name,
      test,
      preset = false,
    }: { param?: string; test?: (row: Row) => boolean | undefined; preset?: boolean } = {},
  ): Filter => ({
    args: { [name]: z.boolean().default(preset) },
    resolve: ({ [name]: on }) =>
      on === true
        ? { query: { [param]: true }, ...(test && { test, mode: 'verify' as const, label: name }) }
        : undefined,
  }),

  /** A switch that Halo does not know: rows are chosen here. `query` helps if Halo can narrow a little. */
  here: <R extends Row = Row>(
    name: string,
    { test, query, preset = false }: { test: (row: R) => boolean | undefined; query?: Query; preset?: boolean },
  ): Filter<z.ZodRawShape, R> => ({
    args: { [name]: z.boolean().default(preset) },
    resolve: ({ [name]: on }) =>
      on === true ? { ...(query && { query }), test, mode: 'here', label: name } : undefined,
  }),

  /** `open_only` of tickets and projects. */
  open: ({ preset = false } = {}): Filter => filter.flag('open_only', { preset, test: isOpen }),

  /** `from` and `to`. */
  days: (described: DaysFilter): Filter => daysFilter(described),

  /**
   * Free text. Halo decides what it searches, so no row shows whether it fits: that Halo searches at all is shown by a
   * word that nobody wrote.
   */
  search: (param = 'search'): Filter => ({
    args: { search: z.string().min(1).optional() },
    resolve: ({ search }) =>
      typeof search === 'string'
        ? {
            ...{ query: { [param]: search }, nothing: [{ [param]: NO_WORD }], test: () => undefined },
            ...{ mode: 'verify', label: 'search', keeps: true, searches: true },
          }
        : undefined,
  }),

  /** The same, but searched here in some fields: for lists that come whole. Case and accents do not count. */
  searchIn: (fields: readonly string[]): Filter => ({
    args: { search: z.string().min(1).optional() },
    resolve({ search }) {
      if (typeof search !== 'string') return undefined;
      const key = nameKey(search);
      const test = (row: Row) => fields.some((field) => nameKey(textOf(row[field]) ?? '').includes(key));
      return { test, mode: 'here', label: 'search' };
    },
  }),

  /** `order_by` and `descending`. */
  order: (fields: Record<string, string>, preset: string): Filter => orderFilter(fields, preset),

  /**
   * Inactive rows: left out unless requested, here as well in case Halo sends them anyway. `whole` is for a list that
   * comes whole, where nothing has to be proved of Halo's own filter.
   */
  inactive: (
    name = 'include_inactive',
    { param = 'includeinactive', field = 'inactive', whole = false } = {},
  ): Filter => ({
    args: { [name]: z.boolean().default(false) },
    resolve({ [name]: on }) {
      if (on === true) return { query: { [param]: true } };
      const test = (row: Row) => {
        const flag = readFlag(row[field]);
        return flag === UNREADABLE ? undefined : flag !== true;
      };
      return whole
        ? { test, mode: 'here', label: name, keeps: true }
        : { test, without: { [param]: true }, mode: 'unsure', label: name, keeps: true };
    },
  }),

  /**
   * One of a few words that Halo has no filter for: rows are chosen here. A row whose value can't be told (undefined)
   * is shown for any of them, and the reader told. `query` helps if Halo can narrow a little.
   */
  choice: <const V extends readonly [string, ...string[]], R extends Row = Row>(
    name: string,
    values: V,
    preset: V[number],
    test: (row: R, value: V[number]) => boolean | undefined,
    query?: (value: V[number]) => Query,
  ): Filter<z.ZodRawShape, R> => ({
    args: { [name]: z.enum(values).default(preset as never) },
    resolve: ({ [name]: value }) => {
      const chosen = value as V[number];
      return {
        ...(query && { query: query(chosen) }),
        ...(chosen !== 'all' && {
          ...{ test: (row: R) => test(row, chosen), mode: 'here' as const, label: name, keeps: true },
        }),
      };
    },
  }),

  /** A filter of its own kind. */
  custom: <const A extends z.ZodRawShape, R extends Row = Row>(custom: Filter<A, R>): Filter<A, R> => custom,
  /** A day as an argument. */
  Day,
  /** A month as an argument, `YYYY-MM`. */
  Month,
  /** An id of Halo's as an argument. */
  Id,
});
