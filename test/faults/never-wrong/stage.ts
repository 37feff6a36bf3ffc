import { afterAll, beforeAll, vi } from 'vitest';
import { bundled } from '../../../cli/packs.js';
import { settingsFrom } from '../../../config/index.js';
import type { CallResult } from '../../../core/call/call.js';
import type { Plugin } from '../../../core/define.js';
import type { Bundled } from '../../../core/load/bundled.js';
import { cardOf } from '../../../core/load/card.js';
import { Redactor } from '../../../core/output/redact.js';
import { ONLY_CUSTOMER, type Settings } from '../../../core/settings.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/index.js';
import type { SandboxReply, SandboxRequest } from '../../../sandbox/types.js';
import { type One, startOne } from '../../one.js';
import { NOW } from '../../sandbox/connect.js';

export type Json = Record<string, unknown>;

/** Replaces the answer to a request for a list or a record, based on Halo's own to this request or a changed one. */
export type Spoil = (
  request: SandboxRequest,
  answer: (changed?: SandboxRequest) => Promise<SandboxReply>,
) => SandboxReply | undefined | Promise<SandboxReply | undefined>;

/** A server with all packs in this process, and its Halo. */
export interface Stage {
  halo: Sandbox;
  /**
   * One call of a new server that knows nothing of this Halo yet, or of the given one. Without `spoil` Halo is healthy.
   */
  call(tool: string, args: Json, spoil?: Spoil, by?: { server: One; signal?: AbortSignal }): Promise<CallResult>;
  /** A server that keeps what it learns from call to call. */
  core(): Promise<One>;
}

/**
 * Opens a stage for the tests of a file. The day is that of the sandbox, for the server, too.
 * @param more packs that stand beside the bundled ones, whose scopes this server then asks for as well
 */
export function useStage(
  options: SandboxOptions = {},
  output: Partial<Settings['output']> = { maxTokens: 100_000 },
  more: readonly Plugin[] = [],
): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOW) });
    Object.assign(stage, await openStage(options, output, more));
  });
  afterAll(async () => {
    await stage.halo.close();
    vi.useRealTimers();
  });
  return stage;
}

/** A stage that closes together with its `halo`. */
export async function openStage(
  options: SandboxOptions = {},
  output: Partial<Settings['output']> = { maxTokens: 100_000 },
  more: readonly Plugin[] = [],
): Promise<Stage> {
  let spoiled: Spoil | undefined;
  const halo = await startSandbox({
    ...{ now: NOW, requestsPer5Minutes: 1e9 },
    ...options,
    async intercept(request, answer) {
      if (spoiled === undefined || !request.path.startsWith('/api/')) return undefined;
      return spoiled(request, answer);
    },
  });
  const { url, clientId, clientSecret } = halo;
  const { output: preset } = settingsFrom();
  const beside = more.map((plugin) => [plugin.name, { default: false, load: async () => plugin }]);
  const packs: Bundled = { ...(await carded()), ...Object.fromEntries(beside) };
  const settings = settingsFrom({
    ...{ plugins: Object.keys(packs), output: { ...preset, ...output }, named: true },
    customers: { [ONLY_CUSTOMER]: { requestsPer5Minutes: 100_000 } },
  });
  const silent = () => undefined;
  const core = () =>
    startOne(settings, {
      ...{ bundled: packs, self: {}, redactor: new Redactor() },
      log: { debug: silent, info: silent, warn: silent, error: silent },
      connect: async () => ({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret }),
    });
  return {
    ...{ halo, core },
    async call(tool, args, spoil, by) {
      const server = by?.server ?? (await core());
      spoiled = spoil;
      try {
        const result = await server.call(tool, args, by?.signal === undefined ? {} : { signal: by.signal });
        if (result.code === 'UNKNOWN_TOOL') throw new Error(`There is no tool ${tool}.`);
        return result;
      } finally {
        spoiled = undefined;
        halo.requests.length = 0;
      }
    },
  };
}

/** The bundled packs with cards made from the sources, whatever was built, so that a server starts at once. */
async function carded(): Promise<Bundled> {
  const named = Object.entries(bundled).map(async ([name, pack]): Promise<[string, Bundled[string]]> => {
    const plugin = await pack.load();
    return [name, { ...pack, load: async () => plugin, card: cardOf(plugin) }];
  });
  return Object.fromEntries(await Promise.all(named));
}

/** The text of an answer, with the random data tags made equal. */
export const textOf = ({ content }: CallResult): string =>
  content
    .map((part) => (part.type === 'text' ? part.text : part.resource.text))
    .join('\n')
    .replace(/halo-data-[\w-]+/g, 'halo-data-…');
