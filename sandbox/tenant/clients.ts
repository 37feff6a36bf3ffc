/** Currency ids of /Currency. */
export const GBP = 1;
export const EUR = 2;

export interface Client {
  id: number;
  name: string;
  ref: string;
  topLevel: number;
  currency: number;
  /** Account manager and technician, agent ids. */
  manager: number;
  tech: number;
  /** Mail and web domain. */
  domain: string;
  type: number;
  vip?: true;
  inactive?: true;
  /** Bills go to this client: client_to_invoice and client_to_invoice_recurring. */
  payer?: number;
  notes?: string;
  sla?: number;
}

export const TOP_LEVELS: Record<number, string> = { 1: 'Customers', 2: 'Adventure Works Group', 3: 'Europe' };

const NW_NOTES = '24/7 contract, call the duty phone first.';

/** Invented companies, and the usual placeholders. */
export const CLIENTS: readonly Client[] = [
  client(12, 'Northwind Traders Ltd', 'NW', 'northwind', 12, 3, { vip: true, sla: 2, notes: NW_NOTES }),
  client(17, 'Contoso Dental', 'CD', 'contosodental', 5, 3),
  client(21, 'Contoso Pharmaceuticals', 'CP', 'contosopharma', 12, 6, { vip: true, sla: 2 }),
  client(23, 'Fabrikam Logistics', 'FAB', 'fabrikam', 5, 3, { inactive: true, notes: 'Left for another provider.' }),
  client(26, 'Adventure Works Cycles', 'AW', 'adventureworks', 12, 7, { topLevel: 2 }),
  client(27, 'Adventure Works Retail', 'AWR', 'awretail', 12, 7, {
    topLevel: 2,
    payer: 26,
    notes: 'Head office pays.',
  }),
  client(29, 'Litware GmbH', 'LIT', 'litware', 14, 5, { topLevel: 3, currency: EUR }),
  client(31, 'Tailspin Toys', 'TT', 'tailspintoys', 14, 6, { notes: 'Shops in Dublin are billed in euro.' }),
  client(34, 'Wide World Importers', 'WWI', 'wideworld', 5, 13, { sla: 2 }),
  client(36, "Proseware O'Neill Solicitors", 'PRO', 'proseware', 12, 3),
  client(38, 'Woodgrove Financial Services', 'WFS', 'woodgrove', 12, 7, { vip: true, sla: 2 }),
  client(41, 'Alpine Ski House', 'ASH', 'alpineski', 14, 6),
  client(43, 'Lucerne Publishing', 'LUC', 'lucerne', 5, 13),
  client(45, 'Coho Vineyard & Winery', 'COH', 'cohowinery', 14, 13),
  client(47, "Margie's Travel", 'MT', 'margiestravel', 5, 6),
  client(49, 'Fourth Coffee', '4C', 'fourthcoffee', 14, 3, { type: 2 }),
];

function client(
  id: number,
  name: string,
  ref: string,
  domain: string,
  manager: number,
  tech: number,
  more: Partial<Client> = {},
): Client {
  return { id, name, ref, manager, tech, domain: `${domain}.example`, topLevel: 1, currency: GBP, type: 1, ...more };
}
