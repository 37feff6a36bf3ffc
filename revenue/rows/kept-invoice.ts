import { Kept, likes } from './kept.js';
import type { Invoice } from './rows.js';

/** The fields that most documents of a client share. */
const ALIKE = [
  ...(['client', 'original_client', 'posted', 'voided', 'is_template', 'is_bill', 'is_recognition'] as const),
  ...(['is_deposit', 'template_sent', 'credited_invoice', 'sales_order'] as const),
] satisfies (keyof Invoice)[];

/** The same, but for what is no plain value, or free text. */
const OTHERS = ['unread', 'client_name', 'currency', 'header'] as const satisfies (keyof Invoice)[];

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
    Kept.read(KeptInvoice, [...ALIKE, ...OTHERS]);
  }
}

/** The document as a book keeps it. */
export const keptInvoice = (invoice: Invoice): Invoice => new KeptInvoice(invoice) as unknown as Invoice;

const invoiceLike = likes((invoice: Invoice) => {
  const { unread, client_name, currency, header } = invoice;
  if (unread.length > 0 || header.certain || !header.net.eq(0)) return undefined;
  let key = JSON.stringify([client_name, currency]);
  for (const field of ALIKE) key += ` ${invoice[field]}`;
  return key;
});
