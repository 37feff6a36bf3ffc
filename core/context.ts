import type { Halo } from './halo/halo.js';
import type { Log } from './logger.js';
import type { Zone } from './zone.js';

/** All that a tool gets beside its arguments. */
export interface ToolContext<Options = Record<string, unknown>> {
  /** Halo, narrowed to the scopes that the tool declared. */
  halo: Halo;
  /** Aborted when the caller cancels or the call's time is up. */
  signal: AbortSignal;
  /** Tells the caller how far a long walk is; a call that reports may last longer than 45 s. */
  progress(done: number, total?: number, message?: string): void;
  log: Log;
  /** Whether a custom field may hold what nobody should see, by its name, as the operator of this server has it. */
  isSecret(name: string): boolean;
  /** The time zone of the config: what today is, and on which day a moment of Halo's lies. */
  zone: Zone;
  /** The `options` of the pack's entry in the config, as the pack's schema for them reads them. */
  options: Options;
}
