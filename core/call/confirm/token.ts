import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HaloError } from '../../errors.js';
import { digestOf, sentDigest } from './digest.js';
import type { Prepared } from './prepare.js';
import type { WriteStore } from './store.js';

/** How long a confirmation is valid. */
export const TOKEN_MS = 5 * 60_000;
/** How long it is remembered, so that an expired one can be told from an invented one. */
const KEPT_MS = 2 * TOKEN_MS;

/** Who may use a token, and for what. */
export interface Bearer {
  tool: string;
  customer: string;
  principal: string;
  /** Digest of the arguments in their final form. */
  args: string;
}

/** What a token confirms. */
export interface Pending extends Bearer {
  expires: number;
  /** How many equal writes its reader was told of. */
  known: number;
  prepared: Prepared;
}

/** The tokens of one server, or of several that share a store and a key. */
export interface Tokens {
  /** Keeps the plan and returns its token. */
  seal(pending: Omit<Pending, 'expires'>): Promise<{ confirm: string; expires: string }>;
  /**
   * The plan that a token confirms, for the caller it was given to.
   * @throws HaloError CONFIRMATION_REFUSED, with a sentence for each reason
   */
  open(token: string, bearer: Bearer): Promise<Pending>;
  /** Uses up the token. @throws HaloError CONFIRMATION_REFUSED if it was used before */
  consume(token: string): Promise<void>;
  /** Makes the token valid again, after its change was certainly not made. */
  release(token: string): Promise<void>;
}

const FORM = /^w1_([\w-]{22})_([0-9a-z]{8,10})_([\w-]{43})$/;

/** @param key at least 32 bytes, secret */
export function createTokens(store: WriteStore, key: Buffer): Tokens {
  const macOf = (nonce: string, expires: string, pending: Omit<Pending, 'expires'>) => {
    const { tool, customer, principal, args, known, prepared } = pending;
    const facts = [tool, customer, principal, args, prepared.digest, digestOf(prepared.before), known, nonce, expires];
    return createHmac('sha256', key).update(JSON.stringify(facts)).digest('base64url');
  };
  const planOf = (nonce: string) => `plan:${nonce}`;
  const usedOf = (token: string) => `used:${FORM.exec(token)?.[1] ?? ''}`;

  return {
    async seal(pending) {
      const nonce = randomBytes(16).toString('base64url');
      const expires = Date.now() + TOKEN_MS;
      const written = expires.toString(36);
      await store.put(planOf(nonce), JSON.stringify({ ...pending, expires }), KEPT_MS);
      const confirm = `w1_${nonce}_${written}_${macOf(nonce, written, pending)}`;
      return { confirm, expires: new Date(expires).toISOString() };
    },
    async open(token, bearer) {
      const [, nonce = '', expires = '', mac = ''] = FORM.exec(token) ?? [];
      const kept = nonce === '' ? undefined : await store.get(planOf(nonce));
      // A token that ended long ago is no longer kept.
      if (kept === undefined)
        throw nonce !== '' && Number.parseInt(expires, 36) + KEPT_MS - TOKEN_MS < Date.now() ? ended() : altered();
      const pending = JSON.parse(kept) as Pending;
      const { prepared, customer } = pending;
      // The MAC covers only the digest, so the kept plan has to match its digest.
      if (prepared.digest !== sentDigest(customer, prepared)) throw altered();
      if (!same(mac, macOf(nonce, expires, pending))) throw altered();
      if (pending.expires <= Date.now()) throw ended();
      if (pending.principal !== bearer.principal) throw refused('This confirmation was given to somebody else.');
      if (pending.customer !== bearer.customer) throw refused('This confirmation is for another customer.');
      if (pending.tool !== bearer.tool) throw refused('This confirmation is for another tool.');
      if (pending.args !== bearer.args)
        throw refused(
          'This confirmation is for other arguments.',
          'Repeat those of the preview, or call without confirm.',
        );
      if ((await store.get(usedOf(token))) !== undefined) throw used();
      return pending;
    },
    async consume(token) {
      if (!(await store.claim(usedOf(token), '1', KEPT_MS))) throw used();
    },
    release: (token) => store.drop(usedOf(token)),
  };
}

const refused = (sentence: string, remedy?: string) =>
  new HaloError('CONFIRMATION_REFUSED', `${sentence} Nothing was changed.`, remedy);
const used = () =>
  refused(
    'This confirmation was used already, so it does nothing now.',
    'Read the record to see what it did; for another one call without confirm.',
  );
const ended = () => refused('This confirmation has ended: it was good for five minutes.');
const altered = () =>
  refused('This confirmation was altered, or was given before the server was restarted: it is not known here.');

/** The facts that the plan rests on have changed. */
export const changedMeanwhile = (): HaloError =>
  refused('What this change rests on was changed meanwhile.', 'Call again without confirm to see it as it is now.');

function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
