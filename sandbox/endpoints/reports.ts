import { GBP } from '../tenant/clients.js';
import { haloDate } from '../tenant/clock.js';
import type { Tenant } from '../tenant/index.js';
import { LOOKUPS } from '../tenant/lookups.js';
import { sum } from '../tenant/money.js';
import { REPORTS, type Report } from '../tenant/reports.js';
import { isClosed } from '../tenant/tickets.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';
import { like } from './people.js';

export const reports: Endpoint = pagedEndpoint({
  path: 'report',
  scope: 'read:reporting',
  key: 'reports',
  order: { id: (report: Report) => report.id, name: (report: Report) => report.name.toLowerCase() },
  find: (_, query) => {
    const group = query.int('reportgroup_id');
    return REPORTS.filter(
      (report) =>
        (group === undefined || report.group === group) &&
        like(query.text('search'), report.name, report.description, report.sql),
    );
  },
  show: (report) => reportRow(report),
  detail(tenant, id, query) {
    const report = REPORTS.find((one) => one.id === id);
    if (report === undefined) return undefined;
    return {
      ...reportRow(report),
      ...{ sql: report.sql, usesdynamicsql: false, charttype: 0 },
      available_columns: report.columns.map(([name, data_type]) => ({ name, data_type })),
      ...(query.flag('loadreport') ? { report: run(report, tenant) } : {}),
    };
  },
});

const reportRow = (report: Report): Row => ({
  ...{ id: report.id, name: report.name, description: report.description, group_id: report.group },
  ...{ group_name: LOOKUPS[41]?.[report.group] ?? '', datasource_id: 0, type: 0, systemreportid: 0 },
  ...{ mainentity: '', restrictaccess: false, canbeaccessedbyallusers: true, _canupdate: false },
});

/** A failing query also answers 200, with the fault inside. */
function run(report: Report, tenant: Tenant): Row {
  if (report.error !== undefined) return { loaded: false, load_error: report.error, rows: [] };
  const rows = report.by === undefined ? [...(report.rows ?? [])] : COUNTS[report.by](tenant);
  return { loaded: true, load_error: '', rows };
}

const COUNTS: Record<NonNullable<Report['by']>, (tenant: Tenant) => Row[]> = {
  openByClient: (tenant) =>
    tally(
      tenant.tickets().filter((ticket) => !isClosed(ticket)),
      (ticket) => ticket.client.name,
      () => 1,
    ).map(([Client, Open]) => ({ Client, Open })),
  assetsByType: (tenant) =>
    tally(
      tenant.assets().filter((asset) => !asset.inactive),
      (asset) => asset.type.name,
      () => 1,
    ).map(([Type, Count]) => ({ Type, Count })),
  /** Report values are often strings. */
  invoicedByMonth: (tenant) =>
    tally(
      tenant.book().docs.filter((doc) => doc.posted && !doc.voided && doc.supplier === 0 && doc.currency === GBP),
      (doc) => haloDate(doc.date).slice(0, 7),
      (doc) => sum(doc.lines, 'net'),
    ).map(([Month, pence]) => ({ Month, Net: (pence / 100).toFixed(2) })),
};

function tally<T>(facts: readonly T[], by: (fact: T) => string, of: (fact: T) => number): [string, number][] {
  const totals = new Map<string, number>();
  for (const fact of facts) totals.set(by(fact), (totals.get(by(fact)) ?? 0) + of(fact));
  return [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
