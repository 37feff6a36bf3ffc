import type { Line } from './money.js';
import type { Schedule } from './schedule.js';
import type { Template } from './template-table.js';

/** A document of /Invoice. Amounts in pence or cents of its currency. */
export interface Doc {
  /** Assigned once all documents are in order of date. */
  id: number;
  kind: 'INV' | 'CN' | 'BILL';
  client: number;
  /** The client served, if another one is billed; 0: the same. */
  original: number;
  date: number;
  currency: number;
  contract: number;
  ticket: number;
  salesOrder: number;
  /** Header link to the template, 0: none. */
  template: number;
  period?: { from: number; to: number };
  posted: boolean;
  voided: boolean;
  lines: Line[];
  credits?: Doc;
  supplier: number;
  reference: string;
}

/** A recurring invoice with its lines, its calendar and what it made. */
export interface Recurring {
  template: Template;
  currency: number;
  schedule: Schedule;
  lines: readonly RecurringLine[];
  docs: readonly Doc[];
}

export interface RecurringLine extends Line {
  /** The document that carried a one-time line. */
  chargedIn?: Doc;
}
