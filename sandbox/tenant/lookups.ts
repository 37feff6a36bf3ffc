/** Status 9 is Halo's Closed; the rest is the tenant's own. */
export const CLOSED = 9;
/** The status that some tenants close with as well. The `type` of a status does not show it. */
export const RESOLVED = 8;

export type Status = readonly [id: number, name: string, shortname: string, slaaction: 'none' | 'hold' | 'removehold'];

/** The effect on the SLA clock: `none` lets it run, `hold` stops it, `removehold` resumes it. */
export const STATUSES: readonly Status[] = [
  [1, 'New', 'NEW', 'none'],
  [2, 'In Progress', 'WIP', 'none'],
  [4, 'With User', 'USER', 'hold'],
  [9, 'Closed', 'CLS', 'none'],
  [21, 'On Hold', 'HOLD', 'hold'],
  [22, 'With Supplier', 'SUPP', 'hold'],
  [23, 'Scheduled', 'SCHED', 'none'],
  [24, 'Updated', 'UPD', 'removehold'],
];

export const RESOLVED_STATUS: Status = [RESOLVED, 'Resolved', 'RES', 'none'];

export const INCIDENT = 1;
export const REQUEST = 3;
export const PROJECT = 5;
export const TASK = 6;

/** `[id, name, use, project_type]`. */
export const TICKET_TYPES: readonly (readonly [number, string, 'tickets' | 'projects' | 'opps', 0 | 1])[] = [
  [INCIDENT, 'Incident', 'tickets', 0],
  [REQUEST, 'Service Request', 'tickets', 0],
  [PROJECT, 'Project', 'projects', 1],
  [TASK, 'Project Task', 'projects', 0],
  [8, 'Sales Opportunity', 'opps', 0],
  [10, 'Change Request', 'tickets', 0],
  [11, 'Alert', 'tickets', 0],
];

/** Fields that a ticket of the type requires. */
export const MANDATORY: Readonly<Record<number, readonly { name: string; label: string }[]>> = {
  10: [
    { name: 'impact', label: 'Impact' },
    { name: 'CFchangeReason', label: 'Reason for the change' },
  ],
};

/** Types that acknowledge each new ticket with their own template, whatever the request says. */
export const ACKNOWLEDGED: readonly number[] = [REQUEST];

export const SLAS: readonly (readonly [number, string])[] = [
  [1, 'Standard SLA'],
  [2, 'Premium 24x7 SLA'],
];

export interface Priority {
  sla: number;
  priority: number;
  name: string;
  /** Hours. */
  response: number;
  fix: number;
  colour: string;
}

/** One row per SLA and priority, as Halo has it. */
export const PRIORITIES: readonly Priority[] = [
  { sla: 1, priority: 1, name: 'Critical', response: 0.5, fix: 4, colour: '#cc0000' },
  { sla: 1, priority: 2, name: 'High', response: 1, fix: 8, colour: '#e69138' },
  { sla: 1, priority: 3, name: 'Medium', response: 4, fix: 24, colour: '#f6b26b' },
  { sla: 1, priority: 4, name: 'Low', response: 8, fix: 72, colour: '#6aa84f' },
  { sla: 2, priority: 1, name: 'Critical', response: 0.25, fix: 2, colour: '#cc0000' },
  { sla: 2, priority: 2, name: 'High', response: 0.5, fix: 4, colour: '#e69138' },
  { sla: 2, priority: 3, name: 'Medium', response: 1, fix: 12, colour: '#f6b26b' },
  { sla: 2, priority: 4, name: 'Low', response: 4, fix: 48, colour: '#6aa84f' },
];

/** `[id, category_1]`. */
export const CATEGORIES: readonly (readonly [number, string])[] = [
  [14, 'Hardware>Printer'],
  [15, 'Hardware>Laptop'],
  [16, 'Hardware>Server'],
  [18, 'Software>Microsoft 365'],
  [19, 'Software>Line of business'],
  [20, 'Network>Connectivity'],
  [21, 'Network>Firewall'],
  [22, 'Request>New starter'],
  [23, 'Request>Leaver'],
  [24, 'Security>Phishing'],
  [25, 'Security>Account'],
  [26, 'Telephony>Handset'],
  [27, 'Backup>Failure'],
];

export interface Currency {
  id: number;
  name: string;
  code: string;
  symbol: string;
  rate: number;
}

/** Home is the one with rate 1. */
export const CURRENCIES: readonly Currency[] = [
  { id: 1, name: 'Pound sterling', code: 'GBP', symbol: '£', rate: 1 },
  { id: 2, name: 'Euro', code: 'EUR', symbol: '€', rate: 1.17 },
];

/** /Lookup?lookupid=N: 28 contract types, 38 contract status, 41 report groups. */
export const LOOKUPS: Record<number, Record<number, string>> = {
  28: { 1: 'Managed Service', 2: 'Licences', 3: 'Time and materials' },
  33: { 1: 'Customer', 2: 'Prospect' },
  38: { 3: 'Live', 4: 'Expired' },
  41: { 3: 'Service', 4: 'Finance', 5: 'Assets', 6: 'Sales' },
};

const NAMES = { status: new Map<number, string>(), type: new Map<number, string>(), sla: new Map<number, string>() };
for (const [id, name] of [...STATUSES, RESOLVED_STATUS]) NAMES.status.set(id, name);
for (const [id, name] of TICKET_TYPES) NAMES.type.set(id, name);
for (const [id, name] of SLAS) NAMES.sla.set(id, name);

/** The name of a status, ticket type or SLA. */
export const nameOf = (of: keyof typeof NAMES, id: number): string => NAMES[of].get(id) ?? '';
