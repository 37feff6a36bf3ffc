/** Reduces one line of a template or a document (Halo's InvoiceDetail). */
import { lineNet } from './amounts.js';
import { readPeriod } from './periods.js';
import { asRow, day, flag, type HaloRow, integer, link, saidNo, templateId, text } from './row.js';
import type { Line } from './rows.js';

/** The link fields of C9: a line that was sent none of them says nothing about recurring. */
const LINK_FIELDS = ['recurring_invoice_id', 'recurring_invoice_line_id'] as const;

/** recurring_invoice_quantity_type: 1 and 4 licences or subscriptions, 2 users, 3 devices; else typed by hand. */
const AUTO_QUANTITY = new Set([1, 2, 3, 4]);

/** All lines of a row, in id order; none when Halo sent none. */
export function keepLines(value: unknown): Line[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(asRow)
    .filter((row) => row !== undefined)
    .map(keepLine)
    .sort((a, b) => a.id - b.id);
}

function keepLine(row: HaloRow): Line {
  const item = asRow(row.linked_item) ?? {};
  const group = itemGroup(row, item);
  const { net, differs, unreadable } = lineNet(row);
  return {
    id: integer(row.id) ?? 0,
    net,
    differs,
    unreadable,
    heading: flag(row.isgroupdesc),
    inactive: flag(row.isinactive) || saidNo(row.is_active) || saidNo(row.isActive),
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
    start: day(row.startdate),
    end: day(row.enddate),
    autorenew: flag(row.autorenew),
    item_group: group.key,
    item_group_name: group.name,
  };
}

/** Halo's item group is the item's asset group; the line carries it inside `linked_item`. */
function itemGroup(row: HaloRow, item: HaloRow): { key: number | string | null; name: string | undefined } {
  const id = link(item.assetgroup_id) || link(row.assetgroup_id) || link(row.item_group_id);
  const name =
    text(item.assetgroup_name) ?? text(row.assetgroup_name) ?? text(row.item_group_name) ?? text(row.item_group);
  return { key: id || (name ?? null), name };
}
