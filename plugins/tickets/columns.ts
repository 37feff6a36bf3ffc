import {
  type Columns,
  column,
  flagOf,
  instantOf,
  isClosed,
  numberOf,
  type Row,
  readFlag,
  readInstant,
  readNumber,
  refOf,
  UNREADABLE,
  z,
} from '../../core/index.js';

/**
 * True if the ticket was closed after its fix-by date, or the date has passed while it is open and not on hold. A
 * ticket without a status is not called late: it may be closed.
 * Halo's `targetdate` is hardly ever filled in: the SLA is `fixbydate`.
 */
function isBreached(row: Row, now = new Date()): boolean {
  const fixBy = instantOf(row.fixbydate);
  if (fixBy === undefined || flagOf(row.excludefromsla) || isSlaUnread(row)) return false;
  const closed = instantOf(row.dateclosed);
  if (closed !== undefined) return closed > fixBy;
  return numberOf(row.status_id) !== undefined && !isClosed(row) && !flagOf(row.onhold) && now.toISOString() > fixBy;
}

/** True if a field that decides whether the ticket is late was sent but can't be read. */
const isSlaUnread = (row: Row): boolean =>
  [readInstant(row.dateclosed), readFlag(row.excludefromsla), readFlag(row.onhold)].includes(UNREADABLE);

const breached = column.value(z.literal(true), (row) => isBreached(row) || undefined, isSlaUnread);

/** A ticket as a row of a list. Halo never fills in `datecreated`: a ticket was created when it occurred. */
export const ticketColumns: Columns = {
  id: column.id(),
  summary: column.foreign('summary', 120),
  status: { ...column.lookup('status', 'status_id', 'status_name'), query: { includestatus: true } },
  priority: column.lookup('priority', 'priority_id', 'priority_name'),
  client: column.foreign('client_name', 60),
  agent: { ...column.lookup('agent', 'agent_id', 'agent_name'), query: { includeagent: true } },
  team: column.lookup('team', 'team_id', 'team'),
  created: column.day('dateoccurred'),
  fix_by: column.instant('fixbydate'),
  sla_breached: breached,
};

/** What a list of tickets shows only on request. */
export const moreTicketColumns: Columns = {
  type: { ...column.lookup('tickettype', 'tickettype_id', 'tickettype_name'), query: { includetickettype: true } },
  client_id: column.ref('client_id'),
  user: column.foreign('user_name', 60),
  site: column.foreign('site_name', 60),
  last_action: column.instant('lastactiondate'),
  category: column.text(['category_1', 'category_2'], 80),
  hours: { ...column.number('timetaken'), query: { includetimetaken: true } },
};

/** A ticket as a record. */
export const ticketFields: Columns = {
  id: column.id(),
  summary: column.foreign('summary'),
  status: column.lookup('status', 'status_id', 'status_name'),
  type: column.lookup('tickettype', 'tickettype_id', 'tickettype_name'),
  priority: column.lookup('priority', 'priority_id', 'priority_name'),
  client_id: column.ref('client_id'),
  client: column.foreign('client_name'),
  site: column.foreign('site_name'),
  user: column.foreign('user_name'),
  agent: column.lookup('agent', 'agent_id', 'agent_name'),
  team: column.lookup('team', 'team_id', 'team'),
  category: column.text('category_1'),
  created: column.instant('dateoccurred'),
  last_action: column.instant('lastactiondate'),
  closed: column.instant('dateclosed'),
  sla: column.text('sla_name'),
  respond_by: column.instant('respondbydate'),
  responded: column.instant('responsedate'),
  fix_by: column.instant('fixbydate'),
  sla_breached: breached,
  on_hold: column.flag('onhold'),
  hours: column.number('timetaken'),
  estimate_hours: column.value(
    z.number(),
    (row) => ((numberOf(row.estimate) ?? 0) > 0 ? numberOf(row.estimate) : undefined),
    (row) => readNumber(row.estimate) === UNREADABLE,
  ),
  parent_id: column.ref('parent_id'),
  contract_id: column.ref('contract_id'),
  merged_into: column.ref('merged_into_id'),
  details: column.html(['details', 'details_html'], 1000),
};

/** The billable hours of an action: charged, covered by an agreement, or taken from prepay. */
const BILLABLE_HOURS = ['actionchargehours', 'actionnonchargehours', 'actionprepayhours'];

/**
 * Whether an action has billable time; undefined if it can't be told. `actisbillable` is true by default, so it proves
 * nothing.
 */
export function isBillable(row: Row): boolean | undefined {
  const hours = BILLABLE_HOURS.map((field) => readNumber(row[field]));
  if (hours.every((part) => part === undefined)) return undefined;
  if (hours.some((part) => typeof part === 'number' && part > 0)) return true;
  return hours.includes(UNREADABLE) ? undefined : false;
}

/** Hours that an action adds or takes back. */
const hours = column.number('timetaken');

/** Whether time was entered; undefined if that can't be read. */
export function isTimeEntry(row: Row): boolean | undefined {
  const hours = readNumber(row.timetaken);
  return typeof hours === 'number' ? hours !== 0 : undefined;
}

/** An action as a row. Its `id` is unique only within its ticket. */
export const actionColumns: Columns = {
  ticket_id: column.ref('ticket_id'),
  id: column.id(),
  when: column.instant('datetime'),
  who: column.foreign('who', 60),
  outcome: column.text('outcome', 60),
  note: column.html(['note', 'note_html'], 300),
  hours: { ...hours, read: (row, reading) => hours.read(row, reading) || undefined },
  billable: column.value(z.literal(true), (row) => isBillable(row) || undefined),
};

export const moreActionColumns: Columns = {
  charge_hours: column.number('actionchargehours'),
  agreement_hours: column.number('actionnonchargehours'),
  prepay_hours: column.number('actionprepayhours'),
  charge_amount: column.money('actionchargeamount'),
  hidden: column.flag('hiddenfromuser'),
  // Halo keeps the second one as text, and omits it if nothing is invoiced; a number meant for people is not an id.
  invoice_id: column.value(z.int(), (row) => refOf(row.invoice_id) ?? refOf(row.actioninvoicenumber)),
};
