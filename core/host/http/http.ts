// host/http/: MCP over HTTP for a team: who may call, what a request must look like, and a server's life. Loaded by
// `serve --http` alone.
import type { BlockList } from 'node:net';
import type { CallFacts } from '../../call/told.js';
import { ConfigError } from '../../config-error.js';
import type { Server } from '../../server.js';
import type { End, failed } from '../end.js';
import type { Gate } from '../handlers/answering.js';
import type { readMessage } from '../stdio/malformed.js';
import { isLoopback, networkOf, type Place, shownHost } from './address.js';
import { PATH, quietEngine, startEngine } from './engine.js';
import { createGate } from './gate.js';
import { healthRoutes } from './health.js';
import { closed, Life } from './life.js';
import { Limits } from './limits.js';
import { createHttpServer, listen } from './listen.js';
import { requestReader } from './message.js';
import { guardNames } from './names.js';
import { customersOf, type NotHere, type Principal, principalOf } from './principal.js';
import { eitherServer, type ServerParts } from './server.js';
import { Sessions } from './sessions.js';
import { anybody, byToken, type SignIn } from './sign-in.js';
import { TokenBook } from './tokens/book.js';
import { BadTokens, type TokenEntry } from './tokens/file.js';

/** How the team server is set up. */
export interface HttpOptions {
  place: Place;
  /** True where TLS ends in front of it, so that it may listen on an address that others reach. */
  behindProxy: boolean;
  /** False: whoever reaches the port may call. */
  auth: boolean;
  /** Sessions as the older revisions know them. */
  sessions: boolean;
  /** The file of tokens; undefined where none may be used, as nobody named a config. */
  tokens: string | undefined;
  hosts: readonly string[];
  origins: readonly string[];
  trustedProxies: readonly string[];
  callsPerMinute: number;
}

/** What both hosts have in common; handed over, so that the code of stdio is one file and stays it. */
export interface Common extends Pick<ServerParts, 'answersOf'> {
  readMessage: typeof readMessage;
  failed: typeof failed;
}

/** What the process brings. */
export interface HttpParts extends Common, ServerParts {
  /** Loads the packs. */
  load: (onCall: (facts: CallFacts) => void) => Promise<Server>;
}

/** Serves MCP over HTTP. Resolves when the process is to go: after a signal, or where the start fails. */
export async function serveHttp(parts: HttpParts, options: HttpOptions): Promise<End> {
  const { log } = parts.gate;
  try {
    refuseOpenDoors(options);
    quietEngine(log);
    const stop = await start(parts, options);
    await signalled(() => process.exit(0));
    log.info({}, 'stopping: what is in flight is answered first');
    const lost = await stop();
    if (lost > 0) log.warn({ lost }, 'requests were cut off, as they took too long');
    return { code: 0 };
  } catch (error) {
    if (isPortFault(error))
      return {
        code: 1,
        message: `Nothing can listen on ${error.address ?? options.place.host}:${error.port ?? options.place.port} (${error.code}). Choose another address with --http HOST:PORT.`,
      };
    return parts.failed(error, log);
  }
}

/** @throws ConfigError for an address that others reach without a proxy in front, or without anybody signing in */
export function refuseOpenDoors({ place, behindProxy, auth, tokens }: HttpOptions): void {
  const address = `${shownHost(place.host)}:${place.port}`;
  const open = !isLoopback(place.host);
  if (open && !auth)
    throw new ConfigError(
      `--no-auth is for this machine alone, and others reach ${address}. Take it out, and make tokens with \`halo-mcp token new NAME --config FILE\`.`,
    );
  if (open && !behindProxy)
    throw new ConfigError(
      `Others reach ${address}, and this server has no TLS of its own. Put a proxy with TLS in front and add --behind-proxy, or listen on 127.0.0.1. docs/team-server.md has both.`,
    );
  if (auth && tokens === undefined)
    throw new ConfigError(
      'Nobody could sign in: the tokens stand beside the config, and no config was named. Add --config FILE and make a token with `halo-mcp token new NAME --config FILE`; or, on this machine alone, --no-auth.',
    );
}

/** @returns what ends it; how many requests it cut off */
async function start(parts: HttpParts, options: HttpOptions): Promise<() => Promise<number>> {
  const { gate, identity } = parts;
  const { log } = gate;
  const server = await parts.load(({ principal, customer, ...facts }) =>
    log.info({ principal, customer, ...facts }, 'audit'),
  );
  const trusted = networkOf(options.trustedProxies);
  const { signIn, isStale, close } = await doorOf(server, options, trusted, gate);
  const life = new Life();
  const sessions = options.sessions ? new Sessions() : undefined;
  const engine = await startEngine({
    createServer: () => eitherServer(parts, sessions !== undefined),
    onClose: (done) => sessions?.end(done),
    stateless: sessions === undefined,
  });
  const handle = createGate({
    ...{ life, signIn, sessions, engine, log, origins: options.origins },
    guardNames: guardNames(options, shownHost(options.place.host)),
    readRequest: requestReader(parts.readMessage),
    routes: healthRoutes({ server, life, isStale }),
    callers: new Limits({
      perMinute: options.callsPerMinute,
      burst: Math.max(1, Math.ceil(options.callsPerMinute / 10)),
    }),
  });
  const http = createHttpServer(handle, (socket) => life.isBusy(socket));
  const url = await listen(http, options.place);
  const all = server.open({ customer: server.customers });
  all.onToolsChanged(() => engine.toolsChanged());
  const { packs } = all;
  log.info(
    { packs, tools: all.tools().length, customers: server.customers.length },
    `${identity.title} server running on ${url}${PATH}`,
  );
  return async () => {
    const lost = await life.drain();
    close();
    await closed(http);
    await engine.close().catch(() => undefined);
    return lost;
  };
}

/** Who is let in, and whether what says so can still be read. */
interface Door {
  signIn: SignIn;
  isStale: () => boolean;
  close: () => void;
}

async function doorOf(server: Server, { auth, tokens }: HttpOptions, trusted: BlockList, { log }: Gate): Promise<Door> {
  const never = new AbortController().signal;
  if (!auth || tokens === undefined) {
    log.warn({}, 'Nobody has to sign in (--no-auth): whatever runs on this machine may call.');
    const principal = principalOf(server, { customer: server.customers, principal: 'anybody' }, never);
    return { signIn: anybody(principal), isStale: () => false, close: () => undefined };
  }
  const own = (entry: TokenEntry, ended: AbortSignal): Principal | NotHere => {
    const { name, packs, tools } = entry;
    const customer = customersOf(entry, server.customers);
    if ('notHere' in customer) {
      log.warn({ principal: name }, `The token "${name}" is of no use here. ${customer.notHere}`);
      return customer;
    }
    return principalOf(server, { customer, principal: name, narrow: { packs, tools } }, ended);
  };
  const book = new TokenBook(tokens, own, log);
  try {
    await book.open();
  } catch (error) {
    if (!(error instanceof BadTokens)) throw error;
    throw new ConfigError(
      `Nobody could sign in. The file of tokens, ${tokens}: ${error.message}. Make a token with \`halo-mcp token new NAME --config FILE\`; or, on this machine alone, add --no-auth.`,
    );
  }
  if (book.size === 0)
    log.warn(
      {},
      'There is no token, so nobody can sign in. `halo-mcp token new NAME` makes one; no restart is needed.',
    );
  return { signIn: byToken(book, trusted), isStale: () => book.fault !== undefined, close: () => book.close() };
}

/** Resolves at the first signal to stop; at the second, nothing is waited for any more. */
function signalled(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let before = false;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (before) again();
        before = true;
        resolve();
      });
  });
}

const isPortFault = (error: unknown): error is NodeJS.ErrnoException & { address?: string; port?: number } =>
  error instanceof Error &&
  ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '');
