import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, ids, instant, NOW, type Row, walk } from './connect.js';

const DAY = 86_400_000;
const now = Date.parse(NOW);

let halo: Connection;
let tickets: Row[];
let clients: Row[];
let users: Row[];
let sites: Row[];
let agents: Row[];
beforeAll(async () => {
  halo = await connect();
  tickets = await walk(halo, '/Tickets', 'tickets', 100);
  clients = await halo.rows('/Client?count=100&includeinactive=true', 'clients');
  users = await halo.rows('/Users?count=500&includeinactive=true', 'users');
  sites = await halo.rows('/Site?count=100&includeinactive=true', 'sites');
  agents = await halo.rows('/Agent?includedisabled=true');
});
afterAll(() => halo.sandbox.close());

const every = (rows: readonly Row[], key: string, of: readonly Row[]) => {
  const known = new Set<unknown>([0, ...ids(of)]);
  expect(rows.filter((row) => !known.has(row[key] ?? 0))).toEqual([]);
};

describe('clients', () => {
  it('are 16, one of them inactive, one Northwind Traders Ltd, two begin with Contoso', () => {
    expect(clients).toHaveLength(16);
    expect(clients.filter((row) => row.inactive === true).map((row) => row.name)).toEqual(['Fabrikam Logistics']);
    expect(clients.filter((row) => row.name === 'Northwind Traders Ltd')).toHaveLength(1);
    expect(clients.filter((row) => String(row.name).includes('Contoso'))).toHaveLength(2);
    expect(clients.filter((row) => row.name === 'Contoso')).toEqual([]);
  });

  it('one is billed through head office, one in euro', () => {
    expect(clients.find((row) => row.client_to_invoice !== 0)).toMatchObject({
      id: 27,
      client_to_invoice_recurring: 26,
    });
    expect(clients.filter((row) => row.clientcurrency === '€')).toHaveLength(1);
  });

  it('have sites, each with a General User and a main contact of its own', () => {
    every(sites, 'client_id', clients);
    for (const site of sites) {
      const own = users.filter((user) => user.site_id === site.id);
      expect(own.filter((user) => user.name === 'General User')).toHaveLength(1);
      expect(ids(own)).toContain(site.maincontact_id);
    }
  });

  it("every address of mail is an example's, so that mail goes nowhere", () => {
    const mails = [...users.map((row) => row.emailaddress), ...agents.map((row) => row.email)].filter(Boolean);
    expect(mails.filter((mail) => !/^[a-z.]+@[a-z]+\.example$/.test(String(mail)))).toEqual([]);
    expect(new Set(mails).size).toBe(mails.length);
  });
});

describe('tickets', () => {
  it('320 were opened in the last 14 days', () => {
    const ages = tickets.map((row) => now - instant(row.dateoccurred));
    expect(ages.filter((age) => age >= 0 && age <= 14 * DAY)).toHaveLength(320);
    expect(Math.min(...ages)).toBeGreaterThan(0);
  });

  it('name clients, sites, users, agents, statuses, types and priorities that exist', async () => {
    every(tickets, 'client_id', clients);
    every(tickets, 'site_id', sites);
    every(tickets, 'user_id', users);
    every(tickets, 'agent_id', agents);
    every(tickets, 'team_id', await halo.rows('/Team'));
    every(tickets, 'status_id', await halo.rows('/Status'));
    every(tickets, 'tickettype_id', await halo.rows('/TicketType'));
    const priorities = await halo.rows('/Priority');
    const pairs = new Set(priorities.map((row) => `${row.slaid}/${row.priorityid}`));
    expect(tickets.filter((row) => !pairs.has(`${row.sla_id}/${row.priority_id}`))).toEqual([]);
  });

  it('are open, closed, in time and too late', () => {
    const open = tickets.filter((row) => row.status_id !== 9);
    const late = (row: Row) => instant(row.dateclosed ?? NOW.slice(0, -1)) > instant(row.fixbydate);
    for (const some of [open, tickets.filter((row) => row.status_id === 9)]) {
      expect(some.filter(late).length).toBeGreaterThan(10);
      expect(some.filter((row) => !late(row)).length).toBeGreaterThan(10);
    }
    expect(tickets.filter((row) => row.status_id === 9 && instant(row.dateclosed) > now)).toEqual([]);
  });

  it('hold text that tries to steer its reader, and invisible characters', () => {
    const text = tickets.map((row) => `${row.summary} ${row.details}`);
    expect(text.filter((one) => /ignore all previous|\[admin\]/.test(one))).toHaveLength(2);
    expect(text.filter((one) => /[\u200b\u202e]/.test(one))).toHaveLength(1);
  });

  it('have as much action as they say', async () => {
    const flagged = await halo.rows('/Tickets?count=40&includetimetaken=true', 'tickets');
    for (const ticket of flagged) {
      const actions = await halo.rows(`/Actions?ticket_id=${ticket.id}`, 'actions');
      expect(actions.length).toBeGreaterThan(0);
      expect(actions.reduce((sum, action) => sum + Number(action.timetaken), 0)).toBe(ticket.timetaken);
      expect(actions.at(-1)?.datetime).toBe(ticket.lastactiondate);
      for (const action of actions) {
        const parts = ['actionchargehours', 'actionnonchargehours', 'actionprepayhours'];
        expect(parts.reduce((sum, part) => sum + Number(action[part]), 0)).toBe(action.timetaken);
      }
    }
  });

  it('are bulky one by one', async () => {
    const reply = await halo.raw('/Tickets/10200');
    expect((await reply.text()).length).toBeGreaterThan(30_000);
    const detail = await halo.get('/Tickets/10200');
    const fields = detail.customfields as Row[];
    expect(fields.some((field) => 'value' in field)).toBe(true);
  });

  it('some notes hold HTML, entities and hidden text', async () => {
    const actions = await halo.rows('/Actions?startdate=2026-10-01', 'actions');
    for (const part of ['&ndash;', 'display:none', '<table>', '&#39;', '</untrusted>']) {
      expect(actions.some((action) => String(action.note).includes(part))).toBe(true);
    }
  });
});

describe('projects', () => {
  it('have children that carry their hours', async () => {
    const projects = await halo.rows('/Projects', 'tickets');
    expect(projects).toHaveLength(6);
    for (const project of projects) {
      const children = await halo.rows(`/Tickets?parent_id=${project.id}&includetimetaken=true`, 'tickets');
      expect(children).toHaveLength(Number(project.child_count));
      expect(children.length).toBeGreaterThanOrEqual(2);
      const hours = children.reduce((sum, child) => sum + Number(child.timetaken), 0);
      expect(hours).toBe(project.projecttimeactual);
      expect(project).toMatchObject({ use: 'project', client_id: children[0]?.client_id });
    }
  });

  it('are not tickets of /Tickets, unless asked for by domain', async () => {
    expect(tickets.filter((row) => row.use === 'project')).toEqual([]);
    expect(await halo.rows('/Tickets?domain=prjs', 'tickets')).toEqual(await halo.rows('/Projects', 'tickets'));
  });
});

describe('assets and reports', () => {
  it('assets name things that exist', async () => {
    const assets = await walk(halo, '/Asset?includeinactive=true', 'assets', 50);
    every(assets, 'client_id', clients);
    every(assets, 'site_id', sites);
    every(assets, 'contract_id', await halo.rows('/ClientContract?count=100', 'contracts'));
    expect(new Set(assets.map((row) => row.assettype_name)).size).toBe(6);
    const used = await halo.rows('/Asset?user_id=41', 'assets');
    expect((await halo.get(`/Asset/${used[0]?.id}`)).users).toEqual([{ id: 41, name: 'Mia Larsen' }]);
  });

  it('12 reports in four groups, one of which fails with 200', async () => {
    const reports = await halo.rows('/Report', 'reports');
    expect(new Set(reports.map((row) => row.group_id)).size).toBe(4);
    const runs = await Promise.all(reports.map((row) => halo.get(`/Report/${row.id}?loadreport=true`)));
    expect(runs.filter((run) => (run.report as Row).loaded === false)).toHaveLength(1);
    expect(await halo.get('/Report/147')).not.toHaveProperty('report');
  });
});

describe('time', () => {
  it('moves the tenant with now, and the same now gives the same tenant', async () => {
    const paths = [
      '/Tickets?count=1000',
      '/Invoice?count=1000&includelines=true',
      '/RecurringInvoice',
      '/Asset?count=500',
    ];
    const [twin, later] = [await connect(), await connect({ now: '2027-03-31T23:30:00Z' })];
    for (const path of paths) {
      expect(await twin.get(path)).toEqual(await halo.get(path));
      expect(await later.get(path)).not.toEqual(await halo.get(path));
    }
    const newest = (await later.rows('/Tickets', 'tickets'))[0];
    expect(Date.parse('2027-03-31T23:30:00Z') - instant(newest?.dateoccurred)).toBeLessThan(DAY);
    for (const { sandbox } of [twin, later]) await sandbox.close();
  });
});
