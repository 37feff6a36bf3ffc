import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, ids, type Row, walk } from './connect.js';

/** What public sources report about Halos that are harder to read than the usual one. */

let harsh: Connection;
let usual: Connection;
let tickets: Row[];
let invoices: Row[];
beforeAll(async () => {
  [harsh, usual] = await Promise.all([connect({ tenant: 'harsh' }), connect()]);
  tickets = await walk(harsh, '/Tickets', 'tickets', 100);
  invoices = await walk(harsh, '/Invoice?includelines=true', 'invoices', 100);
});
afterAll(() => Promise.all([harsh.sandbox.close(), usual.sandbox.close()]));

const rowOf = (rows: readonly Row[], id: unknown) => rows.find((row) => row.id === id);

describe('tickets', () => {
  it('close with two statuses, of which the type tells neither', async () => {
    const closed = tickets.filter((row) => row.dateclosed !== undefined);
    expect(new Set(closed.map((row) => row.status_id))).toEqual(new Set([8, 9]));
    const statuses = await harsh.rows('/Status');
    expect(statuses.filter(({ id }) => id === 8 || id === 9).map(({ type }) => type)).toEqual([0, 0]);
    expect(ids(await usual.rows('/Status'))).not.toContain(8);
  });

  it('open_only and closed_only know both', async () => {
    const open = await harsh.rows('/Tickets?open_only=true&count=1000', 'tickets');
    const closed = await harsh.rows('/Tickets?closed_only=true&count=1000', 'tickets');
    expect(open.filter((row) => [8, 9].includes(Number(row.status_id)))).toEqual([]);
    expect(closed.every((row) => [8, 9].includes(Number(row.status_id)))).toBe(true);
    expect(open.length + closed.length).toBe(tickets.length);
  });

  it('that were reopened have been closed, have no date of it, and are open', async () => {
    const reopened = tickets.filter((row) => row.hasbeenclosed === true && row.dateclosed === undefined);
    expect(reopened.length).toBeGreaterThan(5);
    expect(new Set(reopened.map((row) => row.status_id))).toEqual(new Set([2]));
    const actions = await harsh.rows(`/Actions?ticket_id=${reopened[0]?.id}`, 'actions');
    expect(actions.at(-1)).toMatchObject({ old_status: 9, new_status: 2 });
  });

  it('some were closed when they were logged', () => {
    expect(tickets.filter((row) => row.dateclosed === row.dateoccurred).length).toBeGreaterThan(5);
  });

  it('agent_id gives the queue of the agent, with tickets of colleagues', async () => {
    const queue = await harsh.rows('/Tickets?agent_id=3&count=1000', 'tickets');
    const own = queue.filter((row) => row.agent_id === 3);
    expect(own).toHaveLength(tickets.filter((row) => row.agent_id === 3).length);
    expect(queue.length).toBeGreaterThan(own.length);
    const exact = await usual.rows('/Tickets?agent_id=3&count=1000', 'tickets');
    expect(exact.every((row) => row.agent_id === 3)).toBe(true);
  });
});

describe('hours', () => {
  it('are worked, and neither charged nor covered nor prepaid, though all are called billable', async () => {
    const actions = await harsh.rows('/Actions?startdate=2026-10-01', 'actions');
    const parts = ['actionchargehours', 'actionnonchargehours', 'actionprepayhours'];
    expect(actions.some((row) => Number(row.timetaken) > 0)).toBe(true);
    expect(actions.filter((row) => parts.some((part) => row[part] !== 0) || row.actisbillable !== true)).toEqual([]);
  });
});

describe('documents', () => {
  it('that nobody paid have a balance of 0', () => {
    const never = invoices.filter((row) => row.paymentstatus === -1 && row.amountpaid === 0 && Number(row.total) > 0);
    expect(never.length).toBeGreaterThan(10);
    expect(never.filter((row) => row.amountdue !== 0)).toEqual([]);
  });

  it('of a client whose accounts package reckons the tax have none until they are synced', () => {
    const untaxed = invoices.filter((row) => row.client_id === 31);
    expect(untaxed.filter((row) => row.tax_total !== 0 || row.total !== row.revenue)).toEqual([]);
    const paid = untaxed.filter((row) => row.paymentstatus === 2);
    expect(paid.length).toBeGreaterThan(0);
    expect(paid.filter((row) => row.amountpaid !== row.total || row.amountdue !== 0)).toEqual([]);
  });

  it('are worth net what they are worth in the usual tenant', async () => {
    const others = await walk(usual, '/Invoice', 'invoices', 100);
    expect(invoices.map(({ id, revenue }) => [id, revenue])).toEqual(others.map(({ id, revenue }) => [id, revenue]));
  });

  it('hide costs, or say that they are unknown', () => {
    const costs = invoices.flatMap((row) => (row.lines as Row[]).map(({ unit_cost: cost }) => cost));
    expect(new Set(costs)).toEqual(new Set([undefined, -1, 0]));
  });
});

describe('what every tenant has', () => {
  it('typeid is the number that people see, and no type', async () => {
    const rows = await usual.rows('/Invoice?count=1000', 'invoices');
    expect(rows.every((row) => String(row.invoicenumber).endsWith(`-${row.typeid}`))).toBe(true);
    expect(rowOf(rows, rows[0]?.id)?.typeid).toBeGreaterThan(1000);
  });

  it('a paid invoice has the payment status 2, any other one -1', async () => {
    const rows = await usual.rows('/Invoice?count=1000', 'invoices');
    expect(new Set(rows.map((row) => row.paymentstatus))).toEqual(new Set([2, -1]));
    expect(rows.filter((row) => (row.paymentstatus === 2) !== (row.amountdue === 0 && Number(row.total) > 0))).toEqual(
      [],
    );
  });

  it('the invoice of an action is a text, and not there where nothing was invoiced', async () => {
    const actions = await usual.rows('/Actions?startdate=2020-01-01&count=5000', 'actions');
    const numbers = actions.map((row) => row.actioninvoicenumber);
    expect(numbers).toContain(undefined);
    expect(numbers.filter((number) => number !== undefined && !/^\d+$/.test(String(number)))).toEqual([]);
    expect(new Set(numbers.map((number) => typeof number))).toEqual(new Set(['undefined', 'string']));
  });

  it('the SLA of a status is told in words', async () => {
    const statuses = await usual.rows('/Status');
    expect(new Set(statuses.map((row) => row.slaaction))).toEqual(new Set(['none', 'hold', 'removehold']));
  });

  it('pages without a number are the first fifty rows, and count them alone', async () => {
    const body = await usual.get('/Tickets?pageinate=true&page_size=100');
    expect([(body.tickets as Row[]).length, body.record_count]).toEqual([50, 50]);
  });

  it.each(['tickettype=3', 'tickettype_id=3', 'take=5', 'limit=5'])('%s is ignored', async (query) => {
    const [plain, asked] = await Promise.all([
      usual.get('/Tickets?count=1000'),
      usual.get(`/Tickets?count=1000&${query}`),
    ]);
    expect(asked.record_count).toBe(plain.record_count);
  });
});
