import { Kept, sharing } from './kept.js';
import type { Invoice } from './rows.js';

/** The fields that most documents of a client share. */
const SHARED = [
  ...(['unread', 'client', 'client_name', 'currency', 'original_client', 'posted', 'voided'] as const),
  ...(['is_template', 'is_bill', 'is_recognition', 'is_deposit', 'template_sent'] as const),
  ...(['credited_invoice'] as const),
] satisfies (keyof Invoice)[];

class KeptInvoice extends Kept<Invoice> {
  readonly id: Invoice['id'];
  readonly modified: Invoice['modified'];
  readonly number: Invoice['number'];
  readonly date: Invoice['date'];
  readonly template: Invoice['template'];
  readonly period_start: Invoice['period_start'];
  readonly period_end: Invoice['period_end'];
  readonly contract: Invoice['contract'];
  readonly ticket: Invoice['ticket'];
  readonly sales_order: Invoice['sales_order'];
  readonly header: Invoice['header'];
  readonly lines: Invoice['lines'];

  constructor(invoice: Invoice, shared: Partial<Invoice>) {
    super(shared);
    this.id = invoice.id;
    this.modified = invoice.modified;
    this.number = invoice.number;
    this.date = invoice.date;
    this.template = invoice.template;
    this.period_start = invoice.period_start;
    this.period_end = invoice.period_end;
    this.contract = invoice.contract;
    this.ticket = invoice.ticket;
    this.sales_order = invoice.sales_order;
    this.header = invoice.header;
    this.lines = invoice.lines;
  }

  static {
    Kept.read(KeptInvoice, SHARED);
  }
}

/** Turns documents into what one book keeps of them; what they share is remembered as long as this is. */
export function keepingInvoices(): (invoice: Invoice) => Invoice {
  const shared = sharing(({ client }: Invoice) => client, SHARED);
  return (invoice) => new KeptInvoice(invoice, shared(invoice)) as unknown as Invoice;
}
