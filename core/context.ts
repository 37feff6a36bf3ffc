import type { Halo } from './halo/halo.js';
import type { Log } from './logger.js';
import type { Zone } from './zone.js';

/** What a tool gets besides its arguments. */
export interface ToolContext<Options = Record<string, unknown>> {
  /** Halo, narrowed to the scopes that the tool declared. */
  halo: Halo;
  /** Aborted when the caller cancels or the call's time is up. */
  signal: AbortSignal;
  /** Tells the caller how far a long walk is; a call that reports may last longer than 45 s. */
  progress(done: number, total?: number, message?: string): void;
  log: Log;
  /** Whether a custom field of this name may hold a secret, as this server's operator defines it. */
  isSecret(name: string): boolean;
  /** The time zone of the config: it decides what today is, and which day a moment of Halo's falls on. */
  zone: Zone;
  /** The `options` of the pack's entry in the config, as parsed by the pack's schema. */
  options: Options;
}
