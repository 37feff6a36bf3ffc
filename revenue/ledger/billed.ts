/** Posts documents: what was billed in the window, by client, class, kind, month and group, with its evidence. */
import type Big from 'big.js';
import { isUnread, standing } from '../rows/documents.js';
import type { Invoice } from '../rows/rows.js';
import { clientOfDocument } from '../rules/attribution.js';
import { CLASSES, type LineClass } from '../rules/lineclass.js';
import { collect } from '../values/collect.js';
import type { Shown } from '../values/exchange.js';
import { sum } from '../values/money.js';
import type { Account } from './accounts.js';
import { flagDocument } from './billed-flags.js';
import { postGroups, wantsGroups } from './groups.js';
import type { Posting } from './posting.js';
import { type Share, sharesOf } from './shares.js';

/** Posts one row of the invoice list, and flags what is noteworthy about it. */
export function postInvoice(invoice: Invoice, posting: Posting): void {
  const { facts, params, exchange } = posting;
  const code = exchange.code(invoice.currency);
  const owner = accountOf(clientOfDocument(invoice, params.attribute_to), invoice, posting);
  if (code !== undefined) owner.in(exchange.label(code));
  const isRevenue = standing(invoice) === 'document' && invoice.date !== undefined && code !== undefined;
  const classed = facts.classed(invoice);
  const shown = isRevenue && mayCount(invoice, posting) ? exchange.show(code) : undefined;
  const shares = shown === undefined ? [] : sharesOf(invoice, classed, shown, params);
  const counted = invoice.posted || params.include_unposted;
  for (const [client, some] of collect(shares, ({ client }) => client)) {
    if (shown === undefined) continue;
    const account = accountOf(client, invoice, posting);
    if (counted) {
      postShares(account, invoice, some, shown, posting);
      postElsewhere(account, invoice, some, shown, posting);
    } else account.in(shown.code).unposted = account.in(shown.code).unposted.plus(amountOf(some));
  }
  flagDocument(invoice, { owner, code, shown, shares, counted }, posting);
}

/** Saves rates and work for documents that can't have money in the window. */
function mayCount(invoice: Invoice, { params }: Posting): boolean {
  const inWindow = (day: string | undefined) => day !== undefined && day >= params.from && day <= params.to;
  if (inWindow(invoice.date)) return true;
  const { period_start: start, period_end: end } = invoice;
  if (params.month_basis === 'billed' || start === undefined || end === undefined) return false;
  return start <= params.to && end >= params.from;
}

function accountOf(client: number, invoice: Invoice, { accounts }: Posting): Account {
  return accounts.of(client, client === invoice.client ? invoice.client_name : undefined);
}

/** B2: what one client is billed for another is in the invoices of the first and in the figures of the second. */
function postElsewhere(
  served: Account,
  invoice: Invoice,
  shares: readonly Share[],
  { code }: Shown,
  posting: Posting,
): void {
  const payer = invoice.client;
  if (served.client === payer || payer === 0) return;
  const { facts, accounts } = posting;
  const amount = amountOf(shares);
  const nameOf = (client: number, sent?: string) => facts.clients.get(client)?.name ?? sent ?? `Client ${client}`;
  const [paid, counted] = [nameOf(payer, invoice.client_name), nameOf(served.client)];
  accounts.elsewhere.add(served.client, { way: 'billed_to', client: payer, name: paid, code, amount });
  accounts.elsewhere.add(payer, { way: 'counted_at', client: served.client, name: counted, code, amount });
}

function postShares(
  account: Account,
  invoice: Invoice,
  shares: readonly Share[],
  shown: Shown,
  posting: Posting,
): void {
  const { credit } = posting.facts.classed(invoice);
  const figures = account.in(shown.code);
  account.used.add(shown.code);
  for (const share of shares) {
    const side = figures.billed[share.class];
    if (credit) side.credited = side.credited.plus(share.amount);
    else side.invoiced = side.invoiced.plus(share.amount);
    if (share.kind !== undefined) figures.by_kind[share.kind] = figures.by_kind[share.kind].plus(share.amount);
    for (const [month, amount] of share.months) {
      const cell = account.month(month, shown.code);
      cell[share.class] = cell[share.class].plus(amount);
    }
    if (!wantsGroups(posting)) continue;
    const items = share.pieces.map(({ amount, contract, template, project, item_group, item_group_name }) => ({
      exact: amount.times(shown.rate).times(share.part),
      contract,
      template,
      project,
      item_group,
      item_group_name,
    }));
    postGroups(account, share.class, share.amount, items, shown, posting);
  }
  proveShares(account, invoice, shares, shown, credit);
}

/** One item in the bucket of each class; a credit note gets a single item instead. */
function proveShares(
  account: Account,
  invoice: Invoice,
  shares: readonly Share[],
  shown: Shown,
  credit: boolean,
): void {
  const prove = (bucket: LineClass | 'credit', some: readonly Share[]) => {
    if (some.every(({ amount }) => amount.eq(0))) return;
    const net = amountOf(some);
    account.evidence.add(bucket, net, shown.code, () => {
      const pieces = some.flatMap((share) => share.pieces);
      return {
        id: invoice.id,
        ...(invoice.number === undefined ? {} : { number: invoice.number }),
        date: invoice.date,
        ...(isUnread(invoice) ? { unreadable: true } : { net }),
        line_ids: unique(pieces.map(({ line }) => line.id)).filter((id) => id !== 0),
        rule: unique(pieces.map(({ rule }) => Number(rule.slice(1))))
          .map((rule) => `C${rule}`)
          .join(' '),
        ...(credit && invoice.credited_invoice > 0 ? { credits: invoice.credited_invoice } : {}),
        ...(invoice.posted ? {} : { posted: false }),
      };
    });
  };
  if (credit) prove('credit', shares);
  for (const bucket of credit ? [] : CLASSES) {
    prove(
      bucket,
      shares.filter((share) => share.class === bucket),
    );
  }
}

function amountOf(shares: readonly Share[]): Big {
  return sum(shares.map(({ amount }) => amount));
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
