/** How credit notes are stored (questions a and h). */
import { isCredit, readers } from '../../revenue/index.js';
import { switchHeeded } from './lists.js';
import { answer, counted, listed, noRows, outOf, prefixed, type Question, tally } from './question.js';
import { type Document, documentOf, documentsOf, type Sample } from './sample.js';

const { integer } = readers;

/** A credit note according to the rules. */
const isRuledOne = ({ invoice, lines }: Document) =>
  isCredit(
    invoice,
    lines.map(({ line }) => line),
  );

/** The credit notes by the rules, plus those that only Halo's switch returns; and the other documents. */
function creditNotes(sample: Sample): { credits: Document[]; others: Document[] } {
  const switched = new Set(switchHeeded(sample) ? sample.credits.rows.map(({ id }) => integer(id)) : []);
  const isOne = (document: Document) => isRuledOne(document) || switched.has(document.invoice.id);
  const documents = documentsOf(sample);
  return { credits: documents.filter(isOne), others: documents.filter((document) => !isOne(document)) };
}

/** Question a: the sign. */
export const creditSign: Question = {
  id: 'credit_sign',
  title: 'Credit lines are negative',
  ask(sample) {
    const { credits } = creditNotes(sample);
    const worth = credits.flatMap(({ lines }) => lines).filter(({ line }) => !line.net.eq(0));
    const negative = worth.filter(({ line }) => line.net.lt(0)).length;
    const counts = { credit_notes: credits.length, lines: worth.length, negative, positive: worth.length - negative };
    if (worth.length === 0) return noRows('no credit line worth money in the last 12 months', counts);
    return answer(
      `in ${outOf(negative, worth.length, 'line')} of ${counted(credits.length, 'credit note')}`,
      counts,
      negative < worth.length &&
        'A credit note that names its invoice counts as negative whatever its sign (flag credit_sign_normalised).',
    );
  },
};

/** `typeid` is not one of them: it is the running number within the type. */
const TYPES = ['invoicetype', 'type'] as const;

/** Question a: what marks a credit note. */
export const creditMark: Question = {
  id: 'credit_mark',
  title: 'A credit note names its invoice, or is negative',
  ask(sample) {
    const { credits, others } = creditNotes(sample);
    if (credits.length === 0) return noRows('no credit note in the last 12 months');
    const linked = credits.filter(({ invoice }) => invoice.credited_invoice > 0).length;
    const unmarked = credits.filter((document) => !isRuledOne(document)).length;
    const types = TYPES.map((field) => ({ field, own: typesOf(field, credits), other: typesOf(field, others) }));
    const telling = types.filter(
      ({ own, other }) => others.length > 0 && Object.keys(own).every((code) => !other[code]),
    );
    const codes = telling.map(({ field, own }) => `${field} ${listed(own)}`).join(', ');
    const negative_alone = credits.length - linked - unmarked;
    return answer(
      `of ${counted(credits.length, 'credit note')} ${linked} linked, ${negative_alone} negative alone, ` +
        `${unmarked} neither; ${codes === '' ? 'no type tells them from invoices' : `told from invoices by ${codes}`}`,
      {
        ...{ credit_notes: credits.length, linked, negative_alone, unmarked },
        ...Object.assign({}, ...types.map(({ field, own }) => prefixed(field, own))),
      },
      unmarked > 0 && 'Those that are neither count as invoices: revenue comes out too high. Report it.',
    );
  },
};

const typesOf = (field: string, documents: readonly Document[]) =>
  tally(documents.map(({ row }) => typeCode(row[field])));

/** Types are small numbers; anything else is not shown. */
function typeCode(value: unknown): string {
  const code = integer(value);
  return code === undefined ? 'none' : Math.abs(code) < 100 ? String(code) : 'other';
}

/** Question h: a line with `credit_id` settles, and its credit note is a separate document. */
export const creditApplied: Question = {
  id: 'credit_applied',
  title: 'A line with credit_id applies a credit note (settlement)',
  ask(sample) {
    const documents = documentsOf(sample);
    const applying = documents.flatMap(({ lines, invoice }) =>
      lines.filter(({ line }) => line.applies_credit > 0 && line.applies_credit !== invoice.id),
    );
    if (applying.length === 0) return noRows('no line has a credit_id');
    const credits = new Set(creditNotes(sample).credits.map(({ invoice }) => invoice.id));
    const singles = [...sample.singles.invoices.values()].flatMap(documentOf);
    const known = new Map([...singles, ...documents].map((document) => [document.invoice.id, document]));
    const read = applying.flatMap(({ line }) => known.get(line.applies_credit) ?? []);
    const settling = read.filter((document) => isRuledOne(document) || credits.has(document.invoice.id));
    return answer(
      `${counted(applying.length, 'line')}; the document could be read for ${read.length}, and is a credit note for ${settling.length}`,
      { lines: applying.length, document_read: read.length, is_credit_note: settling.length },
      (read.length === 0 || settling.length < read.length) &&
        'Such a line is left out where its document is in the data, else it counts (flag credit_note_missing).',
    );
  },
};
