/** What stands inside a record and can't be read is told, and not taken for nothing. */
import { describe, expect, test } from 'vitest';
import type { AnyTool, Plugin } from '../../core/index.js';
import assets from '../../plugins/assets/index.js';
import clients from '../../plugins/clients/index.js';
import { getRecurringInvoice } from '../../plugins/finance/recurring-invoices.js';
import tickets from '../../plugins/tickets/index.js';
import { type Answer, callOf, fakeContext, pagedList } from '../core/make/fake.js';
import { template } from './finance/halo.js';

type Fields = Record<string, unknown>;

const toolsOf = ({ options, configure, tools }: Plugin): readonly AnyTool[] =>
  configure === undefined ? (tools ?? []) : configure(options?.parse({}) as never);

const named = (plugin: Plugin, name: string): AnyTool => {
  const found = toolsOf(plugin).find((tool) => tool.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const ask = async (tool: AnyTool, paths: Record<string, Answer>, args: Fields): Promise<Fields> =>
  (await callOf(tool, fakeContext(paths), args)) as unknown as Fields;

const getTicket = named(tickets, 'get_ticket');
const ticket = (fields: Fields = {}) => ({ id: 7, summary: 'Printer', status_id: 1, ...fields });
const action = (fields: Fields = {}) => ({
  id: 1,
  ticket_id: 7,
  datetime: '2026-09-10T09:00:00',
  timetaken: 1,
  ...fields,
});
const desk = (fields: Fields, actions: Fields[] = [action()]): Record<string, Answer> => ({
  '/Tickets/7': () => ticket(fields),
  '/Actions': () => ({ record_count: actions.length, actions }),
});

describe.each<[string, unknown]>([
  ['text', 'none'],
  ['an object', { 0: { name: 'Rack', value: '4' } }],
  ['a list of things that are not records', [{ id: 1, name: 'Rack', value: '4' }, null]],
])('a list inside a record that is %s', (_, odd) => {
  test.each<[string, AnyTool, Record<string, Answer>, Fields, RegExp]>([
    ['get_ticket', getTicket, desk({ customfields: odd }), { id: 7 }, /custom ?fields/],
    [
      'get_asset',
      named(assets, 'get_asset'),
      { '/Asset/5': () => ({ id: 5, key_field: 'PC', fields: odd }) },
      { id: 5 },
      /fields/,
    ],
    [
      'get_asset, its users',
      named(assets, 'get_asset'),
      { '/Asset/5': () => ({ id: 5, key_field: 'PC', users: odd }) },
      { id: 5 },
      /users/,
    ],
    [
      'get_recurring_invoice',
      getRecurringInvoice,
      { '/RecurringInvoice/-94': () => template({ invoices: odd }), '/Currency': () => [] },
      { id: -94 },
      /invoices/,
    ],
  ])('%s says that it is not whole', async (__, tool, paths, args, what) => {
    expect((await ask(tool, paths, args)).hint).toMatch(what);
  });
});

test('an invoice of a recurring one is not called a draft if it is unknown whether it is posted', async () => {
  const invoices = [{ id: 1, invoice_date: '2026-06-01', total: 5, posted: 'perhaps' }];
  const paths = { '/RecurringInvoice/-94': () => template({ invoices }), '/Currency': () => [] };
  const got = await ask(getRecurringInvoice, paths, { id: -94 });
  expect([(got.invoices as Fields[])[0]?.posted, got.hint]).toEqual([
    undefined,
    expect.stringContaining('posted of 1'),
  ]);
});

describe('the actions of a ticket', () => {
  test('that do not say whose they are in a way that can be read are told', async () => {
    const got = await ask(getTicket, desk({}, [action(), action({ id: 2, ticket_id: 'x7' })]), { id: 7 });
    expect([(got.actions as Fields[]).length, got.hint]).toEqual([1, expect.stringContaining('1 or more actions')]);
  });

  test('show hours that were taken back', async () => {
    const got = await ask(getTicket, desk({}, [action(), action({ id: 2, timetaken: -0.5 })]), { id: 7 });
    expect((got.actions as Fields[]).map(({ hours }) => hours).toSorted()).toEqual([-0.5, 1]);
  });
});

test('a client whose name can not be read may be the one meant, so it is not reported missing', async () => {
  const rows = [{ id: 12, name: { text: 'Northwind' } }];
  const paths = { '/Client': pagedList(rows, { key: 'clients' }) };
  await expect(ask(named(clients, 'get_client'), paths, { name: 'Northwind' })).rejects.toMatchObject({
    code: 'HALO_UNEXPECTED',
  });
});

test.each<[string, Fields]>([
  ['on hold', { onhold: 'perhaps' }],
  ['closed', { dateclosed: 'lately' }],
  ['under an SLA', { excludefromsla: 'perhaps' }],
])('a ticket is not called late if it is unknown whether it is %s, and that is reported', async (_, odd) => {
  const late = { status_id: 1, fixbydate: '2026-01-05T09:00:00' };
  expect((await ask(getTicket, desk(late), { id: 7 })).sla_breached).toBe(true);
  const got = await ask(getTicket, desk({ ...late, ...odd }), { id: 7 });
  expect([got.sla_breached, got.hint]).toEqual([undefined, expect.stringContaining('sla_breached of 7')]);
});

test.each([
  [true, false],
  [1, 0],
  ['True', 'False'],
  ['1', '0'],
])('the main contacts of a client are the important people, flags being sent as %j and %j', async (yes, no) => {
  const user = (id: number, fields: Fields) => ({ id, name: `No ${id}`, client_id: 5, inactive: no, ...fields });
  const plain = Array.from({ length: 10 }, (_, n) => user(n + 1, { isserviceaccount: no, isimportantcontact: no }));
  const users = [
    user(90, { isserviceaccount: yes, isimportantcontact: no }),
    ...plain,
    user(99, { isserviceaccount: no, isimportantcontact: yes }),
  ];
  const paths = { '/Client/5': () => ({ id: 5, name: 'Adatum' }), '/Users': pagedList(users, { key: 'users' }) };
  const { contacts } = await ask(named(clients, 'get_client'), paths, { id: 5, include_sites: false });
  expect((contacts as Fields[]).map(({ id }) => id)).toEqual([99, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('two lists that become one both say what of them can not be read', async () => {
  const asset = { id: 5, key_field: 'PC', fields: [null], customfields: [{ name: 'Rack', value: '4' }, 7] };
  const { hint } = await ask(named(assets, 'get_asset'), { '/Asset/5': () => asset }, { id: 5 });
  expect(hint).toMatch(/1 of the 1 fields .* 1 of the 2 customfields/);
});
