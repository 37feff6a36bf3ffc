import { DAY, haloDate } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';

interface Line {
  id: number;
  name: string;
  /** Pence. */
  net: number;
  quantity: number;
  /** Percent. */
  invoiced: number;
  more?: Row;
}

interface Order {
  id: number;
  client: number;
  daysAgo: number;
  title: string;
  lines: readonly Line[];
}

/** Orders with something left to bill: half a line, a whole line, one that is never billed, one that recurs. */
const ORDERS: readonly Order[] = [
  {
    ...{ id: 601, client: 38, daysAgo: 34, title: 'Meeting room screens' },
    lines: [
      { id: 6011, name: 'Screen 65 inch', net: 1840_00, quantity: 2, invoiced: 50 },
      { id: 6012, name: 'Wall mount', net: 164_80, quantity: 2, invoiced: 0 },
      { id: 6013, name: 'Carriage', net: 45_00, quantity: 1, invoiced: 0, more: { do_not_invoice_line: true } },
    ],
  },
  {
    ...{ id: 602, client: 12, daysAgo: 12, title: 'Laptops for starters' },
    lines: [
      { id: 6021, name: 'Laptop 14 inch, 16 GB', net: 3148_50, quantity: 3, invoiced: 100 },
      {
        ...{ id: 6022, name: 'Microsoft 365 Business Premium', net: 54_30, quantity: 3, invoiced: 0 },
        more: { recurringinvoice_id: -95, line_recurring: true },
      },
    ],
  },
];

/** The list has no lines; the detail has them. */
export const salesOrders: Endpoint = pagedEndpoint({
  path: 'salesorder',
  scope: 'read:sos',
  key: 'salesorders',
  find: (_, query) => {
    const client = query.int('client_id');
    return ORDERS.filter((order) => client === undefined || order.client === client);
  },
  show: orderRow,
  detail(tenant, id) {
    const order = ORDERS.find((one) => one.id === id);
    return order && { ...orderRow(order, tenant), lines: order.lines.map((line) => lineRow(line, order.id)) };
  },
});

function orderRow({ id, client, daysAgo, title, lines }: Order, { clock }: Tenant): Row {
  const total = lines.reduce((sum, { net }) => sum + net, 0);
  return {
    ...{ id, client_id: client, client_name: clientOf(client).name, title, use: 'salesorder' },
    ...{ date: haloDate(clock.today - daysAgo * DAY), total: total / 100, do_not_invoice: false, currency_code: 1 },
  };
}

const lineRow = ({ id, name, net, quantity, invoiced, more }: Line, order: number): Row => ({
  ...{ id, salesorder_id: order, name, total_net_total: net / 100, percentage_invoiced: invoiced },
  ...{ invoiced_quantity: (quantity * invoiced) / 100, isgroupdesc: false, do_not_invoice_line: false },
  ...{ quantity, price: net / quantity / 100, recurringinvoice_id: 0, line_recurring: false },
  ...more,
});
