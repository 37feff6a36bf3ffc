import type { HaloShared } from '../halo/halo.js';
import type { Scope } from '../halo/scopes.js';
import type { Log } from '../logger.js';
import type { IsSecret } from '../make/fields.js';
import type { Redactor } from '../output/redact.js';
import type { PublicTool } from '../output/schema.js';
import type { Zone } from '../zone.js';
import type { Writes } from './confirm/writes.js';
import type { Turns } from './turns.js';

/** What a call needs besides the tool and its arguments. */
export interface CallDeps {
  /** The scopes that the token asks for. */
  scopes: readonly Scope[];
  halo: HaloShared;
  /** The other tools that are on and read the same rows of Halo. */
  siblings?: () => readonly PublicTool[];
  maxTokens: number;
  /** How long a call that reports progress may wait for Halo's budget; undefined if none may outlast its deadline. */
  maxMinutes?: number | undefined;
  /** Decides which custom fields are never shown. */
  isSecret: IsSecret;
  log: Log;
  redactor: Redactor;
  turns: Turns;
  /** The time zone in which days are read and shown; UTC by default. */
  zone?: Zone | undefined;
  /** Whose Halo it is and who calls: for confirmations and the trail. */
  whose: { customer: string; principal: string };
  writes: Writes;
  /** The customer to name in the answer if there are several, and the argument that named it. */
  customer?: { name: string; argument: string } | undefined;
  /** The longest that a call may take; each progress report gives it this long again. */
  deadlineMs?: number;
}
