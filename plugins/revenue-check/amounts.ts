/** Which field holds an amount (rules A1 and A2; questions f and j). */
import type Big from 'big.js';
import { decimal, Exact, readers, sum } from '../../revenue/index.js';
import { answer, counted, noRows, outOf, type Question } from './question.js';
import { type Document, documentsOf, type Lined, templatesOf } from './sample.js';

const { flag } = readers;

const CENT = new Exact('0.01');
const isNear = (a: Big | undefined, b: Big | undefined) =>
  a !== undefined && b !== undefined && a.minus(b).abs().lte(CENT);
const netOf = (lines: readonly Lined[]) => sum(lines.map(({ line }) => line.net));

/** Rule A1. */
export const lineNet: Question = {
  id: 'line_net',
  title: 'net_amount of a line is price x quantity less discount',
  ask(sample) {
    const lines = [...documentsOf(sample), ...templatesOf(sample)].flatMap(({ lines: own }) => own);
    if (lines.length === 0) return noRows('no line');
    const sent = lines.filter(({ raw }) => decimal(raw.net_amount) !== undefined).length;
    const differing = lines.filter(({ line }) => line.differs !== undefined).length;
    return answer(
      `there on ${outOf(sent, lines.length, 'line')}, another sum on ${differing}`,
      { lines: lines.length, with_net_amount: sent, differing },
      sent < lines.length && 'Without net_amount a line is worth price x quantity less discount.',
      differing > 0 && 'Where they differ net_amount counts (flag line_amount_mismatch).',
    );
  },
};

/** Rule A2. */
export const headerNet: Question = {
  id: 'header_net',
  title: "revenue of an invoice is its lines' net; total is with tax",
  ask(sample) {
    const documents = documentsOf(sample).filter(({ lines }) => lines.length > 0);
    if (documents.length === 0) return noRows('no invoice with lines');
    const near = (value: (document: Document) => Big | undefined) =>
      documents.filter((document) => isNear(value(document), netOf(document.lines))).length;
    const counts = {
      invoices: documents.length,
      taxed: documents.filter(({ row }) => decimal(row.tax_total)?.eq(0) === false).length,
      revenue: near(({ row }) => decimal(row.revenue)),
      total_less_tax: near(({ row }) => decimal(row.total)?.minus(decimal(row.tax_total) ?? 0)),
      total: near(({ row }) => decimal(row.total)),
    };
    return answer(
      `of ${counted(documents.length, 'invoice')} (${counts.taxed} with tax) the lines come to ` +
        `revenue on ${counts.revenue}, to total less tax on ${counts.total_less_tax}, to total on ${counts.total}`,
      counts,
      Math.min(counts.revenue, counts.total_less_tax) < documents.length &&
        'The lines count; a header only where no lines came (revenue, else total less tax).',
    );
  },
};

/** Question j. */
export const bundles: Question = {
  id: 'bundles',
  title: "A bundle's components do not repeat its amount",
  ask(sample) {
    const isPart = ({ raw }: Lined) => flag(raw.is_bundled_line);
    const bundled = documentsOf(sample).filter(({ lines }) => lines.some(isPart));
    if (bundled.length === 0) return noRows('no invoice has a line with is_bundled_line');
    const worth = bundled.filter(({ lines }) => lines.some((one) => isPart(one) && !one.line.net.eq(0)));
    const near = (counts: (one: Lined) => boolean) =>
      worth.filter(({ row, lines }) => isNear(decimal(row.revenue), netOf(lines.filter(counts)))).length;
    const whole = near(() => true);
    const repeating = near((one) => !isPart(one));
    return answer(
      `${counted(bundled.length, 'invoice')}, ${worth.length} with money on components; ` +
        `revenue is the sum of all lines on ${whole}, of the others alone on ${repeating}`,
      { invoices: bundled.length, with_money: worth.length, adding_up: whole, repeating },
      whole < worth.length &&
        'Every line counts, so an invoice whose components repeat the amount comes out too high. Report it.',
    );
  },
};

/** Question f. */
export const minimumCharge: Question = {
  id: 'minimum_charge',
  title: 'minimum_amount is not part of what a run bills',
  ask(sample) {
    const above = templatesOf(sample).filter(
      ({ template, lines }) => !template.disabled && lines.length > 0 && template.minimum?.gt(netOf(lines)),
    );
    if (above.length === 0) return noRows('no recurring invoice has a minimum above its lines');
    const billed = above.filter(({ row }) => decimal(row.last_invoiced_revenue)?.eq(0) === false);
    const near = (value: (one: (typeof above)[number]) => Big | undefined) =>
      billed.filter((one) => isNear(decimal(one.row.last_invoiced_revenue), value(one))).length;
    const atMinimum = near(({ template }) => template.minimum);
    const atLines = near(({ lines }) => netOf(lines));
    return answer(
      `above the lines of ${counted(above.length, 'recurring invoice')}; of ${counted(billed.length, 'last invoice')} ` +
        `${atLines} came to the lines, ${atMinimum} to the minimum`,
      { recurring_invoices: above.length, billed: billed.length, at_the_lines: atLines, at_the_minimum: atMinimum },
      (billed.length === 0 || atLines < billed.length) &&
        'The run rate leaves the minimum out, and the flag minimum_charge_applies names the difference.',
    );
  },
};
