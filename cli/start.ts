import { dirname, isAbsolute } from 'node:path';
import { oneOf } from '../config/customers.js';
import type { Config } from '../config/load.js';
import { forEach, settingsOf, writes } from '../config/settings.js';
import { filledIn, unquoted } from '../config/value.js';
import { ConfigError } from '../core/config-error.js';
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

/** The flags of every command that loads the config. */
export interface StartFlags extends SandboxFlags {
  config?: string | undefined;
  customer?: string | undefined;
}

/** A customer of a started server, with a session bound to it. */
export interface Started {
  customer: Customer;
  session: Session;
}

/** What a command may override of the config and the process. */
export type Other = Partial<Pick<Parts, 'bundled' | 'log' | 'onCall' | 'tracer'> & { settings: Settings }>;

/** A config that has been read, and what follows from it. */
export interface Prepared {
  settings: Settings;
  /** True if output has to tell customers apart, since the config names several. */
  several: boolean;
  level: Config['log']['level'];
  http: Config['http'];
  wayTo: Config['wayTo'];
  log: Log;
  /** Knows the config's secrets, and later the sandbox's and each token. */
  redactor: Redactor;
  /** Loads the packs and connects them to Halo or the sandbox. The doctor passes other packs and settings. */
  load(other?: Other): Promise<Server>;
  /** The store that several servers share, if there is one. */
  store: Store | undefined;
  stop(): void;
}

/** How a command starts. */
export interface Manner {
  /** Logs only warnings and errors. */
  quiet?: boolean;
  /** How long to wait for slow plugins. */
  graceMs?: number;
  /** For all customers if none was chosen. */
  all?: boolean;
  /** Starts even with an unusable environment; each call then says so. */
  lenient?: boolean;
  /** It serves until it is stopped, and uses the shared store. */
  goesOn?: boolean;
  /** How to pass on warnings of the start; the log by default. */
  tell?: (warning: string) => void;
}

/**
 * Every command starts here: reads the config, and starts the sandbox if asked to.
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
  // Its API application is the one that README describes; writing needs more.
  const sandbox = flags.sandbox ? startSandboxProcess(writes(settings) ? [...args, '--edit'] : args) : undefined;
  sandbox?.connect().then(
    ({ apiUrl }) => log.info({}, `Sandbox Halo at ${new URL(apiUrl).origin}`),
    () => undefined, // the first call reports it
  );
  // Only a server that goes on needs what is shared.
  const store = goesOn && settings.store !== undefined ? await storeOf(settings.store, log) : undefined;
  return {
    ...{ settings, several: config.several, level: config.log.level, http: config.http, wayTo: config.wayTo },
    ...{ log, redactor, store },
    async load({ settings: own, ...other } = {}) {
      const parts = { log, redactor, bundled, self, connect: sandbox?.connect, store, ...other };
      const server = await createServer(own ?? (sandbox ? await unhurried(settings) : settings), {
        ...parts,
        ...(graceMs !== undefined && { graceMs }),
      });
      for (const warning of server.warnings) tell === undefined ? parts.log.warn({}, warning) : tell(warning);
      for (const rest of server.resting) parts.log.info({}, rest);
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

/** A value of the environment is unusable, so a command that needs it now can't run. */
export class EnvironmentFault extends ConfigError {}

/** @throws EnvironmentFault */
function refuseFaults({ customers }: Config): void {
  const faults = new Set(Object.values(customers).flatMap((one) => one.faults ?? []));
  if (faults.size > 0) throw new EnvironmentFault([...faults].join(' '));
}

/** The customer of that name, or else the server's own, with a session. */
export function started(server: Server, name: string = server.customers[0] ?? ''): Started {
  return { customer: server.customer(name), session: server.open({ customer: name }) };
}

/** The sandbox needs no request limit: there is practically none unless the config sets its own. */
async function unhurried(settings: Settings): Promise<Settings> {
  const usual = (await import('../config/presets.js')).usualLimit();
  return forEach(settings, ({ requestsPer5Minutes: most }) => ({
    requestsPer5Minutes: most === usual ? 100_000 : most,
  }));
}
