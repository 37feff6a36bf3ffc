import { ConfigError } from '../config-error.js';
import type { Log } from '../define.js';
import { factsOf } from '../log.js';
import { newRef, unknownFault } from '../output/fault.js';

/** How serving ended: the exit code of the process, and the message for its operator. */
export interface End {
  code: 0 | 1 | 2;
  message?: string;
}

/** A start that failed: our own words for a wrong config, otherwise a reference to the log. */
export function failed(error: unknown, log: Log): End {
  if (error instanceof ConfigError) return { code: 2, message: error.message };
  const ref = newRef();
  log.error({ ref, cause: factsOf(error) }, 'the start failed');
  return { code: 1, message: unknownFault('The start', ref).words };
}
