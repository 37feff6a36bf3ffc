import { readArguments } from '../../../core/call/arguments.js';
import type { AnyTool, ToolContext } from '../../../core/define.js';
import { HaloError } from '../../../core/errors.js';
import type { Query } from '../../../core/halo/client.js';
import type { Halo } from '../../../core/halo/halo.js';
import { Learned } from '../../../core/halo/learned.js';
import type { LookupName, LookupRow } from '../../../core/halo/lookups.js';
import { allWhere, listWhere } from '../../../core/halo/narrowed.js';
import type { Row } from '../../../core/halo/pages.js';
import { judge } from '../../../core/halo/proof.js';
import { soundsSecret } from '../../../core/make/secret-names.js';
import { UTC, type Zone } from '../../../core/zone.js';

export interface Asked {
  path: string;
  query: Query;
}

/** What a path answers with: a body, or an error. */
export type Answer = (query: Query) => unknown;

export interface Fake {
  context: ToolContext;
  asked: Asked[];
  looked: { name: LookupName; wanted: readonly (number | string)[] }[];
  log: string[];
}

/** A tool's whole access to Halo, over a table of paths. */
export function fakeContext(
  paths: Record<string, Answer>,
  lookups: Partial<Record<LookupName, readonly LookupRow[] | HaloError>> = {},
  now?: () => number,
  zone: Zone = UTC,
): Fake {
  const fake: Pick<Fake, 'asked' | 'looked' | 'log'> = { asked: [], looked: [], log: [] };
  const signal = new AbortController().signal;
  const learned = new Learned(now);
  const get = async (path: string, query: Query = {}) => {
    fake.asked.push({ path, query });
    const answer = paths[path];
    if (answer === undefined) throw new HaloError('HALO_NOT_FOUND', `nothing at ${path}`, { status: 404 });
    return answer(query);
  };
  const halo: Halo = {
    get,
    list: (path, options) => listWhere(get, learned, path, options, signal),
    all: (path, options) => allWhere(get, learned, path, options, signal),
    judge: (path, judged) => judge(get, learned, path, judged),
    lookup: async (name, wanted = []) => {
      fake.looked.push({ name, wanted });
      const rows = lookups[name] ?? [];
      if (rows instanceof HaloError) throw rows;
      return rows;
    },
  };
  const line = (_facts: object, message: string) => void fake.log.push(message);
  const log = { debug: line, info: line, warn: line, error: line };
  const told = { signal, progress: () => undefined, log, isSecret: soundsSecret, zone, options: {} };
  return { ...fake, context: { halo, ...told } };
}

export interface Listed {
  items: Row[];
  page: number;
  page_size: number;
  total: number | null;
  next_page: number | null;
  passed_over?: number;
  hint?: string;
}

/** One call as the chain makes it: strict arguments, the run, the tool's own output schema. */
export async function callOf(tool: AnyTool, fake: Fake, args: Record<string, unknown> = {}): Promise<Row> {
  const result = await tool.run(readArguments(tool, args), fake.context);
  return tool.output.parse(result) as Row;
}

export const listed = async (tool: AnyTool, fake: Fake, args: Record<string, unknown> = {}): Promise<Listed> =>
  (await callOf(tool, fake, args)) as unknown as Listed;

/** A list paged like Halo's: with a cap, and the count over all pages. `narrow` is what Halo filters by. */
export function pagedList(
  rows: readonly Row[],
  {
    key = 'tickets',
    cap = 100,
    narrow = () => true,
  }: { key?: string; cap?: number; narrow?: (row: Row, query: Query) => boolean } = {},
): Answer {
  return (query) => {
    const found = rows.filter((row) => narrow(row, query));
    const size = Math.min(Number(query.page_size), cap);
    const start = (Number(query.page_no) - 1) * size;
    const some = found.slice(start, start + size);
    return {
      page_no: query.page_no,
      page_size: query.page_size,
      record_count: some.length === 0 ? 0 : found.length,
      [key]: some,
    };
  };
}

/** Walks a tool by `next_page`, as a model does. */
export async function walkOf(tool: AnyTool, fake: Fake, args: Record<string, unknown>): Promise<Listed[]> {
  const pages: Listed[] = [];
  for (let page = 1; ; ) {
    const got = await listed(tool, fake, { ...args, page });
    pages.push(got);
    if (got.next_page === null) return pages;
    if (pages.length > 500) throw new Error('the walk does not end');
    page = got.next_page;
  }
}
