/** L2: contracts without a recurring invoice that are billed by invoices made from the contract itself (C10). */
import {
  type ClassedDocument,
  type Contract,
  classDocument,
  daysAfter,
  type Facts,
  flatMapped,
  type Invoice,
  monthsAfter,
  type Params,
  repeats,
  type Steps,
  sourcesIn,
  standing,
  sum,
} from '../../revenue/index.js';

/** The invoices of each contract billed this way, newest first. */
export type Direct = ReadonlyMap<number, { invoices: number[]; last: string }>;

/** How far back an invoice still bills a contract: its last period and a month. Undefined if the period is unknown. */
export function billedFrom({ period }: Pick<Contract, 'period'>, asOf: string): string | undefined {
  if (!repeats(period)) return undefined;
  const month = monthsAfter(asOf, -1);
  return daysAfter(period.months === null ? daysAfter(month, -7) : monthsAfter(month, -period.months), 1);
}

/** Of the contracts that nothing else bills, those that posted documents up to `as_of` billed above zero; in steps. */
export function* directOf(
  ids: readonly number[],
  made: readonly Invoice[],
  { contracts }: Pick<Facts, 'contracts'>,
  { as_of: asOf }: Pick<Params, 'as_of'>,
): Steps<Direct> {
  const sources = yield* sourcesIn(made, (id) => contracts.get(id)?.period);
  const documents = yield* flatMapped(
    made.filter((one) => one.posted && standing(one) === 'document'),
    (invoice) => ({ invoice, pieces: classDocument(invoice, sources).pieces }),
  );
  const direct = new Map<number, { invoices: number[]; last: string }>();
  for (const id of ids) {
    yield;
    const contract = contracts.get(id);
    const from = contract && billedFrom(contract, asOf);
    if (from === undefined) continue;
    const near = documents.filter(({ invoice: { date = '' } }) => date >= from && date <= asOf);
    const own = near.map(({ invoice, pieces }) => ({ invoice, pieces: pieces.filter(bills(id)) }));
    const billed = own.filter(({ pieces }) => pieces.some(({ rule }) => rule === 'C10'));
    const net = sum(own.flatMap(({ pieces }) => pieces.map(({ amount }) => amount)));
    if (billed.length === 0 || !net.gt(0)) continue;
    const newest = billed.sort(
      (a, b) => compare(b.invoice.date ?? '', a.invoice.date ?? '') || b.invoice.id - a.invoice.id,
    );
    direct.set(id, { invoices: newest.map(({ invoice }) => invoice.id), last: newest[0]?.invoice.date ?? '' });
  }
  return direct;
}

/** For a contract: what was billed directly from it, and what credits that. */
const bills =
  (contract: number) =>
  (piece: ClassedDocument['pieces'][number]): boolean =>
    piece.class === 'recurring' && piece.contract === contract && (piece.rule === 'C10' || piece.rule === 'C1');

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
