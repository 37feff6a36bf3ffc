/** Whose revenue it is (section 5.6): the client served by default, or the client that is billed. */
import type { Client, Contract, Invoice, Line, RecurringInvoice } from '../rows/rows.js';

export type AttributeTo = 'service_client' | 'billed_client';

/** The client of a document's line. Served: the line's original client, else the document's, else its client. */
export function clientOfLine(line: Pick<Line, 'original_client'>, invoice: Invoice, attributeTo: AttributeTo): number {
  if (attributeTo === 'billed_client') return invoice.client;
  return line.original_client || invoice.original_client || invoice.client;
}

/** The client of a document as a whole, ignoring its lines. */
export function clientOfDocument(invoice: Invoice, attributeTo: AttributeTo): number {
  return clientOfLine({ original_client: 0 }, invoice, attributeTo);
}

/** The client of a template or contract. Billed: its own bill-to, else its client's, recurring before general. */
export function clientOfAgreement(
  agreement: RecurringInvoice | Contract,
  clients: ReadonlyMap<number, Client>,
  attributeTo: AttributeTo,
): number {
  return attributeTo === 'billed_client' ? billTo(agreement, clients) : agreement.client;
}

/** The client that a template or contract is billed to. */
export function billTo(agreement: RecurringInvoice | Contract, clients: ReadonlyMap<number, Client>): number {
  const own = 'bill_to' in agreement ? agreement.bill_to : 0;
  const client = clients.get(agreement.client);
  return own || client?.bill_to_recurring || client?.bill_to || agreement.client;
}
