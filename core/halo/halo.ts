import { HaloError } from '../errors.js';
import { cut } from '../output/clean.js';
import type { AllOptions, Walk } from './all.js';
import type { Kind } from './attempts.js';
import type { HaloClient, Query } from './client.js';
import type { Learned } from './learned.js';
import type { Patience } from './limiter.js';
import { LOOKUPS, type LookupName, type LookupRow, type Lookups, lookupPath } from './lookups.js';
import { allWhere, listWhere } from './narrowed.js';
import type { Posted } from './outcome.js';
import type { ListOptions, Page } from './pages.js';
import { type Judged, type Judgement, judge } from './proof.js';
import { isReportRun, refuseFailedReport } from './report.js';
import { covers, PATH, type Scope, scopeOfPath } from './scopes.js';
import { scopeMissing } from './token.js';

/** What a tool gets of Halo. Paths are those of Halo's API, without /api: `/Tickets`, `/Tickets/12`. */
export interface Halo {
  /** GET, parsed. */
  get(path: string, query?: Query): Promise<unknown>;
  /** One page of a list. */
  list(path: string, options: ListOptions): Promise<Page>;
  /** A whole list, each row once; says if it is not whole. */
  all(path: string, options: AllOptions): Promise<Walk>;
  /** What Halo does with the filters of a page; asks Halo if the rows alone can't tell. */
  judge(path: string, judged: Judged): Promise<Judgement[]>;
  /** A small list of ids and names, kept for five minutes; read again if it lacks an id or name in `wanted`. */
  lookup(name: LookupName, wanted?: readonly (number | string)[]): Promise<readonly LookupRow[]>;
}

/** What a tool may do with Halo. */
export interface Allowance {
  tool: string;
  scopes: readonly Scope[];
  /** Scopes that may be used if the token holds them. */
  optionalScopes: readonly Scope[];
  /** The scopes that the token asks for. */
  asked: readonly Scope[];
  /** Called for each request that the tool makes. */
  onRequest?: () => void;
}

/** What all tools share of one Halo instance. */
export interface HaloShared {
  client: HaloClient;
  lookups: Lookups;
  learned: Learned;
}

/** Lets a tool's paths through, and nothing else. */
function gateOf(client: HaloClient, allowance: Allowance, patience: Patience) {
  /** Refuses all but a plain path at once: a value that is not text could read first as one path, then as another. */
  const plainPath = (path: string): string => {
    if (typeof path === 'string' && PATH.test(path)) return path;
    if (typeof path === 'string' && PATH.test(path.replaceAll(/\d+/g, '1')))
      throw new HaloError('BAD_ARGUMENTS', `${cut(path, 60)} has an id that Halo can't have.`, 'Check the id.');
    throw new HaloError(
      'PLUGIN_PATH_UNDECLARED',
      `${allowance.tool} asked for ${typeof path === 'string' ? `"${cut(path, 60)}"` : typeof path}, which is not a path of Halo's API.`,
      'Paths look like /Tickets or /Tickets/123.',
    );
  };
  /** Refuses a path whose scope the tool did not declare, before anything leaves, or that Halo did not grant. */
  const admit = async (path: string, write = false) => {
    const scope = scopeOfPath(path, write);
    const { tool, scopes, optionalScopes, asked } = allowance;
    if (scope === undefined)
      throw new HaloError(
        'PLUGIN_PATH_UNDECLARED',
        `${tool} asked for ${path}, a path whose scope is not known.`,
        'Use a path of the table in docs/plugins.md.',
      );
    if (scope === null) return;
    const declared = covers(scopes, scope);
    if (!declared && !covers(optionalScopes, scope))
      throw new HaloError(
        'PLUGIN_PATH_UNDECLARED',
        `${tool} asked for ${path}, which needs ${scope}, and does not declare it.`,
      );
    if (!declared && !covers(asked, scope))
      throw new HaloError(
        'HALO_SCOPE_MISSING',
        `${scope} is not in use here.`,
        `Add it to "scopes" in the config, or turn on a pack that needs it, and tick it on the API application in Halo.`,
      );
    if (await client.lacks(scope, patience)) throw scopeMissing([scope], tool);
  };
  return { plainPath, admit };
}

/** Halo as one tool may use it, during one call. */
export function haloFor({ client, lookups, learned }: HaloShared, allowance: Allowance, patience: Patience): Halo {
  const { plainPath, admit } = gateOf(client, allowance, patience);
  const read = async (path: string, query: Query, readOnly = false) => {
    await admit(plainPath(path));
    allowance.onRequest?.();
    const body = await client.get(path, query, patience, kindOf(path, query), readOnly);
    refuseFailedReport(path, query, body);
    return body;
  };
  const get = (path: string, query: Query = {}) => read(path, query);
  return {
    get,
    list: async (path, options) => {
      const page = (from: string, query: Query) => read(from, query, options.readOnly);
      return listWhere(page, learned, plainPath(path), options, patience.signal);
    },
    all: async (path, options) => {
      const mayTake = (requests: number) => client.plan(path, requests, patience);
      return allWhere(get, learned, plainPath(path), { ...options, mayTake }, patience.signal);
    },
    judge: async (path, judged) => judge(get, learned, plainPath(path), judged),
    lookup: async (name, wanted) => {
      if (!LOOKUPS.includes(name))
        throw new HaloError(
          'PLUGIN_PATH_UNDECLARED',
          `${allowance.tool} asked for the lookup "${cut(String(name), 60)}", which does not exist.`,
          `Lookups: ${LOOKUPS.join(', ')}.`,
        );
      await admit(lookupPath(name));
      return lookups.get(name, patience, wanted);
    },
  };
}

/**
 * How the core sends what was confirmed, during one call; no tool gets it.
 * @throws HaloError HALO_OUTCOME_UNKNOWN if nobody knows whether it was done
 */
export function senderFor({ client }: Pick<HaloShared, 'client'>, allowance: Allowance, patience: Patience): Sender {
  const { plainPath, admit } = gateOf(client, allowance, patience);
  return {
    admit: (path) => admit(plainPath(path), true),
    async post(path, body, posted) {
      await admit(plainPath(path), true);
      allowance.onRequest?.();
      return client.post(path, body, patience, posted);
    },
  };
}

/** What may change Halo. */
export interface Sender {
  /** @throws HaloError if the tool may not change what is at this path */
  admit(path: string): Promise<void>;
  /** POST of a body, sent once: returns the record in Halo's answer, or null if it says nothing. */
  post(path: string, body: unknown, posted: Posted): Promise<unknown>;
}

/** The kind of a read; the short lists that any login sees need no bounds. */
function kindOf(path: string, query: Query): Kind {
  if (isReportRun(path, query)) return 'report';
  const bounded = /\/-?\d/.test(path) || query.pageinate === true || query.count !== undefined;
  return bounded || scopeOfPath(path) === null ? 'bounded' : 'unbounded';
}
