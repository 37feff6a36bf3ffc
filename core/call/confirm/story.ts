import type { Halo } from '../../halo/halo.js';
import { clockTime } from '../../halo/time.js';
import { intOf } from '../../halo/value.js';
import type { Entry } from './ledger.js';
import { lookFor, madeAt, recipeOf, rememberedSince } from './look.js';
import { isTickets } from './mute.js';
import type { Prepared } from './prepare.js';
import type { Pending } from './token.js';
import { underWay } from './under-way.js';
import type { Writes } from './writes.js';

/** What is known of equal changes in the last ten minutes. */
export interface Story {
  /** How many there were. */
  known: number;
  last?: Entry | undefined;
  /** The last one, if the caller was not told of it. */
  done?: Entry | undefined;
  /** What the caller has to know before confirming this one. */
  opening?: string | undefined;
}

/** What a story is made from. */
interface Telling {
  halo: Pick<Halo, 'get'>;
  writes: Pick<Writes, 'ledger' | 'mayHaveForgotten'>;
}

/**
 * What became of equal changes: from memory, or from Halo if the outcome is unknown or was forgotten.
 * @param pending the plan that is being confirmed, which says how many its reader was told of
 * @throws HaloError WRITE_UNDER_WAY
 */
export async function storyOf(prepared: Prepared, { halo, writes }: Telling, pending?: Pending): Promise<Story> {
  const { digest } = prepared;
  const last = await writes.ledger.last(digest);
  if (last === undefined) return pending === undefined ? forgotten(prepared, { halo, writes }) : { known: 0 };
  if (last.state === 'begun') throw underWay();
  const known = last.count;
  const told = pending !== undefined && pending.known === known;
  if (last.state === 'done') return told ? { known, last, opening: again(last) } : { known, last, done: last };
  // It may have been made late, after the preview was shown.
  const found = await lookFor(prepared, halo, last.there === undefined ? { since: last.at } : { there: last.there });
  if (found) {
    const done: Entry = { ...last, state: 'done', id: intOf(found.id) };
    await writes.ledger.end(digest, done);
    return { known, last: done, done };
  }
  const shows = found === null ? `${recipeOf(prepared)}.` : 'Halo does not show it.';
  return { known, last, opening: `An equal change was sent at ${clockTime(last.at)} and no answer came. ${shows}` };
}

/** What a person reads before confirming a deliberate repetition. */
const again = ({ id, at }: Entry): string =>
  `An equal change${id === undefined ? '' : ` (id ${id})`} was made ${ago(at)}; this makes it a second time.`;

/** A server that has just started remembers nothing: ask Halo. An update's plan has already read the ticket. */
async function forgotten(prepared: Prepared, { halo, writes }: Telling): Promise<Story> {
  if (!writes.mayHaveForgotten() || isUpdate(prepared)) return { known: 0 };
  const found = await lookFor(prepared, halo, { since: rememberedSince() });
  if (!found) return { known: 0 };
  const at = Math.min(Date.now(), madeAt(found, prepared.body[0]) ?? Date.now());
  const done: Entry = { count: 1, state: 'done', at, id: intOf(found.id) };
  await writes.ledger.end(prepared.digest, done);
  return { known: 1, last: done, done };
}

/** True if it changes an existing record. */
export const isUpdate = ({ path, body }: Pick<Prepared, 'path' | 'body'>): boolean =>
  isTickets(path) && body[0].id !== undefined;

/** The target of a write, by ids alone: `POST /Actions ticket_id=10311` */
export function targetOf({ path, body: [row] }: Prepared): string {
  const ids = ['id', 'ticket_id', 'client_id'].flatMap((field) =>
    Number.isSafeInteger(row[field]) ? `${field}=${row[field]}` : [],
  );
  return [`POST ${path}`, ...ids].join(' ');
}

/** `20 s ago` */
export function ago(at: number): string {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} minutes ago`;
}
