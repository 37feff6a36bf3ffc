import { bodies } from './faults/bodies.js';
import type { FaultKind, FaultSettings } from './faults/kind.js';
import { lists } from './faults/lists.js';
import { redirects } from './faults/redirects.js';
import { statuses } from './faults/statuses.js';
import { tokens } from './faults/tokens.js';
import { wire } from './faults/wire.js';
import { writes } from './faults/writes.js';

const ALL = {
  ...redirects,
  ...statuses,
  ...bodies,
  ...wire,
  ...tokens,
  ...lists,
  ...writes,
} as const satisfies Record<string, FaultKind>;

/** The name of a fault. A status code names the plain answer with that status. */
export type FaultName = `${keyof typeof ALL}`;

/** Every fault that the sandbox knows. For a host that can't be found or refuses, use an address without a sandbox. */
export const FAULTS: Readonly<Record<FaultName, FaultKind>> = ALL;

/** A fault that is switched on. */
export interface Fault extends FaultSettings {
  name: FaultName;
  /** `token`, `api`, `write` (POST and DELETE under /api), `all`, or a path under /api, with parameters if need be: `/Invoice?page_no=2`. */
  on?: string;
  /** How many requests it hits; default: all. */
  times?: number;
  /** How many requests pass before the first hit; default 0. */
  after?: number;
}

const isWhole = (least: number) => (value: unknown) => Number.isInteger(value) && (value as number) >= least;
const isText = (value: unknown): value is string => typeof value === 'string';

/** The type of each field of a fault, and its description. */
const FIELDS: Readonly<Record<keyof Fault, readonly [is: (value: unknown) => boolean, words: string]>> = {
  name: [(name) => isText(name) && Object.hasOwn(FAULTS, name), 'the name of one'],
  on: [
    (on) => isText(on) && /^(token|api|write|all|\/.+)$/.test(on),
    '"token", "api", "all" or a path such as /Invoice',
  ],
  times: [isWhole(1), 'a whole number from 1'],
  after: [isWhole(0), 'a whole number from 0'],
  ms: [isWhole(0), 'a whole number'],
  bytes: [isWhole(0), 'a whole number'],
  seconds: [isWhole(0), 'a whole number'],
  to: [(to) => isText(to) && URL.canParse(to), 'an address'],
  parameters: [(names) => Array.isArray(names) && names.every(isText), 'a list of names'],
};

/**
 * Reads a fault given as an object or as `name:times@on`, where only the name is required: `429`, `429:3`,
 * `500@/Invoice`.
 * @throws RangeError with a sentence for an unknown fault
 */
export function readFault(given: unknown): Fault {
  const fault = typeof given === 'string' ? written(given) : given;
  if (typeof fault !== 'object' || fault === null || !('name' in fault))
    throw new RangeError('A fault is a text such as "429:3@/Invoice", or an object with a name.');
  const { name } = fault;
  if (!FIELDS.name[0](name))
    throw new RangeError(`The sandbox has no fault "${name}". There are: ${Object.keys(FAULTS).join(', ')}.`);
  for (const [field, value] of Object.entries(fault)) {
    if (!Object.hasOwn(FIELDS, field))
      throw new RangeError(`The fault ${name} has no "${field}". It has: ${Object.keys(FIELDS).join(', ')}.`);
    const [is, words] = FIELDS[field as keyof Fault];
    const also = field === 'on' ? ' "write" is whatever changes something.' : '';
    if (!is(value))
      throw new RangeError(`"${field}" of the fault ${name} is ${words}, not ${JSON.stringify(value)}.${also}`);
  }
  return fault as Fault;
}

function written(text: string): object {
  const [, name = '', times, on] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(text) ?? [];
  return {
    name,
    ...(times === undefined ? {} : { times: /^\d+$/.test(times) ? Number(times) : times }),
    ...(on === undefined ? {} : { on }),
  };
}
