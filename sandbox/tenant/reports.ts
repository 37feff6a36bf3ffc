import type { Row } from '../json.js';

export interface Report {
  id: number;
  name: string;
  description: string;
  /** Id of /Lookup 41. */
  group: 3 | 4 | 5 | 6;
  sql: string;
  /** `[column, data type]`. */
  columns: readonly (readonly [string, string])[];
  /** Absent: counted from the tenant by `by`. */
  rows?: readonly Row[];
  by?: 'openByClient' | 'assetsByType' | 'invoicedByMonth';
  /** A report whose SQL fails still answers 200, with this inside. */
  error?: string;
}

const COUNT = 'Int32';
const TEXT = 'String';
const MONEY = 'Decimal';

export const REPORTS: readonly Report[] = [
  {
    ...{ id: 147, group: 3, name: 'Open tickets by client', description: 'Count of open tickets per client' },
    sql: 'select top 100 aareadesc as [Client], count(*) as [Open] from faults join area on aarea=areaint where status<>9 group by aareadesc',
    columns: [
      ['Client', TEXT],
      ['Open', COUNT],
    ],
    by: 'openByClient',
  },
  {
    ...{
      id: 148,
      group: 4,
      name: 'Invoiced revenue by month',
      description: 'Net invoiced per month, home currency only',
    },
    sql: 'select [Month], sum(net) as [Net] from invoicemonth group by [Month]',
    columns: [
      ['Month', TEXT],
      ['Net', MONEY],
    ],
    by: 'invoicedByMonth',
  },
  {
    ...{
      id: 149,
      group: 3,
      name: 'First response by team',
      description: 'Share answered inside the SLA, last 30 days',
    },
    sql: 'select team as [Team], met as [Met %] from responsestats',
    columns: [
      ['Team', TEXT],
      ['Met %', MONEY],
    ],
    rows: [
      { Team: '1st Line', 'Met %': '92.4' },
      { Team: '2nd Line', 'Met %': '88.1' },
    ],
  },
  {
    ...{ id: 150, group: 3, name: 'Tickets without activity', description: 'Open and untouched for five days' },
    sql: 'select faultid as [Ticket], days as [Days] from faultz',
    columns: [],
    error: "Invalid object name 'faultz'.",
  },
  fixed(151, 3, 'Survey results', 'Answers of the last quarter', 'Score', [
    { Score: 'Good', Count: '41' },
    { Score: 'Poor', Count: '3' },
  ]),
  fixed(152, 4, 'Unbilled time', 'Hours not yet invoiced', 'Agent', [{ Agent: 'Alice Archer', Count: '14.5' }]),
  fixed(153, 4, 'Contracts ending soon', 'Next 60 days', 'Contract', [{ Contract: 'AW-MS', Count: '1' }]),
  fixed(154, 4, 'Debtors', 'Overdue by client', 'Client', [{ Client: 'Tailspin Toys', Count: '2' }]),
  {
    ...{ id: 155, group: 5, name: 'Assets by type', description: 'Active assets per type' },
    sql: 'select tdesc as [Type], count(*) as [Count] from device join xtype on dtype=ttypenum group by tdesc',
    columns: [
      ['Type', TEXT],
      ['Count', COUNT],
    ],
    by: 'assetsByType',
  },
  fixed(156, 5, 'Warranty ends', 'Next 90 days', 'Tag', []),
  fixed(157, 6, 'Pipeline', 'Open opportunities by stage', 'Stage', [{ Stage: 'Proposal', Count: '4' }]),
  fixed(158, 6, 'Renewals won', 'This year', 'Month', [{ Month: 'January', Count: '2' }]),
];

function fixed(
  id: number,
  group: Report['group'],
  name: string,
  description: string,
  first: string,
  rows: readonly Row[],
): Report {
  const columns = [[first, TEXT] as const, ['Count', COUNT] as const];
  return { id, group, name, description, columns, rows, sql: `select [${first}], [Count] from report${id}` };
}
