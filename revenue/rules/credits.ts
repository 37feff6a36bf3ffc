/** Classifies every line of a document, credit notes included (C1): a credit undoes what it credits. */
import type Big from 'big.js';
import { netOf } from '../rows/amounts.js';
import { isCredit, isCreditNote, livingLines, type SortedLines, sortLines, standing } from '../rows/documents.js';
import type { Invoice, Line } from '../rows/rows.js';
import { shareOut, sum } from '../values/money.js';
import { each, inOneGo, type Steps } from '../values/steps.js';
import { type ContractPeriod, classify, contractOf, hasOwnLink, type Verdict } from './lineclass.js';

/** What classification may look up in the rest of the book. */
export interface Sources {
  readonly contractPeriod: ContractPeriod;
  /** A document of the book, or one that was fetched because a credit note names it. */
  readonly invoice: (id: number) => Invoice | undefined;
  /** Documents that have a line of that id. */
  readonly invoicesWithLine: (lineId: number) => readonly Invoice[];
  readonly hasCreditNote: (id: number) => boolean;
}

/** An exact, signed part of a document: one line, or the share of a credit line that undoes one part of an invoice. */
export interface Piece extends Verdict {
  readonly amount: Big;
  readonly line: Line;
  readonly contract: number;
  readonly template: number;
  /** The project whose milestone it bills; 0 if none. */
  readonly project: number;
  readonly item_group: Line['item_group'];
  readonly item_group_name: string | undefined;
}

export interface ClassedDocument {
  readonly credit: boolean;
  /** A linked credit note stored with positive amounts, negated here. */
  readonly negated: boolean;
  readonly net: Big;
  readonly pieces: readonly Piece[];
  readonly lines: SortedLines;
  /** Lines of a credit note without a link to what they credit. */
  readonly unlinked: readonly Line[];
}

/** Classifies each counted line of a document; a linked credit note comes out negative however Halo stored it. */
export function classDocument(invoice: Invoice, sources: Sources): ClassedDocument {
  const lines = sortLines(invoice, sources.hasCreditNote);
  const credit = isCredit(invoice, lines.counted);
  const negated = credit && netOf(lines.counted).gt(0);
  const unlinked: Line[] = [];
  const pieces = lines.counted.flatMap((line) => {
    if (!credit) return [piece(line, invoice, classify(line, invoice, sources.contractPeriod))];
    const undone = undo(line, invoice, sources);
    if (undone !== undefined) return undone;
    unlinked.push(line);
    return [piece(line, invoice, classify(line, invoice, sources.contractPeriod))];
  });
  const signed = negated ? pieces.map((part) => ({ ...part, amount: part.amount.neg() })) : pieces;
  const net = netOf(lines.counted); // from the lines: the shares of a mix carry the dust of a division
  return { credit, negated, net: negated ? net.neg() : net, pieces: signed, lines, unlinked };
}

/** C1, in order: the credited line's class; the line's own recurring link; the credited invoice's mix. */
function undo(line: Line, invoice: Invoice, sources: Sources): Piece[] | undefined {
  const credited = creditedLine(line, invoice, sources);
  if (credited !== undefined) {
    const of = piece(
      credited.line,
      credited.invoice,
      classify(credited.line, credited.invoice, sources.contractPeriod),
    );
    return [{ ...of, rule: 'C1', amount: line.net, line }];
  }
  if (hasOwnLink(line))
    return [piece(line, invoice, { ...classify(line, invoice, sources.contractPeriod), rule: 'C1' })];
  return undoMix(line, invoice, sources);
}

/** The line named by creditlinkedidid: in the linked invoice, else in the one document that has a line of that id. */
function creditedLine(line: Line, invoice: Invoice, sources: Sources): { line: Line; invoice: Invoice } | undefined {
  if (line.credited_line === 0) return undefined;
  const linked = sources.invoice(invoice.credited_invoice);
  const others = sources.invoicesWithLine(line.credited_line).filter(({ id }) => id !== invoice.id);
  for (const found of [linked, others.length === 1 ? others[0] : undefined]) {
    const credited = found?.lines.find(({ id }) => id === line.credited_line);
    if (found !== undefined && credited !== undefined) return { line: credited, invoice: found };
  }
  return undefined;
}

function undoMix(line: Line, invoice: Invoice, sources: Sources): Piece[] | undefined {
  const linked = sources.invoice(invoice.credited_invoice);
  if (linked === undefined || linked.id === invoice.id) return undefined;
  const parts = sortLines(linked, sources.hasCreditNote).counted.map((other) =>
    piece(other, linked, classify(other, linked, sources.contractPeriod)),
  );
  if (sum(parts.map(({ amount }) => amount)).eq(0)) return undefined;
  const shares = shareOut(
    line.net,
    parts.map(({ amount }) => amount),
  );
  return parts.map((part, index) => ({ ...part, rule: 'C1', amount: shares[index] ?? part.amount, line }));
}

function piece(line: Line, invoice: Invoice, verdict: Verdict): Piece {
  return {
    class: verdict.class,
    rule: verdict.rule,
    kind: verdict.kind,
    amount: line.net,
    line,
    contract: contractOf(line, invoice) || invoice.contract,
    template: line.template || invoice.template,
    project: verdict.kind === 'project' ? line.ticket || invoice.ticket : 0,
    item_group: line.item_group,
    item_group_name: line.item_group_name,
  };
}

/** Looks things up among the given invoices. Only documents count: nothing can point at a void or a supplier bill. */
export const sourcesOf = inOneGo(sourcesIn);

/** The same in steps. Only what some row names can be asked for, so nothing else is looked up. */
export function* sourcesIn(rows: readonly Invoice[], contractPeriod: ContractPeriod): Steps<Sources> {
  const named = new Set<number>();
  const credited = new Set<number>();
  yield* each(rows, ({ credited_invoice, lines }) => {
    if (credited_invoice > 0) named.add(credited_invoice);
    for (const { applies_credit, credited_line } of lines) {
      if (applies_credit > 0) named.add(applies_credit);
      if (credited_line !== 0) credited.add(credited_line);
    }
  });
  const byId = new Map<number, Invoice>();
  const byLine = new Map<number, Map<number, Invoice>>();
  yield* each(rows, (invoice) => {
    if (standing(invoice) !== 'document') return;
    if (named.has(invoice.id)) byId.set(invoice.id, invoice);
    if (credited.size === 0) return;
    for (const { id } of livingLines(invoice))
      if (credited.has(id)) byLine.set(id, (byLine.get(id) ?? new Map()).set(invoice.id, invoice));
  });
  return {
    contractPeriod,
    invoice: (id) => byId.get(id),
    invoicesWithLine: (id) => [...(byLine.get(id)?.values() ?? [])],
    hasCreditNote(id) {
      const named = byId.get(id);
      return named !== undefined && isCreditNote(named);
    },
  };
}
