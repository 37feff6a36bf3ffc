import { dirname, isAbsolute } from 'node:path';
import { type Config, ConfigFile, settingsOf } from '../config/index.js';
import type { Customer } from '../core/customer.js';
import type { Log } from '../core/define.js';
import { createLog } from '../core/log.js';
import { Redactor } from '../core/output/redact.js';
import { createServer, type Parts, type Server } from '../core/server.js';
import type { Session } from '../core/session.js';
import { configOf } from './config.js';
import { self } from './identity.js';
import { bundled } from './packs.js';
import { type SandboxFlags, sandboxArgs, startSandboxProcess } from './sandbox.js';

/** The flags that every command which loads the config has. */
export interface StartFlags extends SandboxFlags {
  config?: string | undefined;
}

/** A server that has started, the customer that the command is about, and a session that is bound to it. */
export interface Started {
  server: Server;
  customer: Customer;
  session: Session;
}

/** What a command may want otherwise than the config and the process have it. */
export type Other = Partial<Pick<Parts, 'bundled' | 'log'> & { config: Config }>;

/** A config that was read, and what comes next. */
export interface Prepared {
  config: Config;
  log: Log;
  /** Knows the secret of the config; that of the sandbox, and each token, once they are there. */
  redactor: Redactor;
  /** Loads the packs, and ties them to Halo or to the sandbox. The doctor loads other packs, with other settings. */
  load(other?: Other): Promise<Started>;
  stop(): void;
}

/** How a command starts: with what matters alone on stderr; with so much time for slow plugins before it goes on. */
export interface Manner {
  quiet?: boolean;
  graceMs?: number;
}

/**
 * Reads the config, and starts the sandbox where it is asked for.
 * @throws ConfigError, UsageError
 */
export async function prepare(flags: StartFlags, { quiet = false, graceMs }: Manner = {}): Promise<Prepared> {
  const args = await sandboxArgs(flags);
  const config = await configOf(flags);
  const redactor = new Redactor();
  if (config.clientSecret !== undefined) redactor.remember(config.clientSecret);
  const log = createLog(quiet && config.log.level === 'info' ? 'warn' : config.log.level, redactor);
  const named = flags.config ?? process.env.HALO_MCP_CONFIG?.trim();
  if (!quiet && config.named && config.file !== undefined && named !== undefined && !isAbsolute(named))
    log.warn(
      {},
      `The config "${named}" is named without its folder, and was found in ${dirname(config.file)}. Name it by its whole path, so that it is the same wherever the server starts.`,
    );
  const sandbox = flags.sandbox ? startSandboxProcess(args) : undefined;
  sandbox?.connect().then(
    ({ apiUrl }) => log.info({}, `Sandbox Halo at ${new URL(apiUrl).origin}`),
    () => undefined, // told by the first call
  );
  return {
    config,
    log,
    redactor,
    async load({ config: own = sandbox ? unhurried(config) : config, ...other } = {}) {
      const parts = { log, redactor, bundled, self, connect: sandbox?.connect, ...other };
      const server = await createServer(settingsOf(own), { ...parts, ...(graceMs !== undefined && { graceMs }) });
      for (const warning of server.warnings) parts.log.warn({}, warning);
      return started(server);
    },
    stop: () => sandbox?.stop(),
  };
}

/** A session for the one customer. */
export function started(server: Server): Started {
  const [name = ''] = server.customers;
  return { server, customer: server.customer(name), session: server.open({ customer: name }) };
}

/** The sandbox has nobody to be polite to: unless the config sets a limit of its own, there is as good as none. */
function unhurried(config: Config): Config {
  const isPreset = config.halo.requestsPer5Minutes === ConfigFile.parse({}).halo.requestsPer5Minutes;
  return isPreset ? { ...config, halo: { ...config.halo, requestsPer5Minutes: 100_000 } } : config;
}
