import { HaloError } from '../errors.js';
import type { Halo } from '../halo/halo.js';
import type { Page, Row } from '../halo/pages.js';
import { type Doubt, type Judged, type Judgement, NO_ID, type Proof } from '../halo/proof.js';
import { filterIgnored } from '../halo/where.js';
import type { Applied } from './filter.js';

/** Filters that are sent to Halo and that it may ignore; nothing is in doubt about the others. */
const isSent = ({ mode, test }: Applied) => test !== undefined && (mode === 'verify' || mode === 'unsure');

const isThere = (value: unknown) => value !== undefined && value !== null;

/** True for a search of which nobody knows whether Halo obeys it: no row tells. */
const isUnchecked = ({ searches }: Applied, verdict: Judgement) => searches === true && verdict === 'unknown';

const UNCHECKED =
  'Whether Halo searched could not be checked: rows that do not fit "search" may be among these, and the total is left out.';

/** Whether a row fits a filter; undefined if it has none of the fields that tell. */
function says(row: Row, { test, fields = [], mode }: Applied): boolean | undefined {
  if (test === undefined) return true;
  if (mode === 'unsure') return test(row);
  return fields.length > 0 && !fields.some((field) => isThere(row[field])) ? undefined : test(row);
}

/** The query of a filter with a value that nothing can match; if there is no such value, the query without it. */
function proofOf({ query = {}, nothing, without }: Applied): Proof | undefined {
  if (nothing !== undefined) return { nothing };
  if (without !== undefined) return { given: query, without };
  const sent = Object.entries(query).filter(([, value]) => value !== undefined);
  if (sent.length === 0) return undefined;
  if (sent.some(([, value]) => Number.isInteger(value)))
    return {
      nothing: [Object.fromEntries(sent.map(([name, value]) => [name, Number.isInteger(value) ? NO_ID : value]))],
    };
  return { given: query, without: Object.fromEntries(sent.map(([name]) => [name, undefined])) };
}

const doubtOf = (applied: Applied): Doubt => ({
  test: (row) => says(row, applied),
  proof: proofOf(applied),
  lenient: applied.mode === 'unsure',
});

/**
 * What the filters of one call come to. It sees pages as they come (`look`); then it tells whether they are pages of
 * the filtered list (`obeyed`), and which of their rows belong to it (`choose`).
 */
export class Choice {
  readonly #sent: readonly Applied[];
  readonly #verdicts = new Map<Applied, Judgement>();
  /** How many rows don't say whether they fit, by the filter that they leave open. */
  readonly #unsaid = new Map<Applied, number>();

  constructor(private readonly applied: readonly Applied[]) {
    this.#sent = applied.filter(isSent);
  }

  /**
   * @param counted whether Halo's own count of these rows will be shown
   * @throws HaloError HALO_FILTER_IGNORED if rows don't fit, or if none of them says and Halo ignores the filter
   */
  async look(halo: Halo, path: string, judged: Omit<Judged, 'doubts'>): Promise<void> {
    const { rows } = judged.page;
    for (const { mode, fields = [], label } of this.#sent)
      if (
        mode === 'unsure' &&
        fields.length > 0 &&
        rows.length > 0 &&
        !rows.some((row) => fields.some((f) => f in row))
      )
        throw new HaloError(
          'HALO_UNEXPECTED',
          `Halo's rows have no ${fields.map((one) => `"${one}"`).join(', ')}, so they can't be filtered by ${label}.`,
        );
    if (this.#sent.length === 0) return;
    const verdicts = await halo.judge(path, { ...judged, doubts: this.#sent.map(doubtOf) });
    for (const [at, one] of this.#sent.entries()) {
      const verdict = verdicts[at] ?? 'unknown';
      this.#verdicts.set(one, verdict);
      const lost = verdict === 'ignored' && rows.length > 0 && rows.every((row) => says(row, one) === undefined);
      if (verdict === 'contradicted' || lost) throw filterIgnored(one.label ?? Object.keys(one.query ?? {}).join());
    }
  }

  /** Looks up what is already known, so that no page is requested for nothing. */
  recall(halo: Halo, path: string, { key }: Pick<Judged, 'key'>): Promise<void> {
    return this.look(halo, path, { key, query: {}, page: asPage([]), counted: false });
  }

  /** True if Halo's pages and its count are those of the filtered list. */
  get obeyed(): boolean {
    return [...this.#verdicts.values()].every((verdict) => verdict === 'obeyed');
  }

  /** True if nothing better can be made of Halo's pages: it obeys the filters, but for a search that can't be checked. */
  get asServed(): boolean {
    return [...this.#verdicts].every(([one, verdict]) => verdict === 'obeyed' || isUnchecked(one, verdict));
  }

  /** True if the rows that came are known not to be the requested ones. */
  get ignored(): boolean {
    return [...this.#verdicts.values()].includes('ignored');
  }

  /**
   * True if a total is worth a walk to the end: Halo would give it if it could be believed. No walk gives that of a
   * search that can't be checked.
   */
  get wantsTotal(): boolean {
    if ([...this.#verdicts].some(([one, verdict]) => isUnchecked(one, verdict))) return false;
    return this.applied.some(
      (one) =>
        one.mode === 'looser' ||
        this.#verdicts.get(one) === 'unknown' ||
        (one.mode === 'verify' && this.#verdicts.get(one) === 'ignored'),
    );
  }

  /**
   * True for a row that fits all filters. A row that does not say counts if Halo is known to filter, or if the filter
   * keeps such rows.
   */
  choose(row: Row): boolean {
    let silent: Applied | undefined;
    for (const one of this.applied) {
      const fit = says(row, one);
      if (fit === false) return false;
      if (fit !== undefined || this.#verdicts.get(one) === 'obeyed') continue;
      // A filter that leaves rows out decides, whatever others keep.
      if (silent === undefined || (silent.keeps === true && one.keeps !== true)) silent = one;
    }
    if (silent !== undefined) this.#unsaid.set(silent, (this.#unsaid.get(silent) ?? 0) + 1);
    return silent === undefined || silent.keeps === true;
  }

  /** True if each of these rows shows by itself that it fits, whatever Halo makes of the filters. */
  certain(rows: readonly Row[]): boolean {
    return rows.every((row) => this.applied.every((one) => says(row, one) === true));
  }

  /** How many rows don't say whether they fit, left out or shown anyway. */
  get unsaid(): number {
    return [...this.#unsaid.values()].reduce((sum, many) => sum + many, 0);
  }

  /** What the reader of a list without a total should know of its filters. */
  get hint(): string | undefined {
    const left = [...this.#unsaid].flatMap(([{ label = '', keeps, searches }, many]) => {
      if (searches === true) return [];
      const done = keeps === true ? 'shown' : 'left out';
      return many === 1
        ? `1 row does not say whether it fits "${label}", and is ${done}.`
        : `${many} rows do not say whether they fit "${label}", and are ${done}.`;
    });
    const unknown = [...this.#verdicts].flatMap(([one, verdict]) => (verdict === 'unknown' ? [one] : []));
    const unproved = unknown.flatMap(({ label = '', searches }) =>
      searches === true ? [] : [`It could not be shown that Halo filters by "${label}", so the total is left out.`],
    );
    const unchecked = unknown.some(({ searches }) => searches === true) ? [UNCHECKED] : [];
    const told = [...(left.length > 0 ? left : unproved), ...unchecked];
    return told.length > 0 ? told.join(' ') : undefined;
  }
}

/** A whole list that Halo sends at once, as a page. */
export const asPage = (rows: Row[]): Page => ({
  rows,
  page: 1,
  pageSize: Math.max(1, rows.length),
  total: rows.length,
});
