/** Billing periods (questions d and k). */
import { type Period, readers, readPeriod, repeats } from '../../revenue/index.js';
import { answer, listed, noRows, outOf, prefixed, type Question, tally } from './question.js';
import { type Sample, templatesOf } from './sample.js';

const { asRow, integer, text } = readers;

/** A row's period code, and Halo's own words for it if it sent any. */
interface Worded {
  /** As sent; words and long numbers are not shown. */
  code: string;
  period: Period | undefined;
  words: string | undefined;
}

function worded(value: unknown, words: unknown): Worded {
  const code = integer(value);
  const shown = code === undefined ? 'none' : Math.abs(code) < 1000 ? String(code) : 'other';
  return { code: shown, period: readPeriod(value), words: text(words) };
}

const ofTemplates = ({ templates }: Sample): Worded[] =>
  templates.rows.map((row) => worded(asRow(row.schedule)?.period ?? row.period, row.nextcreationperiod));

const agrees = ({ period, words }: Worded) => period !== undefined && readPeriod(words)?.code === period.code;

const codesOf = (rows: readonly Worded[]) => tally(rows.map(({ code }) => code));

/** Question d: the codes of recurring invoices. */
export const templateCodes: Question = {
  id: 'period_codes',
  title: 'Period codes of recurring invoices are known',
  ask(sample) {
    const periods = ofTemplates(sample);
    if (periods.length === 0) return noRows('no recurring invoice');
    const codes = codesOf(periods);
    const unknown = periods.filter(({ period }) => period === undefined);
    const compared = periods.filter(({ period, words }) => period !== undefined && words !== undefined);
    const agreeing = compared.filter(agrees).length;
    return answer(
      `in use: ${listed(codes)}; Halo's own words agree on ${agreeing} of ${compared.length}`,
      {
        ...{ recurring_invoices: periods.length, unknown: unknown.length, with_words: compared.length, agreeing },
        ...prefixed('code', codes),
      },
      unknown.length > 0 &&
        `Code ${listed(codesOf(unknown))} is not known: left out of the run rate, not guessed (flag unknown_period).`,
      agreeing < compared.length && 'Where they differ the code counts, not the words (nextcreationperiod).',
    );
  },
};

/** Question d: the two codes known from only one source. */
export const rareCodes: Question = {
  id: 'period_codes_0_6',
  title: 'Code 0 is one-time, code 6 is five-yearly',
  ask(sample) {
    const rare = ofTemplates(sample).filter(({ code }) => code === '0' || code === '6');
    if (rare.length === 0) return noRows('neither is in use');
    const agreeing = rare.filter(agrees).length;
    return answer(
      `in use: ${listed(codesOf(rare))}; Halo's own words say so on ${agreeing} of ${rare.length}`,
      { recurring_invoices: rare.length, agreeing, ...prefixed('code', codesOf(rare)) },
      agreeing < rare.length &&
        'Code 0 adds nothing to the run rate (flag ri_one_time_period), code 6 adds a sixtieth a month.',
    );
  },
};

/** Question d: the codes of contracts. Only a single contract comes with the words. */
export const contractCodes: Question = {
  id: 'contract_codes',
  title: 'Contracts have the same period codes',
  ask({ contracts, singles }) {
    if (contracts === null) return noRows('contracts can not be read here');
    const periods = contracts.rows.map(({ billingperiod }) => worded(billingperiod, undefined));
    const codes = codesOf(periods);
    const counts = { contracts: periods.length, ...prefixed('code', codes) };
    if (Object.keys(codes).every((code) => code === '2' || code === 'none'))
      return noRows('no contract has a code other than 2', counts);
    const unknown = periods.filter(({ code, period }) => code !== 'none' && period === undefined);
    const compared = singles.contracts
      .map((row) => worded(row.billingperiod, row.billing_period_string))
      .filter(({ words }) => words !== undefined);
    const agreeing = compared.filter(agrees).length;
    return answer(
      `in use: ${listed(codes)}; Halo's own words agree on ${outOf(agreeing, compared.length, 'contract')} read for this`,
      { ...counts, unknown: unknown.length, with_words: compared.length, agreeing },
      unknown.length > 0 &&
        `Code ${listed(codesOf(unknown))} is not known: the charge is left out, not guessed (flag unknown_period).`,
      compared.length === 0 && 'No words came to compare: the code counts as on recurring invoices.',
      agreeing < compared.length && 'Where they differ the words count, if Halo sends them (billing_period_string).',
    );
  },
};

/** Question k. */
export const lineCodes: Question = {
  id: 'line_periods',
  title: 'Lines have the period of their recurring invoice',
  ask(sample) {
    const pairs = templatesOf(sample).flatMap(({ template, lines }) =>
      lines
        .filter(({ line }) => !line.one_time && repeats(line.period) && repeats(template.period))
        .map(({ line }) => ({ own: line.period?.code, whole: template.period?.code })),
    );
    if (pairs.length === 0) return noRows('no line has a repeating period of its own');
    const differing = pairs.filter(({ own, whole }) => own !== whole);
    const codes = tally(differing.map(({ own, whole }) => `${own} under ${whole}`));
    return answer(
      `${outOf(pairs.length - differing.length, pairs.length, 'line')}` +
        (differing.length > 0 ? `; the others: ${listed(codes)}` : ''),
      { lines: pairs.length, differing: differing.length, ...prefixed('code', codes) },
      differing.length > 0 && 'The period of the recurring invoice counts (flag line_period_differs).',
    );
  },
};
