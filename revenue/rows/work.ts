/** Work as Halo stores it: actions on tickets, time sheet events, and the tickets that say whose it is. */
import type Big from 'big.js';
import { asRow, day, decimal, flag, type HaloRow, integer, isDate, isSent, link, saidNo, text } from './row.js';
import { type Fields, unreadOf } from './unread.js';

/** One action. Ids start over in every ticket, so ticket and id together identify it. */
export interface Work {
  readonly id: number;
  readonly ticket: number;
  readonly modified: string;
  readonly unread: readonly string[];
  /** The day of the work: when it was done, else when the agent arrived, else when it was written down. */
  readonly date: string | undefined;
  readonly agent: number;
  /** Hours worked. */
  readonly hours: Big | undefined;
  /** Of these, the hours to charge, those covered by an agreement, and those drawn from prepaid time. */
  readonly charge: Big | undefined;
  readonly covered: Big | undefined;
  readonly prepaid: Big | undefined;
  readonly prepaid_money: Big | undefined;
  readonly amount: Big | undefined;
  readonly travel: Big | undefined;
  readonly travel_amount: Big | undefined;
  /** The invoice that holds the time, as text: Halo writes a number, or nothing, 0 or -1 for none. */
  readonly invoice: string | undefined;
  readonly travel_invoice: string | undefined;
  /** Halo calls the charge rate "No Charge". */
  readonly no_charge: boolean;
  readonly billable: boolean;
  /** The contract that covers it, if the action itself says so; 0 for none. */
  readonly contract: number;
}

/** The fields that name the contract of work. */
export const CONTRACT_OF_WORK: readonly string[] = ['action_contract_id', 'actioncontractid', 'actionbillingplanid'];

const WORK_FIELDS: Fields = [
  ['ticket_id', 'id'],
  ['datetime', 'day'],
  ['timetaken', 'amount'],
  ['actionchargehours', 'amount'],
  ['actionnonchargehours', 'amount'],
  ['actionprepayhours', 'amount'],
  ['actionchargeamount', 'amount'],
  ['actiontravelchargehours', 'amount'],
  ['actiontravelamount', 'amount'],
  ['actionprepayamount', 'amount'],
  ['defprepayamount', 'amount'],
  ['actisbillable', 'flag'],
  ...CONTRACT_OF_WORK.map((field) => [field, 'id'] as const),
];

/** Invoice numbers come as text or as numbers. */
const INVOICE_NUMBERS = ['actioninvoicenumber', 'actiontravelinvoicenumber', 'invoice_id'] as const;

/** Halo writes each of them for every action, 0 if there are none: an action that has none of them says nothing. */
const HOURS = ['timetaken', 'actionchargehours', 'actionnonchargehours', 'actionprepayhours'] as const;

const DATES = ['datetime', 'actionarrivaldate', 'actiondatecreated'] as const;

/** Reads the day of a moment; undefined if it has none. */
type DayIn = (value: unknown) => string | undefined;

/**
 * Reduces a row of /Actions; undefined if it has no id.
 * @param dayIn reads days in a time zone; in UTC if left out
 */
export function keepWork(value: unknown, dayIn: DayIn = day): Work | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  return {
    id,
    ticket: link(row.ticket_id),
    modified: text(row.last_updated) ?? '',
    unread: [
      ...unreadOf(row, WORK_FIELDS),
      ...(HOURS.some((name) => isSent(row[name])) ? [] : ['timetaken']),
      ...INVOICE_NUMBERS.filter((name) => isSent(row[name]) && text(row[name]) === undefined),
    ],
    date: dateOf(row, dayIn),
    agent: link(row.who_agentid) || link(row.actionby_agent_id),
    hours: decimal(row.timetaken),
    charge: decimal(row.actionchargehours),
    covered: decimal(row.actionnonchargehours),
    prepaid: decimal(row.actionprepayhours),
    prepaid_money: decimal(row.actionprepayamount) ?? decimal(row.defprepayamount),
    amount: decimal(row.actionchargeamount),
    travel: decimal(row.actiontravelchargehours),
    travel_amount: decimal(row.actiontravelamount),
    invoice: invoiceRef(row.actioninvoicenumber) ?? invoiceRef(row.invoice_id),
    travel_invoice: invoiceRef(row.actiontravelinvoicenumber),
    no_charge: isSent(row.chargerate) && (integer(row.chargerate) ?? 1) <= 0,
    billable: !saidNo(row.actisbillable),
    contract: contractOfWork(row),
  };
}

/** One that was sent and can't be read is not replaced by another. */
function dateOf(row: HaloRow, dayIn: DayIn): string | undefined {
  const sent = DATES.find((name) => isSent(row[name]) && (!isDate(row[name]) || day(row[name]) !== undefined));
  return sent === undefined ? undefined : day(dayIn(row[sent]));
}

/** The invoice that a value names, for comparison as text; 0, -1, blank and null are none. */
export function invoiceRef(value: unknown): string | undefined {
  const said = text(value);
  if (said === undefined) return undefined;
  const number = integer(said);
  return number !== undefined && number <= 0 ? undefined : said;
}

/** A billing plan below -9 is a contract, counted down from -100. */
const FIRST_PLAN = 100;

/** The sign of `actioncontractid` differs between Halos, so only its absolute value is read; 0 and -1 are none. */
function contractOfWork(row: HaloRow): number {
  const named = [row.action_contract_id, row.actioncontractid].map((value) => integer(value) ?? 0);
  const found = named.find((id) => id !== 0 && id !== -1);
  const plan = integer(row.actionbillingplanid) ?? 0;
  return found === undefined ? (plan <= -FIRST_PLAN ? -plan - FIRST_PLAN : 0) : Math.abs(found);
}

/** A time sheet event: whose time it is, but not how it is charged. */
export interface WorkEvent {
  readonly ticket: number;
  readonly action: number;
  readonly date: string | undefined;
  readonly hours: Big | undefined;
  readonly agent: number;
  readonly client: number;
  readonly contract: number;
}

/** Reduces a row of /TimesheetEvent; undefined for breaks, leave, and what stands on no ticket. */
export function keepWorkEvent(value: unknown, dayIn: DayIn = day): WorkEvent | undefined {
  const row = asRow(value);
  if (row === undefined || link(row.break_type) > 0 || link(row.holiday_id) > 0) return undefined;
  const [ticket, action] = [link(row.ticket_id), link(row.action_number)];
  if (ticket === 0 || action === 0) return undefined;
  return {
    ...{ ticket, action, date: day(dayIn(row.start_date)), hours: decimal(row.timetaken), agent: link(row.agent_id) },
    ...{ client: link(row.client_id), contract: link(row.contract_id) },
  };
}

/** True for a row of /TimesheetEvent that may be work but does not say which. */
export function isEventUnread(value: unknown): boolean {
  const row = asRow(value);
  return row === undefined || [row.ticket_id, row.action_number].some((id) => isSent(id) && integer(id) === undefined);
}

/** Whose a ticket is. */
export interface WorkTicket {
  readonly id: number;
  readonly modified: string;
  readonly client: number;
  readonly client_name: string | undefined;
  readonly contract: number;
  readonly bill_to: number;
  /** Halo says that none of it is to be billed. */
  readonly not_billable: boolean;
  readonly unread: readonly string[];
}

const TICKET_FIELDS: Fields = [
  ['client_id', 'id'],
  ['contract_id', 'id'],
  ['isbillable', 'flag'],
  ['dontinvoice', 'flag'],
];

/** Reduces a row of /Tickets; undefined where it has no id. */
export function keepWorkTicket(value: unknown): WorkTicket | undefined {
  const row = asRow(value);
  const id = integer(row?.id);
  if (row === undefined || id === undefined) return undefined;
  return {
    id,
    modified: '',
    client: link(row.client_id),
    client_name: text(row.client_name),
    contract: link(row.contract_id),
    bill_to: link(row.ticket_client_to_invoice_to_id) || link(row.client_to_invoice_to_id),
    not_billable: saidNo(row.isbillable) || flag(row.dontinvoice),
    unread: unreadOf(row, TICKET_FIELDS),
  };
}
