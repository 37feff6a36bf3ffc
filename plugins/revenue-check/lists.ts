/** What Halo's lists hold: lines, credit notes, templates, rows of other days. */
import type { Row } from '../../core/index.js';
import { lacksLines } from '../../revenue/halo/index.js';
import { decimal, keepInvoice, readers } from '../../revenue/index.js';
import { answer, counted, noRows, outOf, type Question } from './question.js';
import { type Sample, templatesOf } from './sample.js';

const { integer, templateId } = readers;

/** Every row of the two lists of invoices, each once. */
const listedInvoices = ({ invoices, credits }: Sample): Row[] => [
  ...new Map([...invoices.rows, ...credits.rows].map((row) => [integer(row.id), row])).values(),
];

/** Question e. */
export const listsBringLines: Question = {
  id: 'lists_bring_lines',
  title: 'Lines come with the lists (includelines)',
  ask(sample) {
    const invoices = listedInvoices(sample);
    const templates = sample.templates.rows;
    const rows = [...invoices, ...templates];
    if (rows.length === 0) return noRows('no invoice and no recurring invoice');
    const withLines = (some: readonly Row[]) => some.filter((row) => !lacksLines(row)).length;
    const isWorthMoney = ({ revenue }: Row) => decimal(revenue)?.eq(0) === false;
    const empty = rows.filter((row) => Array.isArray(row.lines) && row.lines.length === 0 && isWorthMoney(row)).length;
    const counts = {
      invoices: invoices.length,
      invoices_with_lines: withLines(invoices),
      recurring_invoices: templates.length,
      recurring_invoices_with_lines: withLines(templates),
      empty_though_worth_money: empty,
    };
    return answer(
      `with ${outOf(counts.invoices_with_lines, invoices.length, 'invoice')} and ` +
        `${outOf(counts.recurring_invoices_with_lines, templates.length, 'recurring invoice')}` +
        (empty > 0 ? `; empty on ${empty} that are worth money` : ''),
      counts,
      withLines(rows) < rows.length && 'Each row without lines is read by itself: one more request per row.',
      empty > 0 && 'Where the list of lines is empty the net of the header counts (flag invoice_header_only).',
    );
  },
};

/** Whether the date window is obeyed; Halo ignores parameters that it does not know. */
export const windowHeeded: Question = {
  id: 'date_window',
  title: 'The window of invoice dates is obeyed',
  ask(sample) {
    const { from, to } = sample.window;
    const dates = listedInvoices(sample).flatMap((row) => keepInvoice(row)?.date ?? []);
    if (dates.length === 0) return noRows('no dated invoice in the last 12 months');
    const inside = dates.filter((date) => date >= from && date <= to).length;
    return answer(
      `${outOf(inside, dates.length, 'row')} inside the window that was asked for`,
      { rows: dates.length, inside },
      inside < dates.length && 'Each row is checked, so the figures stand; more pages have to be read.',
    );
  },
};

/** Rule R2: what marks a template. */
export const templatesMarked: Question = {
  id: 'templates_marked',
  title: 'Templates have negative ids, invoices are not marked as templates',
  ask(sample) {
    const invoices = listedInvoices(sample);
    const templates = sample.templates.rows.length;
    if (invoices.length + templates === 0) return noRows('no invoice and no recurring invoice');
    const negative = templatesOf(sample).length;
    const documents = invoices.filter(({ id }) => (integer(id) ?? 0) > 0);
    const counts = {
      recurring_invoices: templates,
      negative,
      among_invoices: invoices.length - documents.length,
      invoices: documents.length,
      generated: documents.filter(({ recurring_invoice_id: id }) => templateId(id) !== 0).length,
      marked: documents.filter((row) => keepInvoice(row)?.is_template).length,
    };
    return answer(
      `${outOf(negative, templates, 'recurring invoice')} negative; ${counts.among_invoices} among the invoices; ` +
        `is_recurring_invoice on ${outOf(counts.marked, documents.length, 'invoice')}, of which ${counts.generated} generated`,
      counts,
      negative < templates && 'A recurring invoice with another id is left out of the run rate.',
      counts.marked > 0 &&
        'Marked invoices are taken for templates and left out: revenue comes out too low. Report it.',
    );
  },
};

/** Question a: how to ask for credit notes. */
export const creditSwitch: Question = {
  id: 'credit_switch',
  title: 'Credit notes have a switch of their own (includecredits)',
  ask(sample) {
    const { plain } = sample;
    const [all, credits] = [sample.invoices.total, sample.credits.total];
    if (all === null || credits === null || plain === null) return noRows('Halo does not count these rows');
    const counts = { all, credits, plain };
    if (credits === 0) return noRows('no credit note in the last 12 months', counts);
    if (!switchHeeded(sample))
      return answer(
        `includeinvoices=false changes nothing: ${counted(credits, 'row')}, as with it`,
        counts,
        'A credit note is told by its link or its negative net, not by the switch.',
      );
    const without = plain < all ? 'without it fewer rows come' : 'without it they come as well';
    return answer(`${counted(credits, 'credit note')} among ${counted(all, 'row')}; ${without}`, counts);
  },
};

/** True if asking only for credit notes returns fewer rows than asking for both. */
export function switchHeeded({ invoices, credits }: Sample): boolean {
  return invoices.total !== null && credits.total !== null && credits.total < invoices.total;
}
