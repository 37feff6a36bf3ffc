/** Days and posting (question i; rules R3, R5 and R6). */
import { readers } from '../../revenue/index.js';
import { answer, counted, listed, noRows, outOf, prefixed, type Question, tally } from './question.js';
import { documentsOf } from './sample.js';

const { day, flag, text } = readers;

/** The time in one of Halo's dates, to the hour: `midnight`, `23h`, or `with a zone` if it names one. */
function timeOf(value: unknown): string | undefined {
  const date = text(value);
  if (date === undefined || day(date) === undefined) return undefined;
  const time = date.slice(10);
  if (/[zZ]$|[+-]\d\d:?\d\d$/.test(time)) return 'with a zone';
  return /[1-9]/.test(time) ? `${/\d\d/.exec(time)?.[0]}h` : 'midnight';
}

/** Question i. */
export const invoiceDates: Question = {
  id: 'invoice_date',
  title: 'invoice_date is a day, at midnight',
  ask(sample) {
    const times = documentsOf(sample).flatMap(({ row }) => timeOf(row.invoice_date) ?? []);
    if (times.length === 0) return noRows('no invoice with a date');
    const others = times.filter((time) => time !== 'midnight');
    const midnight = times.length - others.length;
    return answer(
      `on ${outOf(midnight, times.length, 'invoice')}${others.length > 0 ? `; others: ${listed(tally(others))}` : ''}`,
      { invoices: times.length, midnight, ...prefixed('at', tally(others)) },
      others.length > 0 &&
        'The written day counts. Where it is a local midnight told in UTC, an invoice counts one day too early, which at the end of a month is the month before.',
    );
  },
};

/** Rules R3 and R5. */
export const posting: Question = {
  id: 'posting',
  title: 'posted and dateposted agree; voided is told',
  ask(sample) {
    const documents = documentsOf(sample);
    if (documents.length === 0) return noRows('no invoice in the last 12 months');
    const stand = documents.map(({ row }) => `${flag(row.posted)} ${day(row.dateposted) !== undefined}`);
    const of = (posted: boolean, dated: boolean) => stand.filter((one) => one === `${posted} ${dated}`).length;
    const { rows } = sample.invoices;
    const counts = {
      invoices: documents.length,
      both: of(true, true),
      neither: of(false, false),
      flag_alone: of(true, false),
      date_alone: of(false, true),
      voided: rows.filter(({ voided }) => flag(voided)).length,
      voided_not_told: rows.filter(({ voided }) => voided === undefined || voided === null).length,
    };
    return answer(
      `of ${counted(documents.length, 'invoice')} ${counts.both} posted, ${counts.neither} not, ` +
        `${counts.flag_alone} by the flag alone, ${counts.date_alone} by the date alone; beside them ${counts.voided} voided`,
      counts,
      counts.flag_alone + counts.date_alone > 0 && 'Either of the two makes it posted (rule R5).',
      counts.neither === documents.length &&
        'No invoice is posted: all that is billed is in unposted_net (flag no_posted_invoices).',
      counts.voided_not_told > 0 && 'An invoice that does not say whether it is voided counts.',
    );
  },
};
