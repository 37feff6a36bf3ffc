/** What to flag about a document: why it is left out, or what is odd about it. */
import type Big from 'big.js';
import {
  isHeaderOnly,
  isUnread,
  plainNet,
  type Standing,
  standing,
  unreadOfLine,
  unreadOfLines,
} from '../rows/documents.js';
import type { Invoice, Line } from '../rows/rows.js';
import { LINES } from '../rows/unread.js';
import { clientOfLine } from '../rules/attribution.js';
import type { Piece } from '../rules/credits.js';
import { contractOf } from '../rules/lineclass.js';
import { collect } from '../values/collect.js';
import type { Shown } from '../values/exchange.js';
import { round, sum } from '../values/money.js';
import type { Account } from './accounts.js';
import { entityOf } from './entity.js';
import type { FlagCode } from './flags.js';
import { flagAmount, type Posting } from './posting.js';
import type { Share } from './shares.js';

/** What posting found out about a document. */
export interface Posted {
  readonly owner: Account;
  readonly code: string | undefined;
  /** Undefined if it is not revenue, or none of it can be in the window. */
  readonly shown: Shown | undefined;
  readonly shares: readonly Share[];
  readonly counted: boolean;
}

const LEFT_OUT: Readonly<Record<Exclude<Standing, 'document'>, FlagCode | undefined>> = {
  template: 'template_in_invoice_list',
  void: undefined,
  supplier: 'supplier_invoice_excluded',
  recognition: 'recognition_excluded',
};

/** Flags one row of the invoice list, once for each client that has a share of it. */
export function flagDocument(invoice: Invoice, posted: Posted, posting: Posting): void {
  if (!isNear(invoice, posted, posting)) return;
  const unread = standing(invoice) === 'document' ? invoice.unread : [];
  if (unread.length > 0)
    posted.owner.flags.raise('incomplete_data', entityOf('invoice', invoice.id), undefined, unread);
  const omission = omissionOf(invoice, posted);
  if (omission !== undefined) leaveOut(invoice, posted, omission, posting);
  else if (posted.shown === undefined) return;
  else if (posted.counted) flagLines(invoice, posted, posted.shown, posting);
  else flagUnposted(invoice, posted, posted.shown, posting);
}

/** Dated in the window or not at all, or with money in the window: anything else does not concern this answer. */
function isNear({ date }: Invoice, { shares }: Posted, { params }: Posting): boolean {
  const dated = date === undefined || (date >= params.from && date <= params.to);
  return dated || shares.some(({ amount }) => !amount.eq(0));
}

interface Omission {
  readonly reason: string;
  readonly flag: FlagCode | undefined;
}

function omissionOf(invoice: Invoice, { code }: Posted): Omission | undefined {
  const reason = standing(invoice);
  if (reason !== 'document') return { reason, flag: LEFT_OUT[reason] };
  if (invoice.date === undefined) return { reason: 'undated', flag: 'undated_invoice' };
  return code === undefined ? { reason: 'unknown_currency', flag: 'incomplete_data' } : undefined;
}

/** Its net can't be read, or rests on the header alone because its lines can't. */
const isNetOpen = (invoice: Invoice): boolean => isUnread(invoice) || invoice.unread.includes(LINES);

function leaveOut(invoice: Invoice, { owner, code }: Posted, { reason, flag }: Omission, { exchange }: Posting): void {
  const plain = code === undefined ? undefined : exchange.plain(code);
  const net = plainNet(invoice);
  if (flag !== undefined) {
    owner.flags.raise(
      flag,
      entityOf('invoice', invoice.id),
      plain === undefined || isNetOpen(invoice) ? undefined : flagAmount(net, plain),
    );
  }
  prove(owner, invoice, reason, isNetOpen(invoice) ? undefined : net, plain);
}

/** @param exact undefined if it can't be read: then there is no figure to show */
function prove(
  account: Account,
  invoice: Invoice,
  reason: string,
  exact: Big | undefined,
  plain: Shown | undefined,
): void {
  const decimals = plain?.decimals ?? 2;
  const net = exact && round(exact, decimals);
  account.evidence.add('excluded', net, plain?.code, () => ({
    id: invoice.id,
    ...(invoice.number === undefined ? {} : { number: invoice.number }),
    reason,
    ...(net === undefined ? { unreadable: true } : { net }),
  }));
}

function flagUnposted(invoice: Invoice, { shares }: Posted, shown: Shown, { accounts, exchange }: Posting): void {
  for (const { client, amount } of shares) {
    const account = accounts.of(client);
    const told = isNetOpen(invoice) ? undefined : { amount, ...shown };
    account.flags.raise('unposted_excluded', entityOf('invoice', invoice.id), told);
    if (isUnread(invoice))
      account.flags.raise('incomplete_data', entityOf('invoice', invoice.id), undefined, unreadOfLines(invoice));
  }
  for (const [client, some] of collect(shares, (share) => share.client)) {
    const net = sum(some.flatMap(({ pieces }) => pieces).map(({ amount }) => amount));
    const told = isNetOpen(invoice) ? undefined : net;
    prove(accounts.of(client), invoice, 'unposted', told, exchange.plain(exchange.code(invoice.currency) ?? ''));
  }
}

function flagLines(invoice: Invoice, posted: Posted, shown: Shown, posting: Posting): void {
  const { facts, params, accounts, exchange } = posting;
  const classed = facts.classed(invoice);
  const entity = entityOf('invoice', invoice.id);
  const accountOf = (line: Line) => {
    const account = accounts.of(clientOfLine(line, invoice, params.attribute_to));
    account.in(shown.code);
    return account;
  };
  const raise = (code: FlagCode, line: Line, amount: Big = line.net) =>
    accountOf(line).flags.raise(code, entity, line.unreadable ? undefined : flagAmount(amount, shown));
  for (const piece of classed.pieces) {
    for (const code of saidOf(piece, invoice, classed.credit, posting)) raise(code, piece.line, piece.amount);
    if (clientOfLine(piece.line, invoice, 'service_client') !== invoice.client) {
      raise('billed_to_other_client', piece.line, piece.amount);
    }
    if (classed.negated) raise('credit_sign_normalised', piece.line, piece.amount);
  }
  for (const line of classed.unlinked) raise('credit_unlinked', line);
  for (const line of classed.lines.unsettled) raise('credit_note_missing', line);
  for (const line of classed.lines.counted) {
    const unread = unreadOfLine(line);
    if (line.unreadable || unread.length > 0) accountOf(line).flags.raise('incomplete_data', entity, undefined, unread);
    if (isMismatch(line, classed.credit)) raise('line_amount_mismatch', line, line.net.minus(line.differs ?? 0));
    if (isHeaderOnly(invoice)) raise('invoice_header_only', line);
  }
  const plain = exchange.plain(posted.code ?? shown.code);
  for (const [code, reason, lines] of [
    ['recognition_excluded', 'recognition', classed.lines.recognised],
    ['credit_application_excluded', 'credit_application', classed.lines.settled],
  ] as const) {
    for (const line of lines) {
      raise(code, line);
      prove(accountOf(line), invoice, reason, line.unreadable ? undefined : line.net, plain);
    }
  }
}

/** The flags that the class of a piece gives rise to. */
function saidOf(piece: Piece, invoice: Invoice, credit: boolean, { facts, params }: Posting): FlagCode[] {
  const { line, rule } = piece;
  const codes: FlagCode[] = [];
  const onRun = invoice.template !== 0 || line.template !== 0;
  if (rule === 'C5' && onRun && !credit) codes.push('labour_on_recurring_run');
  if (rule === 'C8' && (invoice.template === 0 || line.template_sent)) codes.push('recurring_item_on_manual_invoice');
  if (piece.kind === 'unclassified' && rule === 'C11') codes.push('unclassified');
  const contract = contractOf(line, invoice);
  const doubtful = rule === 'C11' && invoice.period_start !== undefined && invoice.period_end !== undefined;
  if (params.include_contracts && doubtful && contract > 0 && !facts.contracts.has(contract))
    codes.push('contract_missing');
  return codes;
}

/** Credit notes may hold either sign in either field, so only absolute values are compared there. */
function isMismatch(line: Line, credit: boolean): boolean {
  if (line.differs === undefined) return false;
  return !credit || !line.differs.abs().eq(line.net.abs());
}
