import type { HaloShared } from '../halo/halo.js';
import type { Scope } from '../halo/scopes.js';
import type { Log } from '../logger.js';
import type { IsSecret } from '../make/fields.js';
import type { Redactor } from '../output/redact.js';
import type { Zone } from '../zone.js';
import type { Writes } from './confirm/writes.js';
import type { Turns } from './turns.js';

/** What a call needs beside the tool and its arguments. */
export interface CallDeps {
  /** The scopes that the token asks for. */
  scopes: readonly Scope[];
  halo: HaloShared;
  maxTokens: number;
  /** How long a call that reports progress may wait for requests to Halo; undefined where none may beyond its deadline. */
  maxMinutes?: number | undefined;
  /** Which custom fields are never shown. */
  isSecret: IsSecret;
  log: Log;
  redactor: Redactor;
  turns: Turns;
  /** Whose days are meant and shown; UTC's where it is left out. */
  zone?: Zone | undefined;
  /** Whose Halo it is, and who calls: for what is confirmed, and for the trail. */
  whose: { customer: string; principal: string };
  writes: Writes;
  /** Named in the answer, where it is not plain whose rows these are; and the argument by which it was named. */
  customer?: { name: string; argument: string } | undefined;
  /** No call lasts longer, but one that reports progress: each report gives it this long again. */
  deadlineMs?: number;
}
