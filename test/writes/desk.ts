import { onTestFinished } from 'vitest';
import { settingsFrom } from '../../config/index.js';
import type { Caller, CallResult } from '../../core/call/caller.js';
import type { SharedWrites } from '../../core/call/confirm/writes.js';
import type { Plugin } from '../../core/define.js';
import { createLog } from '../../core/log.js';
import { Redactor } from '../../core/output/redact.js';
import { createServer, type Server } from '../../core/server.js';
import { ONLY_CUSTOMER } from '../../core/settings.js';
import deskActions from '../../plugins/desk-actions/index.js';
import tickets from '../../plugins/tickets/index.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';

export type Json = Record<string, unknown>;

export interface DeskOptions {
  allow?: string[];
  confirm?: 'person' | 'preview';
  allowCustomerVisible?: boolean;
  sandbox?: SandboxOptions;
  /** A running one. */
  halo?: Sandbox;
  shared?: SharedWrites;
  audit?: string;
  principal?: string;
  plugins?: Plugin[];
  customers?: string[];
  secret?: string;
  timeoutMs?: number;
  timeZone?: string;
  requestsPer5Minutes?: number;
}

/** An open ticket of the sandbox. */
export const TICKET = 10311;

export const ALL = ['add_private_note', 'log_time', 'update_ticket', 'create_ticket'];

/** The server with the pack desk-actions over a sandbox, in this process. */
export async function openDesk(options: DeskOptions = {}) {
  const { allow = ALL, confirm, allowCustomerVisible = true, principal, audit, shared } = options;
  const halo =
    options.halo ?? (await startSandbox({ requestsPer5Minutes: 1_000_000, scopes: ['all'], ...options.sandbox }));
  if (options.halo === undefined) onTestFinished(() => halo.close());
  const { url, clientId, clientSecret } = halo;
  const packs: Plugin[] = [tickets, deskActions, ...(options.plugins ?? [])];
  const lines: string[] = [];
  const redactor = new Redactor();
  if (options.secret !== undefined) redactor.remember(options.secret);
  const { timeoutMs = 30_000, timeZone, requestsPer5Minutes = 1_000_000 } = options;
  const own = { timeoutMs, timeZone, requestsPer5Minutes };
  const start = (): Promise<Server> =>
    createServer(
      settingsFrom({
        plugins: packs.map(({ name, tools }) => ({
          use: name,
          allowWrites: tools.map((tool) => tool.name).filter((tool) => allow.includes(tool)),
          ...{ confirm, allowCustomerVisible },
        })),
        ...(audit !== undefined && { audit: { file: audit } }),
        customers: Object.fromEntries((options.customers ?? [ONLY_CUSTOMER]).map((name) => [name, own])),
      }),
      {
        connect: async () => ({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret }),
        bundled: Object.fromEntries(packs.map((one) => [one.name, { default: true, load: async () => one }])),
        self: {},
        redactor,
        log: createLog('debug', redactor, { write: (line: string) => lines.push(line) } as never),
        ...(shared && { writes: shared }),
      },
    );
  let server = await start();
  const open = (who: Partial<Parameters<Server['open']>[0]> = {}) =>
    server.open({ customer: options.customers?.[0] ?? ONLY_CUSTOMER, principal, ...who });
  let session = open();
  const call = async (name: string, args: Json, caller?: Caller) => read(await session.call(name, args, caller));
  return {
    ...{ halo, lines, call, open },
    get server() {
      return server;
    },
    get session() {
      return session;
    },
    /** A new process, which remembers nothing. */
    async restart() {
      server = await start();
      session = open();
    },
    /** What was posted to Halo, as the sandbox recorded it. */
    posts: () => halo.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/')),
    /** A preview, and its confirmation. */
    async confirmed(name: string, args: Json) {
      const preview = await call(name, args);
      return call(name, { ...args, confirm: preview.said.confirm });
    },
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** An answer as a client gets it. */
export function read(result: CallResult) {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  return { ...result, text, said: (result.structuredContent ?? {}) as Json & { confirm?: string; says?: string } };
}

/** The one record in the body of a POST. */
export const rowOf = (body: string | undefined): Json => (JSON.parse(body ?? '[]') as Json[])[0] ?? {};
