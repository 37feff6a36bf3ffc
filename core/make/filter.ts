import { z } from 'zod';
import type { ToolContext } from '../define.js';
import { HaloError } from '../errors.js';
import type { Query } from '../halo/client.js';
import type { LookupName } from '../halo/lookups.js';
import type { Row } from '../halo/pages.js';
import type { Scope } from '../halo/scopes.js';
import { dayOf, flagOf, isClosed, isDay, numberOf, textOf } from '../halo/value.js';
import { holdsId } from '../halo/where.js';
import { resolveClient, resolveLookup } from './resolve.js';

/** One filter of a list: the arguments it adds, and what they mean for Halo and for each row. */
export interface Filter {
  args: z.ZodRawShape;
  optionalScopes?: readonly Scope[];
  resolve(args: Record<string, unknown>, context: ToolContext): Promise<Applied | undefined> | Applied | undefined;
}

/** A filter with the values of one call. */
export interface Applied {
  query?: Query;
  /**
   * Whether a row fits; undefined where it does not say. Such a row belongs to the list where Halo is known to filter,
   * and is left out, and told, where it is not.
   */
  test?(row: Row): boolean | undefined;
  /** The fields that the test looks at: a row without any of them does not say. */
  fields?: readonly string[];
  /**
   * What Halo makes of the query, and so what a row means that fails the test. `verify`: it filters by it, so the answer
   * is an error. `unsure`: its parameters are unsure (days), so the rows are filtered here. `looser`: it lets more rows
   * through than were asked for, so they are chosen here. `here`: it has no such filter at all.
   * By `verify` and `unsure` Halo's own count is the total only where it is shown, once a day, that Halo filters.
   */
  mode?: 'verify' | 'unsure' | 'looser' | 'here';
  /** Parameters that find nothing where Halo obeys the filter; without them an id that no record has is tried. */
  nothing?: readonly Query[];
  /** Parameters that undo the filter: Halo must count more rows with them. Without them the query is left out for it. */
  without?: Query;
  /** How the filter is called in an error. */
  label?: string;
}

const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, YYYY-MM-DD')
  .refine(isDay, 'must be a day of the calendar, YYYY-MM-DD');

/**
 * True for a ticket or project that is open by its status. One that only a date calls closed does not say: an open one
 * that was opened again may keep its date, and tenants have closed statuses of their own.
 */
function isOpen(row: Row): boolean | undefined {
  if (isClosed({ status_id: row.status_id })) return false;
  return isClosed(row) || numberOf(row.status_id) === undefined ? undefined : true;
}

/** The kinds of filters that lists are made of; one object for all plugins, so none may change it. */
export const filter = Object.freeze({
  /** `client_id` or `client_name`, of which one may be given. */
  client: ({ param = 'client_id', field = 'client_id' } = {}): Filter => ({
    args: { client_id: z.int().positive().optional(), client_name: z.string().min(1).optional() },
    optionalScopes: ['read:customers'],
    async resolve({ client_id: id, client_name: name }, { halo }) {
      if (id === undefined && name === undefined) return undefined;
      if (id !== undefined && name !== undefined)
        throw new HaloError('BAD_ARGUMENTS', 'Both client_id and client_name are given.', 'Give one of them.');
      const client = typeof id === 'number' ? id : (await resolveClient(halo, String(name))).id;
      const test = (row: Row) => holdsId(row, field, client);
      return { query: { [param]: client }, test, mode: 'verify', label: 'client' };
    },
  }),

  /** An id, as Halo filters it. */
  id: (name: string, { param = name, field = name } = {}): Filter => ({
    args: { [name]: z.int().positive().optional() },
    resolve: ({ [name]: id }) =>
      typeof id === 'number'
        ? { query: { [param]: id }, test: (row) => holdsId(row, field, id), mode: 'verify', label: name }
        : undefined,
  }),

  /** An id or a name of one of Halo's lookups, in one argument. `looser` where Halo is known to let more through. */
  lookup: (
    name: string,
    lookup: LookupName,
    { param, field, nameField, looser }: { param: string; field: string; nameField?: string; looser?: boolean },
  ): Filter => ({
    args: { [name]: z.union([z.int(), z.string().min(1)]).optional() },
    async resolve({ [name]: value }, { halo }) {
      if (typeof value !== 'number' && typeof value !== 'string') return undefined;
      const found = await resolveLookup(halo, lookup, value, name);
      const byName = (row: Row) => {
        const named = nameField === undefined ? undefined : textOf(row[nameField]);
        return named === undefined || found.name === undefined ? undefined : named === found.name;
      };
      const test = (row: Row) => holdsId(row, field, found.id) ?? byName(row);
      return { query: { [param]: found.id }, test, mode: looser === true ? 'looser' : 'verify', label: name };
    },
  }),

  /** A switch, sent only where it is true: Halo reads nothing but `true`. */
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

  /** `open_only` of tickets and projects. */
  open: ({ preset = false } = {}): Filter => filter.flag('open_only', { preset, test: isOpen }),

  /** `from` and `to`, inclusive days. `query` writes them as the endpoint wants them. */
  days: ({
    field,
    query,
  }: {
    field: string | readonly string[];
    query: (from: string | undefined, to: string | undefined) => Query;
  }): Filter => {
    if (typeof query !== 'function')
      throw new Error('filter.days: "query" must be a function, (from, to) => the parameters that Halo takes.');
    const fields = typeof field === 'string' ? [field] : field;
    return {
      args: { from: Day.optional(), to: Day.optional() },
      resolve({ from, to }) {
        const [first, last] = [from as string | undefined, to as string | undefined];
        if (first === undefined && last === undefined) return undefined;
        if (first !== undefined && last !== undefined && last < first)
          throw new HaloError('BAD_ARGUMENTS', `"to" (${last}) is before "from" (${first}).`, 'Swap them.');
        const test = (row: Row) => {
          const day = fields.map((f) => dayOf(row[f])).find((d) => d !== undefined);
          return day !== undefined && (first === undefined || day >= first) && (last === undefined || day <= last);
        };
        // Nothing happened in 1950 or in 2098: an answer to these shows that Halo does not look at the day.
        const nothing = [
          ...(first === undefined ? [] : [query('2098-01-01', last && '2098-01-31')]),
          ...(last === undefined ? [] : [query(first && '1950-01-01', '1950-01-31')]),
        ];
        return { query: query(first, last), test, fields, mode: 'unsure', label: 'days', nothing };
      },
    };
  },

  /** Free text; what it looks in is Halo's choice, so it can't be checked. */
  search: (param = 'search'): Filter => ({
    args: { search: z.string().min(1).optional() },
    resolve: ({ search }) => (typeof search === 'string' ? { query: { [param]: search } } : undefined),
  }),

  /** `order_by` and `descending`. */
  order: (fields: Record<string, string>, preset: string): Filter => ({
    args: { order_by: z.enum(Object.keys(fields)).optional(), descending: z.boolean().optional() },
    resolve({ order_by: by, descending }) {
      if (by === undefined && descending === undefined) return undefined;
      return { query: { order: fields[String(by ?? preset)], ...(descending === true && { orderdesc: true }) } };
    },
  }),

  /** Inactive rows: left out unless asked for, and here as well where Halo sends them all the same. */
  inactive: (name = 'include_inactive', { param = 'includeinactive', field = 'inactive' } = {}): Filter => ({
    args: { [name]: z.boolean().default(false) },
    resolve: ({ [name]: on }) =>
      on === true
        ? { query: { [param]: true } }
        : { test: (row) => !flagOf(row[field]), without: { [param]: true }, mode: 'unsure', label: name },
  }),

  /** One of a few words that Halo has no filter for: rows are chosen here. `query` helps where Halo can narrow a little. */
  choice: <const V extends readonly [string, ...string[]]>(
    name: string,
    values: V,
    preset: V[number],
    test: (row: Row, value: V[number]) => boolean,
    query?: (value: V[number]) => Query,
  ): Filter => ({
    args: { [name]: z.enum(values).default(preset as never) },
    resolve: ({ [name]: value }) => {
      const chosen = value as V[number];
      return {
        ...(query && { query: query(chosen) }),
        ...(chosen !== 'all' && { test: (row: Row) => test(row, chosen), mode: 'here' as const, label: name }),
      };
    },
  }),

  /** A filter of its own kind. */
  custom: (custom: Filter): Filter => custom,
  /** A day as an argument. */
  Day,
});
