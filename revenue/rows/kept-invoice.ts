import { Kept, likes } from './kept.js';
import type { Invoice } from './rows.js';

/** The fields that most documents of a client share. */
const SHARED = [
  ...(['unread', 'client', 'client_name', 'currency', 'original_client', 'posted', 'voided'] as const),
  ...(['is_template', 'is_bill', 'is_recognition', 'is_deposit', 'template_sent'] as const),
  ...(['credited_invoice', 'sales_order', 'header'] as const),
] satisfies (keyof Invoice)[];

const invoiceLike = likes(({ client }: Invoice) => client, SHARED);

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
  readonly lines: Invoice['lines'];

  constructor(invoice: Invoice) {
    super(invoiceLike(invoice));
    this.id = invoice.id;
    this.modified = invoice.modified;
    this.number = invoice.number;
    this.date = invoice.date;
    this.template = invoice.template;
    this.period_start = invoice.period_start;
    this.period_end = invoice.period_end;
    this.contract = invoice.contract;
    this.ticket = invoice.ticket;
    this.lines = invoice.lines;
  }

  static {
    Kept.read(KeptInvoice, SHARED);
  }
}

/** The document as a book keeps it. */
export const keptInvoice = (invoice: Invoice): Invoice => new KeptInvoice(invoice) as unknown as Invoice;
