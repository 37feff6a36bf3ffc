import type { SandboxRequest } from '../../../sandbox/types.js';
import { bodyOf, isLookup, isRecord, json, listOf, nameOf, narrowing, type Row, sealed, withQuery } from './halo.js';
import type { Spoil } from './stage.js';

/** Parameters that belong together: one has no effect without the others. */
const DAYS = [
  ...['startdate', 'enddate', 'start_date', 'end_date', 'datesearch', 'invoicedatestart', 'invoicedateend'],
];

/** Parameters that narrow a list, including flags that ask for less. */
export const FILTERS: Record<string, readonly string[]> = {
  client_id: ['client_id'],
  site_id: ['site_id'],
  user_id: ['user_id'],
  agent_id: ['agent_id'],
  team: ['team'],
  status_id: ['status_id'],
  requesttype: ['requesttype'],
  priority: ['priority'],
  assettype_id: ['assettype_id'],
  reportgroup_id: ['reportgroup_id'],
  parent_id: ['parent_id'],
  ticket_id: ['ticket_id'],
  contract_id: ['contract_id'],
  open_only: ['open_only'],
  search: ['search'],
  days: DAYS,
};

/** Fields by which a row shows what it belongs to, by the parameter. */
const FIELDS: Record<string, readonly string[]> = {
  client_id: ['client_id', 'client_name'],
  site_id: ['site_id', 'site_name'],
  user_id: ['user_id', 'user_name', 'users', 'username'],
  agent_id: ['agent_id', 'agent_name'],
  team: ['team_id', 'team'],
  status_id: ['status_id', 'status_name'],
  requesttype: ['tickettype_id', 'tickettype_name'],
  priority: ['priority_id', 'priority_name'],
  assettype_id: ['assettype_id', 'assettype_name'],
  reportgroup_id: ['group_id', 'group_name'],
  parent_id: ['parent_id'],
  ticket_id: ['ticket_id'],
  contract_id: ['contract_id'],
  open_only: ['status_id', 'status_name', 'dateclosed', 'hasbeenclosed'],
  search: [],
  days: ['dateoccurred', 'invoice_date', 'dateposted', 'datetime'],
};

/** The request without some parameters. /Actions without a ticket or days would be empty, so it gets all days. */
function bare(request: SandboxRequest, names: readonly string[]): SandboxRequest {
  const changed = withQuery(request, Object.fromEntries(names.map((name) => [name, undefined])));
  const { query } = changed;
  const isAll = nameOf(request) === 'actions' && !query.has('ticket_id') && !query.has('startdate');
  return isAll ? withQuery(changed, { startdate: '2000-01-01', enddate: undefined }) : changed;
}

/** Rows that were not requested, in Halo's order. */
export const ignored =
  (names: readonly string[] | 'all'): Spoil =>
  async (request, answer) => {
    if (isRecord(request) || isLookup(request)) return undefined;
    const narrow = names === 'all' ? narrowing(request) : names.filter((name) => request.query.has(name));
    return narrow.length === 0 ? undefined : answer(bare(request, narrow));
  };

/** The same, but the requested rows happen to come first, so that a page does not reveal it. */
const hidden =
  (names: readonly string[]): Spoil =>
  async (request, answer) => {
    if (isRecord(request) || isLookup(request) || !names.some((name) => request.query.has(name))) return undefined;
    const [right, wrong] = [await listOf(answer, request), await listOf(answer, bare(request, names))];
    if (right === undefined || wrong === undefined) return undefined;
    const own = new Set(right.all.map(({ id, ticket_id }) => `${ticket_id}/${id}`));
    const rows = [...right.all, ...wrong.all.filter(({ id, ticket_id }) => !own.has(`${ticket_id}/${id}`))];
    const { page } = right;
    const shown = page === undefined ? rows : rows.slice((page.no - 1) * page.size, page.no * page.size);
    return json(sealed(wrong, shown, right.key === undefined ? {} : { record_count: rows.length }));
  };

const without = (row: Row, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !fields.includes(name)));

/** Rows that don't show whether they fit; `inner` says whether Halo filtered. */
const blind =
  (fields: readonly string[], inner?: Spoil): Spoil =>
  async (request, answer) => {
    if (isRecord(request) || isLookup(request)) return undefined;
    const spoilt = await inner?.(request, answer);
    const ask = async (changed = request) => (changed === request ? spoilt : undefined) ?? answer(changed);
    const body = await bodyOf(ask, request);
    if (Array.isArray(body)) return json(body.map((row) => without(row as Row, fields)));
    const list = Object.entries((body ?? {}) as Row).find(([, value]) => Array.isArray(value));
    if (list === undefined) return undefined;
    const [key, rows] = list as [string, Row[]];
    return json({ ...(body as Row), [key]: rows.map((row) => without(row, fields)) });
  };

/** A ticket of a colleague of the agent's team, as Halo's `agent_id` gives the whole queue. */
const queue: Spoil = async (request, answer) => {
  if (!request.query.has('agent_id') || isRecord(request) || isLookup(request)) return undefined;
  const [right, wide] = [await listOf(answer, request), await listOf(answer, bare(request, ['agent_id']))];
  if (right === undefined || wide === undefined) return undefined;
  const teams = new Set(right.all.map(({ team_id }) => team_id));
  const rows = wide.all.filter(({ team_id }) => teams.has(team_id));
  const { page } = right;
  const shown = page === undefined ? rows : rows.slice((page.no - 1) * page.size, page.no * page.size);
  return json(sealed(right, shown, { record_count: rows.length }));
};

const eachOf = (prefix: string, spoil: (names: readonly string[], fields: readonly string[]) => Spoil) =>
  Object.fromEntries(
    Object.entries(FILTERS).map(([name, names]) => [`${prefix} ${name}`, spoil(names, FIELDS[name] ?? [])]),
  );

/** Inactive rows come unasked. */
const alsoInactive: Spoil = async (request, answer) =>
  isRecord(request) || isLookup(request)
    ? undefined
    : answer(withQuery(request, { includeinactive: 'true', includedisabled: 'true' }));

/** Filters that Halo ignores, openly or so that the first page does not reveal it, and rows that don't show it. */
export const IGNORED: Record<string, Spoil> = {
  'every filter ignored': ignored('all'),
  'inactive rows that nobody asked for': alsoInactive,
  "the whole team's queue for agent_id": queue,
  ...eachOf('ignored:', (names) => ignored(names)),
  ...eachOf('ignored behind rows that fit:', (names) => hidden(names)),
  ...eachOf('obeyed by rows that do not tell:', (_, fields) => blind(fields)),
  ...eachOf('ignored by rows that do not tell:', (names, fields) => blind(fields, ignored(names))),
};

/** The parameters that a case is about; undefined for any. */
export function parametersOf(name: string): readonly string[] | undefined {
  return FILTERS[/: (\w+)$/.exec(name)?.[1] ?? ''] ?? (name.includes('agent_id') ? ['agent_id'] : undefined);
}
