import { HaloError } from '../errors.js';
import { cut, oneLine } from '../output/clean.js';
import type { Query } from './client.js';
import { isRow } from './row.js';

/** Running a report is heavy for Halo, and its gateway may cut it off: it is never retried. */
export const isReportRun = (path: string, query: Query): boolean =>
  isReport(path) && Object.entries(query).some(([key, on]) => /^loadreport$/i.test(key) && String(on) === 'true');

const isReport = (path: string) => /^\/?report\//i.test(path);

/**
 * Halo answers 200 to a report that failed, with the fault inside: `report: { loaded: false, load_error: "…" }`.
 * @throws HaloError HALO_REPORT_FAILED with Halo's text, which comes from its database
 */
export function refuseFailedReport(path: string, query: Query, body: unknown): void {
  const report = isReport(path) && isRow(body) && isRow(body.report) ? body.report : {};
  const said = typeof report.load_error === 'string' ? oneLine(report.load_error) : '';
  if (said === '' && (report.loaded !== false || !isReportRun(path, query))) return;
  throw new HaloError('HALO_REPORT_FAILED', `Halo could not run the report${said === '' ? '' : '; it says why'}.`, {
    foreign: said === '' ? [] : [cut(said, 300)],
  });
}
