import { dirname, isAbsolute } from 'node:path';
import {
  type Config,
  ConfigError,
  filledIn,
  forEach,
  oneOf,
  settingsOf,
  unquoted,
  usualLimit,
  writes,
} from '../config/index.js';
import type { Customer } from '../core/customer.js';
import type { Log } from '../core/define.js';
import { createLog } from '../core/log.js';
import { Redactor } from '../core/output/redact.js';
import { createServer, type Parts, type Server } from '../core/server.js';
import type { Session } from '../core/session.js';
import { type Settings, type StoreOptions, secretsOf } from '../core/settings.js';
import type { Store } from '../core/store/store.js';
import { configOf } from './config.js';
import { self } from './identity.js';
import { bundled } from './packs.js';
import { type SandboxFlags, sandboxArgs, startSandboxProcess } from './sandbox.js';

/** The flags that every command which loads the config has. */
export interface StartFlags extends SandboxFlags {
  config?: string | undefined;
  customer?: string | undefined;
}

/** A customer of a server that has started, and a session that is bound to it. */
export interface Started {
  customer: Customer;
  session: Session;
}

/** What a command may want otherwise than the config and the process have it. */
export type Other = Partial<Pick<Parts, 'bundled' | 'log' | 'onCall' | 'tracer'> & { settings: Settings }>;

/** A config that was read, and what comes next. */
export interface Prepared {
  settings: Settings;
  /** Where the config names several, the customers are told apart. */
  several: boolean;
  level: Config['log']['level'];
  http: Config['http'];
  log: Log;
  /** Knows the secrets of the config; that of the sandbox, and each token, once they are there. */
  redactor: Redactor;
  /** Loads the packs, and ties them to Halo or to the sandbox. The doctor loads other packs, with other settings. */
  load(other?: Other): Promise<Server>;
  /** What several servers share; undefined where there is none. */
  store: Store | undefined;
  stop(): void;
}

/** How a command starts. */
export interface Manner {
  /** With what matters alone on stderr. */
  quiet?: boolean;
  /** With so much time for slow plugins before it goes on. */
  graceMs?: number;
  /** For all customers, where none was chosen. */
  all?: boolean;
  /** Starts with an environment that can't be used; each call says so. */
  lenient?: boolean;
  /** It serves until it is stopped, and shares what several servers share. */
  goesOn?: boolean;
  /** How it tells what the operator should know of the start; by its log, unless said. */
  tell?: (warning: string) => void;
}

/**
 * The one way in which commands start: reads the config, and starts the sandbox where it is asked for.
 * @throws ConfigError, UsageError
 */
export async function prepare(
  flags: StartFlags,
  { quiet = false, graceMs, all = false, lenient = false, goesOn = false, tell }: Manner = {},
): Promise<Prepared> {
  const args = await sandboxArgs(flags);
  const config = await configOf(flags);
  if (!all) oneOf(config);
  if (!lenient && !flags.sandbox) refuseFaults(config);
  const redactor = new Redactor();
  for (const own of Object.values(config.customers))
    for (const secret of secretsOf(own)) redactor.remember(secret, 'secret', own.name);
  for (const secret of config.secrets) redactor.remember(secret);
  const log = createLog(quiet && config.log.level === 'info' ? 'warn' : config.log.level, redactor);
  const named = flags.config ?? filledIn(unquoted(process.env.HALO_MCP_CONFIG ?? ''), process.env);
  if (!quiet && config.named && config.file !== undefined && named !== '' && !isAbsolute(named))
    log.warn(
      {},
      `The config "${named}" is named without its folder, and was found in ${dirname(config.file)}. Name it by its whole path, so that it is the same wherever the server starts.`,
    );
  const settings = settingsOf(config);
  // Its API application is as README says to make it; one that may write needs more.
  const sandbox = flags.sandbox ? startSandboxProcess(writes(settings) ? [...args, '--edit'] : args) : undefined;
  sandbox?.connect().then(
    ({ apiUrl }) => log.info({}, `Sandbox Halo at ${new URL(apiUrl).origin}`),
    () => undefined, // told by the first call
  );
  // Of one process that asks a few things and ends, nothing is shared but the count.
  const store = goesOn && settings.store !== undefined ? await storeOf(settings.store, log) : undefined;
  return {
    ...{ settings, several: config.several, level: config.log.level, http: config.http, log, redactor, store },
    async load({ settings: own = sandbox ? unhurried(settings) : settings, ...other } = {}) {
      const parts = { log, redactor, bundled, self, connect: sandbox?.connect, store, ...other };
      const server = await createServer(own, { ...parts, ...(graceMs !== undefined && { graceMs }) });
      for (const warning of server.warnings) tell === undefined ? parts.log.warn({}, warning) : tell(warning);
      return server;
    },
    stop() {
      sandbox?.stop();
      store?.close();
    },
  };
}

const storeOf = async (options: StoreOptions, log: Log) =>
  (await import('../core/store/redis.js')).connectStore(options, log);

/** A value of the environment that was given and can't be used: a command that is to do something now is of no use then. */
export class EnvironmentFault extends ConfigError {}

/** @throws EnvironmentFault */
function refuseFaults({ customers }: Config): void {
  const faults = new Set(Object.values(customers).flatMap((one) => one.faults ?? []));
  if (faults.size > 0) throw new EnvironmentFault([...faults].join(' '));
}

/** The customer of that name, or the one that the server is for, with a session. */
export function started(server: Server, name: string = server.customers[0] ?? ''): Started {
  return { customer: server.customer(name), session: server.open({ customer: name }) };
}

/** The sandbox has nobody to be polite to: unless the config sets a limit of its own, there is as good as none. */
const unhurried = (settings: Settings): Settings =>
  forEach(settings, ({ requestsPer5Minutes: most }) => ({
    requestsPer5Minutes: most === usualLimit() ? 100_000 : most,
  }));
