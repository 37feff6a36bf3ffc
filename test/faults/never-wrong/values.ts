import { onRows, type Row } from './halo.js';
import type { Spoil } from './stage.js';

/** Amounts and hours, by their place. Source: HALO_API 3.3; hours: actions and projects. */
const AMOUNTS: Record<string, readonly string[]> = {
  'the net amount of lines': ['lines.net_amount'],
  'price and quantity of lines': ['lines.unit_price', 'lines.qty_order', 'lines.net_amount'],
  'the sums of documents': ['total', 'revenue', 'tax_total', 'amountdue', 'amountpaid'],
  'the balance of documents': ['amountdue', 'amount_remaining'],
  'what was paid': ['amountpaid', 'amountdue', 'amount_remaining'],
  'the charge of contracts': ['periodchargeamount'],
  hours: ['timetaken', 'actionchargehours', 'actionnonchargehours', 'actionprepayhours', 'actionchargeamount'],
  'the figures of projects': ['projecttimebudget', 'projecttimeactual', 'projectmoneybudget', 'projectmoneyactual'],
};

const DATES: Record<string, readonly string[]> = {
  'the date of documents': ['invoice_date', 'dateposted'],
  'the end of contracts and recurring invoices': ['end_date', 'enddate'],
  'the start of contracts and recurring invoices': ['start_date', 'startdate'],
  'the dates of tickets': ['dateoccurred', 'fixbydate', 'dateclosed', 'datetime'],
};

/** What comes in place of a number. */
const NUMBERS: Record<string, (value: number) => unknown> = {
  'as 1.200,00': (value) => grouped(value),
  'with a comma': (value) => `${Math.trunc(value)},5`,
  'as text that is none': () => 'abc',
  'with its currency': (value) => `£${value}`,
  'as an empty text': () => '',
  'as null': () => null,
  'not there': () => undefined,
  'as an object': (value) => ({ amount: value }),
  'as a list': (value) => [value],
  'as true': () => true,
};

/** Null is not among them: a contract without an end has no date. */
const NO_DATES: Record<string, (value: string) => unknown> = {
  'day first': (value) => `${value.slice(8, 10)}/${value.slice(5, 7)}/${value.slice(0, 4)}`,
  'as text that is none': () => 'soon',
  'as an object': (value) => ({ date: value }),
  'as a day that is none': () => '2026-02-31T00:00:00',
};

/** `1.234,50`, as a server that is set up for Germany may write. */
const grouped = (value: number): string =>
  `${Math.trunc(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '.')},${Math.abs(value % 1)
    .toFixed(2)
    .slice(2)}`;

/** A row with these fields changed if it has them; `lines.x` in each of its lines. */
export function changed(row: Row, fields: readonly string[], change: (value: never) => unknown): Row {
  const copy = { ...row };
  for (const field of fields) {
    const [list, inner] = field.split('.');
    if (inner !== undefined && list !== undefined && Array.isArray(copy[list]))
      copy[list] = (copy[list] as Row[]).map((line) => changed(line, [inner], change));
    else if (field in copy) copy[field] = change(copy[field] as never);
  }
  return copy;
}

const each = (fields: readonly string[], change: (value: never) => unknown, every = 1): Spoil =>
  onRows((row, index) => (index % every === 0 ? changed(row, fields, change) : row));

const named = <T>(
  place: string,
  fields: readonly string[],
  ways: Record<string, (value: T) => unknown>,
): Record<string, Spoil> =>
  Object.fromEntries(
    Object.entries(ways).map(([way, change]) => [`${place} ${way}`, each(fields, change as (value: never) => unknown)]),
  );

/** Each way for all fields together, and each place alone in the two ways that reach most code. */
const crossed = <T>(
  all: string,
  places: Record<string, readonly string[]>,
  ways: Record<string, (value: T) => unknown>,
  alone: readonly string[],
): Record<string, Spoil> => ({
  ...named(all, Object.values(places).flat(), ways),
  ...Object.assign(
    {},
    ...Object.entries(places).map(([place, fields]) =>
      named(place, fields, Object.fromEntries(Object.entries(ways).filter(([way]) => alone.includes(way)))),
    ),
  ),
});

const lines = (change: (lines: Row[]) => unknown): Spoil =>
  onRows((row) => (Array.isArray(row.lines) ? { ...row, lines: change(row.lines as Row[]) } : row));

/** Unreadable values: in every row, in one row of three, and invalid lines. */
export const VALUES: Record<string, Spoil> = {
  ...crossed<number>('every amount', AMOUNTS, NUMBERS, ['as text that is none', 'not there']),
  ...crossed<string>('every date', DATES, NO_DATES, ['as text that is none']),
  'the date of documents as null': each(DATES['the date of documents'] ?? [], () => null),
  'amounts of one row in three as text': each(Object.values(AMOUNTS).flat(), () => 'abc', 3),
  'amounts of one row in three not there': each(Object.values(AMOUNTS).flat(), () => undefined, 3),
  'lines that are null': lines((own) => own.map(() => null)),
  'lines that are text': lines((own) => own.map(() => 'line')),
  'lines without an id': lines((own) => own.map(({ id: _, ...line }) => line)),
  'the first line twice': lines((own) => own.map(() => own[0])),
  'no list of lines but a text': lines(() => 'none'),
  'no list of lines but an object': lines((own) => ({ 0: own[0] })),
};
