import { isHaloError } from '../errors.js';
import type { Query } from './client.js';
import type { Learned, Verdict } from './learned.js';
import { fetchPage, type Get, hasNext, type ListOptions, type Page, type Row } from './pages.js';

/** An id that no record has but that Halo still accepts: the largest 32-bit integer but one. */
export const NO_ID = 2_147_483_646;

/** How to find out whether Halo obeys a filter, whatever value a call gave it. */
export type Proof =
  /** Parameters that find nothing if Halo obeys them. */
  | { nothing: readonly Query[] }
  /** For a switch, which always matches something: without it (`without` over `given`) Halo must count more rows. */
  | { given: Query; without: Query };

/** A filter that Halo may silently ignore. */
export interface Doubt {
  /** Whether a row fits; undefined if the row does not say. */
  test(row: Row): boolean | undefined;
  proof?: Proof | undefined;
  /** True if the caller leaves out rows that do not fit; if it takes them for an error, the next call asks again. */
  lenient: boolean;
}

/** What came, and for which request. */
export interface Judged {
  key: ListOptions['key'];
  /** The whole query. */
  query: Query;
  /** The part of it that goes with every request to this endpoint. */
  base?: Query | undefined;
  page: Page;
  doubts: readonly Doubt[];
  /** Whether the page's total will be shown: rows that fit say nothing of those on other pages. */
  counted: boolean;
}

/**
 * What Halo does with a filter, as far as a page depends on it: `obeyed` also if these rows are the whole list and all
 * fit. `contradicted`: a row does not fit, and nothing was known against Halo before.
 */
export type Judgement = Verdict | 'contradicted';

/**
 * What Halo does with each filter of a page. Rows decide if they can; otherwise Halo is asked, once a day for each
 * endpoint and filter. Failing to ask is no error: the verdict is `unknown`.
 */
export const judge = (get: Get, learned: Learned, path: string, judged: Judged): Promise<Judgement[]> =>
  Promise.all(judged.doubts.map((doubt) => judgeOne(get, learned, path, judged, doubt)));

async function judgeOne(get: Get, learned: Learned, path: string, judged: Judged, doubt: Doubt): Promise<Judgement> {
  const { page, counted } = judged;
  const { proof, lenient } = doubt;
  const says = page.rows.map(doubt.test);
  const ends = !hasNext(page) && (page.page === 1 || page.total === null);
  const fits = !says.includes(undefined) && (ends || !counted);
  if (proof === undefined)
    return says.includes(false) ? (lenient ? 'ignored' : 'contradicted') : fits ? 'obeyed' : 'unknown';

  const place = `${path} ${JSON.stringify(proof, (_, value) => (value === undefined ? null : value))}`;
  const known = learned.verdict(place);
  if (says.includes(false) && known !== 'ignored') {
    if (known !== 'unknown' && !lenient) {
      learned.forget(place);
      return 'contradicted';
    }
    learned.learn(place, 'ignored');
    return 'ignored';
  }
  if (known === 'unknown' && fits && ends && isWhole(judged, proof)) {
    learned.learn(place, 'obeyed', FITTING_MS);
    return 'obeyed';
  }
  if (known !== undefined) return known;
  if (fits) return 'obeyed';
  return inTime(
    find(get, learned, path, judged, proof).then((verdict) => {
      learned.learn(place, verdict);
      return verdict;
    }),
    () => learned.learn(place, 'unknown'),
  );
}

/**
 * A list that was read to its end and fits as a whole is the filtered one, whatever Halo makes of the switch: there is
 * no row to leave out. That holds until somebody creates one.
 */
const FITTING_MS = 300_000;

/** True if nothing but the switch itself narrowed what was read. */
const isWhole = ({ query, base = {}, page }: Judged, proof: Proof): boolean =>
  'given' in proof &&
  page.rows.length > 0 &&
  page.flaw === undefined &&
  Object.entries(query).every(([name, value]) => value === undefined || name in base || name in proof.given);

/** Nobody waits longer for a proof; its result is kept for later calls. */
const PROOF_MS = 5000;

async function inTime(work: Promise<Verdict>, onLate: () => void): Promise<Verdict> {
  let alarm: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Verdict>((resolve) => {
    alarm = setTimeout(() => {
      onLate();
      resolve('unknown');
    }, PROOF_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(alarm));
}

async function find(get: Get, learned: Learned, path: string, judged: Judged, proof: Proof): Promise<Verdict> {
  const { key, base } = judged;
  const first = (query: Query) => fetchPage(get, learned.caps, path, { key, query, pageSize: 1 });
  try {
    if ('given' in proof) return (await isFewer(first, judged, proof)) ? 'obeyed' : 'unknown';
    const pages = await Promise.all(proof.nothing.map((query) => first({ ...base, ...query })));
    if (pages.some(({ rows }) => rows.length > 0)) return 'ignored';
    return pages.every(({ total }) => total === 0) ? 'obeyed' : 'unknown';
  } catch (error) {
    if (!isHaloError(error) || error.code === 'CALL_CANCELLED' || error.code === 'CALL_TIMEOUT') throw error;
    return 'unknown';
  }
}

/**
 * Whether Halo counts fewer rows with a switch than without: first for the call's query, then for the whole endpoint,
 * as all rows of one client may fit by themselves.
 */
async function isFewer(
  first: (query: Query) => Promise<Page>,
  { query, base, page }: Judged,
  { given, without }: Extract<Proof, { given: Query }>,
): Promise<boolean> {
  const more = async (total: number | null, asked: Query) => {
    const all = (await first({ ...asked, ...without })).total;
    return total !== null && all !== null && total < all;
  };
  if (await more(page.total, query)) return true;
  const bare = { ...base, ...given };
  return JSON.stringify(query) !== JSON.stringify(bare) && more((await first(bare)).total, bare);
}
