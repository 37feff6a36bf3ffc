/** Reduces one line of a template or a document (Halo's InvoiceDetail). */

import { ZERO } from '../values/money.js';
import { type LineNet, leavesMoney, lineNet, statedNet } from './amounts.js';
import { keptLine } from './kept-line.js';
import { readPeriod } from './period.js';
import { asRow, day, decimal, flag, type HaloRow, integer, isSent, link, name, saidNo, templateId } from './row.js';
import type { Line } from './rows.js';
import { ALL_READ, LINE_FIELDS, LINES, unreadFields, unreadOf } from './unread.js';

/** The link fields of C9: a line that was sent none of them says nothing about recurring. */
const LINK_FIELDS = ['recurring_invoice_id', 'recurring_invoice_line_id'] as const;

/** Fields that decide whether a line has money at all: if one can't be read, its amount must not be shown. */
const COUNTING_FIELDS = ['isgroupdesc', 'isinactive', 'is_active', 'isActive', 'is_recognised_revenue'];

/** recurring_invoice_quantity_type: 1 and 4 licences or subscriptions, 2 users, 3 devices; else typed by hand. */
const AUTO_QUANTITY = new Set([1, 2, 3, 4]);

/** The lines of a row. */
export interface Lines {
  readonly lines: Line[];
  /** `lines` if some are not records, or came twice. */
  readonly unread: readonly string[];
}

/** Lines by themselves, in id order, without a header that could say more about them. */
export function keepLines(value: unknown): Line[] {
  const rows = (Array.isArray(value) ? value : []).map(asRow).filter((row) => row !== undefined);
  return rows.map((row) => keepLine(row, lineNet(row))).sort((a, b) => a.id - b.id);
}

/** The lines of a document or template, judged with its header, which may say that a line without money has some. */
export function readLines(header: HaloRow): Lines {
  const { lines: sent } = header;
  if (!Array.isArray(sent)) return { lines: [], unread: isSent(sent) ? [LINES] : ALL_READ };
  const rows = sent.map(asRow).filter((row) => row !== undefined);
  const found = rows.map((row) => {
    const net = lineNet(row);
    return { row, silent: net.silent, line: keepLine(row, net) };
  });
  const missing =
    found.some(isSilent) &&
    leavesMoney(
      statedNet(header),
      found.filter(isTold).map(({ line }) => line),
    );
  const lines = found.map((one) => keptLine(missing && isSilent(one) ? withoutNet(one.line) : one.line));
  const ids = lines.flatMap(({ id }) => (id === 0 ? [] : [id]));
  const broken = rows.length < sent.length || new Set(ids).size < ids.length;
  return { lines: lines.sort((a, b) => a.id - b.id), unread: broken ? [LINES] : ALL_READ };
}

interface Read {
  readonly line: Line;
  readonly silent: boolean;
}

const exists = ({ line }: Read) => !line.heading && !line.inactive;
const isTold = (kept: Read) => !kept.silent && exists(kept);
const isSilent = (kept: Read) => kept.silent && exists(kept);

const withoutNet = (line: Line): Line => ({
  ...line,
  unreadable: true,
  unread: unreadFields('net_amount', ...line.unread),
});

function keepLine(row: HaloRow, { net, differs, unreadable }: LineNet): Line {
  const item = asRow(row.linked_item) ?? {};
  const group = itemGroup(row, item);
  const heading = flag(row.isgroupdesc);
  const inactive = flag(row.isinactive) || saidNo(row.is_active) || saidNo(row.isActive);
  const links = heading || inactive ? ALL_READ : unreadOf(row, LINE_FIELDS);
  const doubtful = links.some((field) => COUNTING_FIELDS.includes(field));
  return {
    id: integer(row.id) ?? 0,
    net: doubtful ? ZERO : net,
    differs,
    unreadable: unreadable || doubtful,
    unread: unreadable && !heading && !inactive ? unreadFields('net_amount', ...links) : links,
    heading,
    inactive,
    one_time: flag(row.onetimecharge) || link(row.onetimechargeinvoiceid) > 0,
    template: templateId(row.recurring_invoice_id),
    template_sent: LINK_FIELDS.some((field) => row[field] !== undefined),
    template_line: link(row.recurring_invoice_line_id),
    pro_rata: link(row.pro_rata_line_id),
    ticket: link(row.ticket_id),
    sales_line: link(row.salesorder_line_id),
    milestone: link(row.milestone_id),
    deposit: flag(row.isdownpayment),
    prepay: link(row.prepay_id),
    recurring_item: flag(row.item_recurring) || flag(item.isrecurringitem),
    contract: link(row.contract_id),
    contract_sent: row.contract_id !== undefined && row.contract_id !== null,
    period: readPeriod(row.billingperiod),
    applies_credit: link(row.credit_id),
    credited_line: link(row.creditlinkedidid),
    recognised: flag(row.is_recognised_revenue),
    original_client: link(row.original_client_id),
    meter: flag(row.is_meter) || link(row.meter_id) > 0,
    auto_quantity: AUTO_QUANTITY.has(integer(row.recurring_invoice_quantity_type) ?? 0),
    quantity: quantityOf(row.qty_order),
    start: day(row.startdate),
    end: day(row.enddate),
    autorenew: flag(row.autorenew),
    item_group: group.key,
    item_group_name: group.name,
  };
}

function quantityOf(value: unknown): Line['quantity'] {
  return isSent(value) ? (decimal(value)?.toNumber() ?? null) : undefined;
}

/** Halo's item group is the item's asset group; the line carries it inside `linked_item`. */
function itemGroup(row: HaloRow, item: HaloRow): { key: number | string | null; name: string | undefined } {
  const id = link(item.assetgroup_id) || link(row.assetgroup_id) || link(row.item_group_id);
  const named =
    name(item.assetgroup_name) ?? name(row.assetgroup_name) ?? name(row.item_group_name) ?? name(row.item_group);
  return { key: id || (named ?? null), name: named };
}
