import { haloDate } from '../tenant/clock.js';
import { groupOf } from '../tenant/item-groups.js';
import { ITEMS } from '../tenant/money.js';
import { TEMPLATES } from '../tenant/template-table.js';
import type { Row } from '../types.js';
import { bareEndpoint, pagedEndpoint } from './define.js';

interface Item {
  id: number;
  code: string;
  text: string;
  recurring: boolean;
}

/** Pence. An item that no recurring invoice sells has no list price. */
const LIST_PRICES: Readonly<Record<string, number>> = {
  'MS-USER': 44_00,
  'MS-SRV': 125_00,
  M365BP: 18_60,
  VOIP: 11_25,
};
/** Share of the price that an item costs. */
const COST = 0.6;

/** The price list. */
export const items = pagedEndpoint({
  path: 'item',
  scope: 'read:items',
  key: 'items',
  find: () =>
    Object.entries(ITEMS).flatMap(([code, [text, id, recurring]]): Item[] =>
      id > 0 ? [{ id, code, text, recurring }] : [],
    ),
  show: itemRow,
});

function itemRow({ id, code, text, recurring }: Item): Row {
  const price = (LIST_PRICES[code] ?? 0) / 100;
  const cost = Math.round(price * COST * 100) / 100;
  return {
    ...{ id, name: text, ...groupOf(code), assettype_id: 0, assettype_name: '' },
    ...{ supplier_id: 0, supplier_name: '', baseprice: price, costprice: cost },
    ...{ recurringprice: recurring ? price : 0, recurringcost: recurring ? cost : 0, isrecurringitem: recurring },
    ...{ iscontractitem: false, item_default_billing_period: 2, quantity_in_stock: 0, taxable: true, taxcode: 0 },
    ...{ nominalcode: '200', dontinvoice: false, dont_track_stock: true, type: 0, status: 0, use: 'item' },
    datecreated: '2023-01-10T00:00:00',
  };
}

/** A price changed by hand: template, place of its line, months ago, pence before. */
const CHANGED = { id: 81, template: -98, place: 0, ago: 5, before: 39_00 };

/** Changes made by hand in invoices and recurring invoices: a price, and a quantity to tell apart from it. */
export const invoiceChanges = bareEndpoint({
  path: 'invoicechange',
  scope: 'read:invoices',
  find(tenant, query) {
    const asked = query.int('invoice_id');
    const template = TEMPLATES.find(({ id }) => id === CHANGED.template);
    const lines = tenant.book().recurring.find((one) => one.template.id === CHANGED.template)?.lines ?? [];
    const line = lines[CHANGED.place];
    if (template === undefined || line === undefined || (asked !== undefined && asked !== CHANGED.template)) return [];
    const at = haloDate(tenant.clock.month(-CHANGED.ago, 3));
    const of = { invoice_id: CHANGED.template, invoice_line_id: line.id, who: 'Hana Kobayashi', datetime: at };
    return [
      {
        id: CHANGED.id,
        ...of,
        field_name: 'unit_price',
        old_value: String(CHANGED.before / 100),
        new_value: String(line.price / 100),
      },
      { id: CHANGED.id + 1, ...of, field_name: 'qty_order', old_value: '14', new_value: String(line.qty) },
    ];
  },
  show: (row) => row,
});
