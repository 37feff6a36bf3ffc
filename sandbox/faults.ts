import { bodies } from './faults/bodies.js';
import type { FaultKind, FaultSettings } from './faults/kind.js';
import { lists } from './faults/lists.js';
import { redirects } from './faults/redirects.js';
import { statuses } from './faults/statuses.js';
import { tokens } from './faults/tokens.js';
import { wire } from './faults/wire.js';

const ALL = {
  ...redirects,
  ...statuses,
  ...bodies,
  ...wire,
  ...tokens,
  ...lists,
} as const satisfies Record<string, FaultKind>;

/** The name of a fault; a status code is the name of the plain answer with it. */
export type FaultName = `${keyof typeof ALL}`;

/** Every fault that the sandbox knows. A host that can't be found or refuses to connect is one that is not there. */
export const FAULTS: Readonly<Record<FaultName, FaultKind>> = ALL;

/** A fault that is switched on. */
export interface Fault extends FaultSettings {
  name: FaultName;
  /** `token`, `api`, `all`, or a path under /api, with parameters if need be: `/Invoice?page_no=2`. */
  on?: string;
  /** How many requests it hits; default: every one. */
  times?: number;
  /** How many pass before the first one that it hits; default 0. */
  after?: number;
}

/**
 * A fault as it is, or written `name:times@on`, of which the name alone is needed: `429`, `429:3`, `500@/Invoice`.
 * @throws RangeError with a sentence for one that there is none of
 */
export function readFault(given: unknown): Fault {
  const fault = typeof given === 'string' ? written(given) : given;
  if (typeof fault !== 'object' || fault === null || !('name' in fault))
    throw new RangeError('A fault is a text such as "429:3@/Invoice", or an object with a name.');
  const { name, on, times, after } = fault as Fault;
  if (!Object.hasOwn(FAULTS, name))
    throw new RangeError(`The sandbox has no fault "${name}". There are: ${Object.keys(FAULTS).join(', ')}.`);
  if (on !== undefined && !/^(token|api|all|\/.+)$/.test(on))
    throw new RangeError(`The fault ${name} can be on "token", "api", "all" or a path such as /Invoice, not "${on}".`);
  if (!(times === undefined || (Number.isInteger(times) && times > 0)))
    throw new RangeError(`The fault ${name} can hit 1 request or more, not "${times}".`);
  if (!(after === undefined || (Number.isInteger(after) && after >= 0)))
    throw new RangeError(`The fault ${name} can let 0 requests or more pass, not "${after}".`);
  return fault as Fault;
}

function written(text: string): object {
  const [, name = '', times, on] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(text) ?? [];
  return {
    name,
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(on === undefined ? {} : { on }),
  };
}
