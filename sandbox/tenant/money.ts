import type { Row } from '../json.js';

/** Amounts are whole pence (or cents) everywhere in the tenant. */
export interface Line {
  id: number;
  item: string;
  text: string;
  qty: number;
  price: number;
  net: number;
  tax: number;
  contract: number;
  ticket: number;
  /** Period code, 0 for one-off lines. */
  period: number;
  /** `recurring_invoice_id`: the template; -1 or 0 on a line that is not recurring. */
  template: number;
  /** `recurring_invoice_line_id`. */
  templateLine: number;
  /** Fields that few lines have, in Halo's names. */
  more: Row;
  /** The line that this one credits. */
  undoes?: Line;
}

/** Code, description, item id, whether the item is a recurring one. */
export const ITEMS: Record<string, readonly [text: string, id: number, recurring: boolean]> = {
  'MS-USER': ['Managed desktop, per user', 301, true],
  'MS-SRV': ['Server monitoring', 302, true],
  BKP: ['Cloud backup', 303, true],
  SETUP: ['One-time set-up charge', 304, false],
  M365BP: ['Microsoft 365 Business Premium', 305, true],
  M365E3: ['Microsoft 365 E3', 306, true],
  AV: ['Endpoint protection', 307, true],
  FWAAS: ['Firewall as a service', 308, true],
  VOIP: ['Telephone seat', 309, true],
  ONB: ['Onboarding of one new starter', 310, false],
  LAB: ['Labour', 311, false],
  MIN: ['Call minutes', 312, true],
  HOST: ['Web hosting', 313, true],
  DOM: ['Domain renewal', 314, true],
  SSL: ['Wildcard certificate', 315, true],
  DR: ['Disaster recovery standby', 316, true],
  VISIT: ['Technician on site, weekly visit', 317, true],
  WARR: ['Extended warranty', 318, true],
  UPS: ['UPS replacement plan', 319, true],
  PREPAY: ['Prepaid support hours', 320, false],
  MILE: ['Project milestone', 321, false],
  FEE: ['Account fee', 322, true],
  DOCK: ['USB-C dock', 330, false],
  LAPTOP: ['Laptop 14 inch, 16 GB', 331, false],
  SWITCH: ['24-port switch', 332, false],
  AP: ['Wi-Fi access point', 333, false],
  CABLE: ['Cabling, per point', 334, false],
  TRAIN: ['Training half-day', 335, false],
  '': ['', 0, false],
};

const TAX_PERCENT = 20;

/** Rounds half away from zero, like Halo's SQL Server. */
const round = (amount: number): number => Math.sign(amount) * Math.round(Math.abs(amount));

const taxOf = (net: number): number => round((net * TAX_PERCENT) / 100);

export type LineSeed = Pick<Line, 'item' | 'qty' | 'price'> & Partial<Line>;

/** A line with its sums. Ids are assigned when the book is sorted. */
export function line(seed: LineSeed): Line {
  const net = round(seed.qty * seed.price);
  const [text] = ITEMS[seed.item] ?? [''];
  const base = { id: 0, text, contract: 0, ticket: 0, period: 0, template: -1, templateLine: 0, more: {} };
  return { ...base, ...seed, net, tax: taxOf(net) };
}

export const sum = (lines: readonly Line[], of: 'net' | 'tax'): number =>
  lines.reduce((total, one) => total + one[of], 0);
