/**
 * N5: licences and prepaid blocks that expire, as rows of the renewals calendar. Not in the totals: they are not run
 * rate.
 */
import { daysBetween, type Licence, naming, type PrepaidBooks, prepaidOf, takes } from '../../revenue/index.js';
import type { Renewal } from './renewal-rows.js';

export const INCLUDE = ['licences', 'prepaid'] as const;
export type Include = (typeof INCLUDE)[number];

/** What was requested besides contracts, as far as it could be read; undefined if this login may not. */
export interface Beside {
  licences?: readonly Licence[] | undefined;
  prepaid?: PrepaidBooks | undefined;
}

interface Window {
  client_id?: number | undefined;
  from: string;
  to: string;
}

export interface Expiring {
  rows: Renewal[];
  left_out: Record<string, number>;
  /** Rows whose end is unknown. */
  gaps: string[];
  /** What could not be read, and the scope that would allow it. */
  notes: string[];
}

const SCOPES: Record<Include, string> = { licences: 'read:softwarelicensing', prepaid: 'read:tickets' };
const WORDS: Record<Include, string> = { licences: 'Licences', prepaid: 'Prepaid blocks' };

/** Everything that was requested besides contracts and recurring invoices. */
export function expiringOf(
  beside: Beside,
  include: readonly Include[],
  window: Window,
  nameOf: (client: number) => string | undefined,
): Expiring {
  const closed = include.filter((kind) => beside[kind] === undefined);
  const licences = beside.licences ?? [];
  const theirs = licences.filter((one) => window.client_id === undefined || one.client === window.client_id);
  const ends = ({ end }: { end?: string | undefined }) => end !== undefined && end >= window.from && end <= window.to;
  const shown = theirs.filter((one) => one.unread.length === 0 && ends(one) && !one.renews);
  const blocks = beside.prepaid === undefined ? undefined : blocksOf(beside.prepaid, window);
  return {
    rows: [
      ...shown.map((one) =>
        licenceRow(one, window.from, nameOf(one.client) ?? naming({ clients: [] }, [one])(one.client)),
      ),
      ...(blocks?.rows ?? []),
    ],
    left_out:
      beside.licences === undefined
        ? {}
        : { renewing_licences: theirs.filter((one) => one.renews && ends(one)).length },
    gaps: [
      ...(blocks?.gaps ?? []),
      ...theirs
        .filter(({ unread }) => unread.length > 0)
        .map(({ id, unread }) => `licence:${id} (${unread.join(', ')})`),
    ],
    notes: closed.map((kind) => `${WORDS[kind]} were not read: ${takes(SCOPES[kind])}.`),
  };
}

function licenceRow({ id, client, name, end = '', count, in_use: used }: Licence, day: string, whose: string): Renewal {
  const seats = count === undefined ? '' : `${count}${used === undefined ? '' : `, ${used} of them in use`}.`;
  return {
    ...{ end, days_left: daysBetween(day, end), kind: 'licence', entity: `licence:${id}` },
    ...(name !== undefined && { ref: name }),
    ...{ client_id: client, client: whose },
    ...(seats !== '' && { note: `Licences: ${seats}` }),
  };
}

/** Blocks with a remainder that would expire in the window. */
function blocksOf(books: PrepaidBooks, { client_id, from, to }: Window): { rows: Renewal[]; gaps: string[] } {
  const within = daysBetween(from, to);
  const { blocks, complete, method } = prepaidOf(books, {
    ...{ as_of: from, expiring_within: within },
    ...(client_id !== undefined && { client_id }),
  });
  const rows = blocks.flatMap(
    ({ id, client_id: client, client: name, expires, left, size, unit, currency }): Renewal[] => {
      if (expires === undefined || expires > to) return [];
      const what = unit === 'hours' ? 'hours' : (currency ?? '');
      return [
        {
          ...{ end: expires, days_left: daysBetween(from, expires), kind: 'prepaid', entity: `prepay:${id}` },
          ...{ client_id: client, client: name, note: `${left} of ${size} ${what} left.` },
        },
      ];
    },
  );
  return { rows, gaps: complete ? [] : [`Prepaid: ${String(method.reason)}`] };
}
