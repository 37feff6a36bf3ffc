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

/** All that a tool has of Halo. Paths are those of Halo's API, without /api: `/Tickets`, `/Tickets/12`. */
export interface Halo {
  /** GET, parsed. */
  get(path: string, query?: Query): Promise<unknown>;
  /** One page of a list. */
  list(path: string, options: ListOptions): Promise<Page>;
  /** A whole list, each row once; says when it is not whole. */
  all(path: string, options: AllOptions): Promise<Walk>;
  /** What Halo does with the filters that a page was asked by; asked of Halo where the rows alone can't tell. */
  judge(path: string, judged: Judged): Promise<Judgement[]>;
  /** A small list of ids and names, kept for five minutes; ids or names in `wanted` that it lacks are asked for anew. */
  lookup(name: LookupName, wanted?: readonly (number | string)[]): Promise<readonly LookupRow[]>;
}

/** What a tool may do with Halo. */
export interface Allowance {
  tool: string;
  scopes: readonly Scope[];
  /** Scopes that may be used where the token holds them. */
  optionalScopes: readonly Scope[];
  /** The scopes that the token asks for. */
  asked: readonly Scope[];
  /** Told of each request that is asked for. */
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
  /** Anything but a plain path is refused at once: what is no text could be read first as one path, then as another. */
  const plainPath = (path: string): string => {
    if (typeof path === 'string' && PATH.test(path)) return path;
    throw new HaloError(
      'PLUGIN_PATH_UNDECLARED',
      `${allowance.tool} asked for ${typeof path === 'string' ? `"${cut(path, 60)}"` : typeof path}, which is no path of Halo's API.`,
      'Paths look like /Tickets or /Tickets/123.',
    );
  };
  /** A path whose scope the tool did not declare is refused before anything leaves; one that Halo did not grant, too. */
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
        `Turn on a pack that needs ${scope} and tick it on the API application in Halo.`,
      );
    if (await client.lacks(scope, patience)) throw scopeMissing([scope], tool);
  };
  return { plainPath, admit };
}

/** Halo as one tool may use it, for the length of one call. */
export function haloFor({ client, lookups, learned }: HaloShared, allowance: Allowance, patience: Patience): Halo {
  const { plainPath, admit } = gateOf(client, allowance, patience);
  const get = async (path: string, query: Query = {}) => {
    await admit(plainPath(path));
    allowance.onRequest?.();
    const body = await client.get(path, query, patience, kindOf(path, query));
    refuseFailedReport(path, query, body);
    return body;
  };
  return {
    get,
    list: async (path, options) => listWhere(get, learned, plainPath(path), options, patience.signal),
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
 * How the core sends what was confirmed, for the length of one call: no tool has it.
 * @throws HaloError HALO_OUTCOME_UNKNOWN where nobody knows whether it was done
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
  /** @throws HaloError where the tool may not change what is at this path */
  admit(path: string): Promise<void>;
  /** POST of a body, sent once: the record that Halo answers with, null where it says nothing. */
  post(path: string, body: unknown, posted: Posted): Promise<unknown>;
}

/** What kind of read it is; the short lists that any login sees need no bounds. */
function kindOf(path: string, query: Query): Kind {
  if (isReportRun(path, query)) return 'report';
  const bounded = /\/-?\d/.test(path) || query.pageinate === true || query.count !== undefined;
  return bounded || scopeOfPath(path) === null ? 'bounded' : 'unbounded';
}
