import { FAULTS, type Fault, readFault } from '../faults.js';
import type { SandboxAnswer, SandboxRequest } from '../request.js';

type Answering = (request: SandboxRequest) => Promise<SandboxAnswer>;

/** The active faults, in order: the first one that hits a request is the outermost. */
export interface FaultSet {
  /** @throws RangeError for an unknown fault */
  add(...faults: readonly (Fault | string)[]): void;
  clear(): void;
  /** Each with its number of hits. */
  list(): (Fault & { hits: number })[];
  answer(request: SandboxRequest, answering: Answering): Promise<SandboxAnswer>;
}

/** @param sandbox what faults need of it when a request comes */
export function createFaultSet(sandbox: { url(): string; revokeTokens(): void }): FaultSet {
  let set: { fault: Fault; met: number; hits: number }[] = [];

  /** Counts the request, and says whether the fault hits it. */
  function hits(one: (typeof set)[number], request: SandboxRequest): boolean {
    const { name, on = FAULTS[name].on, after = 0, times = Number.POSITIVE_INFINITY } = one.fault;
    if (!isOn(on, request)) return false;
    one.met += 1;
    if (one.met <= after || one.hits >= times) return false;
    one.hits += 1;
    return true;
  }

  async function through(rest: typeof set, request: SandboxRequest, answering: Answering): Promise<SandboxAnswer> {
    const [first, ...inner] = rest;
    if (first === undefined) return answering(request);
    if (!hits(first, request)) return through(inner, request, answering);
    const { fault } = first;
    request.faults ??= [];
    request.faults.push(fault.name); // a changed request shares the list with the one in the log
    return FAULTS[fault.name].spoil({
      ...{ request, settings: fault, url: sandbox.url(), revokeTokens: sandbox.revokeTokens },
      answer: (changed = request) => through(inner, changed, answering),
    });
  }

  return {
    add(...faults) {
      set.push(...faults.map((fault) => ({ fault: readFault(fault), met: 0, hits: 0 })));
    },
    clear() {
      set = [];
    },
    list: () => set.map(({ fault, hits }) => ({ ...fault, hits })),
    answer: (request, answering) => through([...set], request, answering),
  };
}

/** `token`, `api`, `write`, `all`, or a path under /api, whole segments of it, with parameters that the request must have. */
function isOn(on: string, request: SandboxRequest): boolean {
  const path = request.path.toLowerCase();
  if (on === 'all') return true;
  if (on === 'token') return path === '/auth/token';
  if (on === 'api') return path.startsWith('/api/');
  if (on === 'write') return path.startsWith('/api/') && request.method !== 'GET';
  const [wanted = '', query] = on.split('?');
  const prefix = `/api${wanted.toLowerCase().replace(/^\/api(?=\/)/, '')}`;
  const inside = path === prefix || path.startsWith(`${prefix}/`);
  return inside && [...new URLSearchParams(query)].every(([name, value]) => request.query.get(name) === value);
}
