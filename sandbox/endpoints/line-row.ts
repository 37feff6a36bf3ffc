import type { RecurringLine } from '../tenant/book.js';
import { groupOf } from '../tenant/item-groups.js';
import { ITEMS, type Line } from '../tenant/money.js';
import type { Row } from '../types.js';

/** The fields that are the same in nearly every line. */
const PLAIN: Row = {
  item_longdescription: '',
  nominal_code: '200',
  tax_code: '1',
  tax_rate: 20,
  discount_perc: 0,
  asset_id: 0,
  actioncode: 0,
  salesorder_line_id: 0,
  purchaseorder_id: 0,
  prepay_id: 0,
  pro_rata_line_id: 0,
  isinactive: false,
  isgroupdesc: false,
  is_bundled_line: false,
  onetimecharge: false,
  onetimechargeinvoiceid: 0,
  is_deferred_revenue: false,
  is_recognised_revenue: false,
  credit_id: 0,
  group_id: 0,
};

/** Share of the price that an item costs. */
const COST = 0.6;

/** The lines of a document or, with a negative header, of a template. */
export const linesOf = (lines: readonly (Line | RecurringLine)[], header: number): Row[] =>
  lines.map((each, i) => lineRow(each, header, i + 1));

function lineRow(each: Line | RecurringLine, header: number, sequence: number): Row {
  const [, item, recurring] = ITEMS[each.item] ?? ['', 0, false];
  return {
    ...PLAIN,
    id: each.id,
    ihid: header,
    item_code: each.item,
    item_shortdescription: each.text,
    qty_order: each.qty,
    unit_price: each.price / 100,
    unit_cost: Math.round(each.price * COST) / 100,
    baseprice: each.price / 100,
    net_amount: each.net / 100,
    tax_amount: each.tax / 100,
    contract_id: each.contract,
    ticket_id: each.ticket,
    _itemid: item,
    recurring_invoice_id: each.template,
    recurring_invoice_line_id: each.templateLine,
    billingperiod: each.period,
    creditlinkedidid: each.undoes?.id ?? 0,
    sequenceid: sequence,
    item_recurring: recurring,
    ...(item > 0 && { linked_item: { id: item, ...groupOf(each.item) } }),
    ...(header < 0 ? { recurring_invoice_quantity_type: 0 } : undefined),
    ...each.more,
    ...('chargedIn' in each ? { onetimechargeinvoiceid: each.chargedIn?.id ?? 0 } : undefined),
  };
}
