import { type Config, ConfigFile, loadConfig } from '../config/index.js';
import { type Core, createCore } from '../core/core.js';
import type { Log } from '../core/define.js';
import { createLog } from '../core/log.js';
import { Redactor } from '../core/output/redact.js';
import { self } from './identity.js';
import { bundled } from './packs.js';
import { startSandboxProcess } from './sandbox.js';

/** The flags that every command which loads the config has. */
export interface StartFlags {
  config?: string | undefined;
  sandbox?: boolean | undefined;
}

/** Loads config and packs, and ties them to Halo or to the sandbox. */
export async function start(
  flags: StartFlags,
  quiet = false,
): Promise<{ core: Core; config: Config; log: Log; stop: () => void }> {
  const config = await loadConfig({ file: flags.config, env: process.env, cwd: process.cwd() });
  const redactor = new Redactor();
  const log = createLog(quiet && config.log.level === 'info' ? 'warn' : config.log.level, redactor);
  const sandbox = flags.sandbox ? startSandboxProcess() : undefined;
  const core = await createCore({
    config: sandbox ? unhurried(config) : config,
    log,
    redactor,
    bundled,
    self,
    connect: sandbox?.connect,
  });
  for (const warning of core.warnings) log.warn({}, warning);
  return { core, config, log, stop: () => sandbox?.stop() };
}

/** The sandbox has nobody to be polite to: unless the config sets a limit of its own, there is as good as none. */
function unhurried(config: Config): Config {
  const isPreset = config.halo.requestsPer5Minutes === ConfigFile.parse({}).halo.requestsPer5Minutes;
  return isPreset ? { ...config, halo: { ...config.halo, requestsPer5Minutes: 100_000 } } : config;
}
