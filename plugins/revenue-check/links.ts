/**
 * What links an invoice and its lines to the recurring invoice that made them, and the key that means none (question
 * c).
 */
import { readers } from '../../revenue/index.js';
import { answer, counted, listed, noRows, outOf, prefixed, type Question, tally } from './question.js';
import { documentsOf } from './sample.js';

const { integer, templateId } = readers;

/** What a link field holds, without its id. */
function held(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  const id = integer(value);
  if (id === undefined) return 'other';
  return id > 0 ? 'above 0' : id < -1 ? 'below -1' : String(id);
}

/** How a generated invoice names its template. */
export const generatedLink: Question = {
  id: 'generated_link',
  title: 'A generated invoice names its template by a negative id',
  ask(sample) {
    const documents = documentsOf(sample);
    const generated = documents.filter(({ invoice }) => invoice.template !== 0);
    const header = prefixed('header', tally(documents.map(({ row }) => held(row.recurring_invoice_id))));
    if (generated.length === 0) return noRows('no invoice that a recurring invoice made', header);
    const negative = generated.filter(({ row }) => held(row.recurring_invoice_id) === 'below -1').length;
    const thin = generated.filter(
      ({ lines }) => lines.length > 0 && lines.every(({ line }) => !line.template_sent),
    ).length;
    return answer(
      `on ${outOf(negative, generated.length, 'invoice')}; their lines have link fields on ${generated.length - thin}`,
      { generated: generated.length, negative, lines_without_link_fields: thin, ...header },
      negative < generated.length && 'An id above 0 is taken as its negative.',
      thin > 0 && 'Where no line has a link field, all lines of a generated invoice count as recurring (rule C9).',
    );
  },
};

/** What `recurring_invoice_id` holds on a line that is not recurring. */
export const keyOfNone: Question = {
  id: 'key_of_none',
  title: 'recurring_invoice_id of a line that is not recurring is -1, 0 or left out',
  ask(sample) {
    const byHand = documentsOf(sample).flatMap((document) => (document.invoice.template === 0 ? document.lines : []));
    const lines = byHand.filter(({ raw }) => held(raw.recurring_invoice_id) !== 'below -1');
    if (lines.length === 0) return noRows('no such line on an invoice made by hand');
    const keys = tally(lines.map(({ raw }) => held(raw.recurring_invoice_id)));
    return answer(
      `on ${counted(lines.length, 'line')} of invoices made by hand: ${listed(keys)}`,
      { lines: lines.length, ...prefixed('key', keys) },
      keys['above 0'] !== undefined &&
        'An id above 0 is taken for a template (its negative), and the line counts as recurring (rule C6).',
      keys.other !== undefined && 'Anything that is not a number counts as none.',
    );
  },
};

/** Question c. */
export const labourOnRun: Question = {
  id: 'labour_on_run',
  title: 'Ticket work merged onto a recurring run names no template',
  ask(sample) {
    const onRun = documentsOf(sample).flatMap((document) => (document.invoice.template === 0 ? [] : document.lines));
    const labour = onRun.filter(({ line }) => line.ticket > 0);
    if (labour.length === 0) return noRows('no line with a ticket on a generated invoice');
    const keys = tally(labour.map(({ raw }) => held(raw.recurring_invoice_id)));
    const naming = labour.filter(({ raw }) => templateId(raw.recurring_invoice_id) !== 0).length;
    const tied = labour.filter(({ line }) => line.template_line > 0 || line.pro_rata > 0).length;
    return answer(
      `recurring_invoice_id on ${counted(labour.length, 'line')} with a ticket: ${listed(keys)}`,
      { lines: labour.length, naming_a_line: tied, ...prefixed('key', keys) },
      naming > 0 &&
        'With a ticket a line counts as non-recurring all the same (rule C5, flag labour_on_recurring_run).',
      tied > 0 && `Those that name a line of the template (${tied}) count as recurring (rules C3, C4).`,
    );
  },
};
