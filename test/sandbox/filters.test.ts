import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, ids, NOW, type Row } from './connect.js';

let halo: Connection;
beforeAll(async () => {
  halo = await connect();
});
afterAll(() => halo.sandbox.close());

const ALL = 'count=1000';
const day = (date: unknown) => String(date).slice(0, 10);

/** A filter, and what every returned row must satisfy. Some rows come, but fewer than without it. */
type Check = readonly [path: string, key: string, query: string, test: (row: Row) => boolean];

const CHECKS: readonly Check[] = [
  ['/Tickets', 'tickets', 'client_id=12', (row) => row.client_id === 12],
  ['/Tickets', 'tickets', 'client_ids=12,17', (row) => [12, 17].includes(Number(row.client_id))],
  ['/Tickets', 'tickets', 'site_id=18', (row) => row.site_id === 18],
  ['/Tickets', 'tickets', 'user_id=41', (row) => row.user_id === 41],
  ['/Tickets', 'tickets', 'agent_id=3', (row) => row.agent_id === 3],
  ['/Tickets', 'tickets', 'agent=3,5', (row) => [3, 5].includes(Number(row.agent_id))],
  ['/Tickets', 'tickets', 'team=2', (row) => row.team_id === 2 && row.team === '2nd Line'],
  ['/Tickets', 'tickets', 'status_id=4', (row) => row.status_id === 4],
  ['/Tickets', 'tickets', 'status=1,2', (row) => [1, 2].includes(Number(row.status_id))],
  ['/Tickets', 'tickets', 'requesttype_id=11', (row) => row.tickettype_id === 11],
  ['/Tickets', 'tickets', 'requesttype=1,10', (row) => [1, 10].includes(Number(row.tickettype_id))],
  ['/Tickets', 'tickets', 'priority=1', (row) => row.priority_id === 1],
  ['/Tickets', 'tickets', 'open_only=true', (row) => row.status_id !== 9 && !('hasbeenclosed' in row)],
  ['/Tickets', 'tickets', 'closed_only=true', (row) => row.status_id === 9 && row.hasbeenclosed === true],
  ['/Tickets', 'tickets', 'parent_id=9811', (row) => row.parent_id === 9811],
  ['/Tickets', 'tickets', 'search=backup', (row) => /backup/i.test(`${row.summary} ${row.details} ${row.client_name}`)],
  ['/Tickets', 'tickets', 'search=litware', (row) => row.client_id === 29],
  [
    '/Tickets',
    'tickets',
    'datesearch=dateoccured&startdate=2026-10-10&enddate=2026-10-11',
    (row) => ['2026-10-10', '2026-10-11'].includes(day(row.dateoccurred)),
  ],
  [
    '/Tickets',
    'tickets',
    'datesearch=datecleared&startdate=2026-10-13T00:00:00&enddate=2026-10-13T00:00:00',
    (row) => day(row.dateclosed) === '2026-10-13',
  ],
  ['/Client', 'clients', 'search=contoso', (row) => String(row.name).startsWith('Contoso')],
  ['/Client', 'clients', 'search_name_only=northwind', (row) => row.name === 'Northwind Traders Ltd'],
  ['/Client', 'clients', 'toplevel_id=2', (row) => row.toplevel_name === 'Adventure Works Group'],
  ['/Site', 'sites', 'client_id=12', (row) => row.client_id === 12],
  ['/Users', 'users', 'client_id=17', (row) => row.client_id === 17],
  ['/Users', 'users', 'site_id=18', (row) => row.site_id === 18],
  ['/Users', 'users', 'search=larsen', (row) => String(row.name).includes('Larsen')],
  ['/Users', 'users', 'exclude_generaluser=true', (row) => row.name !== 'General User'],
  ['/ClientContract', 'contracts', 'client_id=12', (row) => row.client_id === 12],
  ['/ClientContract', 'contracts', 'search=visit', (row) => row.ref === 'WWI-VISIT'],
  ['/Invoice', 'invoices', 'client_id=12', (row) => row.client_id === 12],
  ['/Invoice', 'invoices', 'search=litware', (row) => row.client_id === 29],
  ['/Invoice', 'invoices', 'postedonly=true', (row) => row.posted === true],
  ['/Invoice', 'invoices', 'notpostedonly=true', (row) => row.posted === false],
  ['/Invoice', 'invoices', 'includecredits=false', (row) => row.invoicetype === 0],
  ['/Invoice', 'invoices', 'includeinvoices=false', (row) => row.invoicetype === 1 || Number(row.supplier_id) > 0],
  ['/Invoice', 'invoices', 'includepoinvoices=false', (row) => row.supplier_id === 0],
  ['/Invoice', 'invoices', 'recurringinvoice_id=-94', (row) => row.recurring_invoice_id === -94],
  ['/Invoice', 'invoices', 'contract_id=31', (row) => row.contract_id === 31],
  ...['startdate=2026-08-01&enddate=2026-08-31', 'start_date=2026-08-01&end_date=2026-08-31'].map(
    (span): Check => [
      '/Invoice',
      'invoices',
      `datesearch=invoice_date&${span}`,
      (row) => day(row.invoice_date).startsWith('2026-08'),
    ],
  ),
  [
    '/Invoice',
    'invoices',
    'invoicedatestart=2026-10-01T00:00:00&invoicedateend=2026-10-01T00:00:00',
    (row) => day(row.invoice_date) === '2026-10-01',
  ],
  ['/RecurringInvoice', 'invoices', 'client_id=12', (row) => row.client_id === 12],
  ['/RecurringInvoice', 'invoices', 'search=hosting', (row) => /hosting/i.test(String(row.reference))],
  ['/Projects', 'tickets', 'client_id=12', (row) => row.client_id === 12],
  ['/Projects', 'tickets', 'open_only=true', (row) => row.status_id !== 9],
  ['/Asset', 'assets', 'client_id=12', (row) => row.client_id === 12],
  ['/Asset', 'assets', 'site_id=18', (row) => row.site_id === 18],
  ['/Asset', 'assets', 'assettype_id=7', (row) => row.assettype_name === 'Firewall'],
  ['/Asset', 'assets', 'search=NW-', (row) => row.client_id === 12],
  ['/Report', 'reports', 'reportgroup_id=4', (row) => row.group_name === 'Finance'],
  ['/Report', 'reports', 'search=sla', (row) => row.name === 'First response by team'],
];

describe('filters', () => {
  it.each(CHECKS)('%s %s %s', async (path, key, query, test) => {
    const rows = await halo.rows(`${path}?${ALL}&${query}`, key);
    const all = await halo.rows(`${path}?${ALL}`, key);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(all.length);
    expect(rows.filter((row) => !test(row))).toEqual([]);
    expect(ids(rows)).toEqual(ids(all.filter(test)));
  });

  it.each([
    ['/Tickets', 'tickets', 'assigned_to=37'],
    ['/Tickets', 'tickets', 'open_only=1'],
    ['/Tickets', 'tickets', 'startdate=2026-10-10&enddate=2026-10-11'],
    ['/Invoice', 'invoices', 'startdate=2026-10-10&enddate=2026-10-11'],
    ['/ClientContract', 'contracts', 'start_date=2026-01-01&status=3'],
    ['/RecurringInvoice', 'invoices', 'disabled=false&startdate=2026-01-01'],
  ])('%s %s %s is ignored', async (path, key, query) => {
    expect(await halo.rows(`${path}?${ALL}&${query}`, key)).toEqual(await halo.rows(`${path}?${ALL}`, key));
  });

  it.each([
    ['/Client', 'clients', 1],
    ['/Site', 'sites', 1],
    ['/Users', 'users', 12],
    ['/ClientContract', 'contracts', 2],
  ])('%s hides inactive %s', async (path, key, hidden) => {
    const [shown, all] = [
      await halo.rows(`${path}?${ALL}`, key),
      await halo.rows(`${path}?${ALL}&includeinactive=true`, key),
    ];
    expect(all.length - shown.length).toBe(hidden);
  });
});

describe('names in ticket rows', () => {
  it('come only when asked for', async () => {
    const [plain] = await halo.rows('/Tickets?count=1', 'tickets');
    for (const name of ['status_name', 'agent_name', 'tickettype_name', 'timetaken', 'priority_name']) {
      expect(plain).not.toHaveProperty(name);
    }
    const [named] = await halo.rows(
      '/Tickets?count=1&includestatus=true&includeagent=true&includetickettype=true',
      'tickets',
    );
    expect(named).toMatchObject({ status_name: 'On Hold', tickettype_name: 'Incident' });
    const [one] = await halo.rows('/Tickets?count=1&includestatus=1', 'tickets');
    expect(one).not.toHaveProperty('status_name');
  });

  it('the last action comes where one ticket is found', async () => {
    const [alone] = await halo.rows('/Tickets?search=maintenance%20mode&includelastaction=true', 'tickets');
    expect(alone).toHaveProperty('action_outcome');
    const many = await halo.rows('/Tickets?includelastaction=true', 'tickets');
    expect(many[0]).not.toHaveProperty('action_outcome');
  });
});

describe('actions', () => {
  it('need a ticket or dates, and come oldest first', async () => {
    expect(await halo.get('/Actions')).toEqual({ record_count: 0, actions: [] });
    const rows = await halo.rows('/Actions?ticket_id=10311', 'actions');
    expect(ids(rows)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(ids(await halo.rows('/Actions?ticket_id=10311&count=3', 'actions'))).toEqual([1, 2, 3]);
    const dated = await halo.rows('/Actions?startdate=2026-10-12&enddate=2026-10-13', 'actions');
    expect(new Set(dated.map((row) => row.ticket_id)).size).toBeGreaterThan(20);
    expect(dated.filter((row) => !['2026-10-12', '2026-10-13'].includes(day(row.datetime)))).toEqual([]);
  });

  it.each([
    ['agentonly', (row: Row) => Number(row.who_agentid) > 0],
    ['excludesys', (row: Row) => row.who !== 'System'],
    ['timeentriesonly', (row: Row) => Number(row.timetaken) > 0],
    ['excludeprivate', (row: Row) => row.hiddenfromuser === false],
  ])('%s', async (flag, test) => {
    const span = `startdate=2026-10-01&enddate=${NOW.slice(0, 10)}`;
    const all = await halo.rows(`/Actions?${span}`, 'actions');
    const rows = await halo.rows(`/Actions?${span}&${flag}=true`, 'actions');
    expect(rows).toEqual(all.filter(test));
    expect(rows.length).toBeLessThan(all.length);
  });
});

describe('agents', () => {
  const names = async (query: string) => (await halo.rows(`/Agent?${query}`)).map((row) => row.name);

  it('hide the disabled; Unassigned and API-only agents come unless left out', async () => {
    const shown = await names('');
    expect(shown).toEqual(expect.arrayContaining(['Unassigned', 'Reporting API']));
    expect(shown).not.toContain('Carla Ruiz');
    expect(await names('includedisabled=true')).toContain('Carla Ruiz');
    const people = await names('includeapiagents=false&includeunassigned=false');
    expect(people).toEqual(shown.filter((name) => name !== 'Unassigned' && name !== 'Reporting API'));
  });

  it('by team and by name', async () => {
    expect(await names('team=Projects')).toEqual(['Ben Okafor', 'Farah Nasser', 'George Papadakis']);
    expect(await names('search=hana')).toEqual(['Hana Kobayashi']);
  });
});
