/** What work, orders and projects don't say in a way that can be read is in no sum that calls itself whole. */
import { describe, expect, test } from 'vitest';
import { type AnyTool, HaloError, type Row, zoneOf } from '../../core/index.js';
import { agreementProfit } from '../../plugins/agreements/agreement-profit.js';
import { prepaidBalances } from '../../plugins/agreements/prepaid-balances.js';
import { uninvoicedTime } from '../../plugins/agreements/uninvoiced-time.js';
import { type Answer, callOf, fakeContext, pagedList } from '../core/make/fake.js';
import { contract, invoice, line } from './finance/halo.js';

type Fields = Record<string, unknown>;

const CLIENT = { id: 12, name: 'Northwind', inactive: false, default_currency_code: 1 };
const HOURS = { timetaken: 2, actionchargehours: 2, actionnonchargehours: 0, actionprepayhours: 0 };
const action = (fields: Fields = {}): Fields => ({
  ...{ id: 1, ticket_id: 7, datetime: '2026-09-10T09:00:00', who_agentid: 3, actionchargeamount: 200, ...HOURS },
  ...fields,
});

const forbidden = () => {
  throw new HaloError('HALO_SCOPE_MISSING', 'not granted');
};

interface Desk {
  actions?: Fields[];
  more?: Record<string, Answer>;
  zone?: string;
}

/** A Halo with one client, its work by days, and what else a test gives it. */
function deskOf({ actions = [], more = {}, zone = 'UTC' }: Desk) {
  const byDays: Answer = ({ startdate, enddate, ticket_id: ticket }) => {
    const inside = actions.filter(({ datetime, ticket_id: own }) => {
      if (ticket !== undefined) return own === ticket;
      return String(datetime) >= String(startdate) && String(datetime) <= String(enddate);
    });
    return { record_count: inside.length, actions: inside };
  };
  const paths: Record<string, Answer> = {
    '/Client': pagedList([CLIENT], { key: 'clients' }),
    '/Client/12': () => CLIENT,
    '/Currency': () => [{ id: 1, name: 'Pound', code: 'GBP', conversion_rate: 1 }],
    '/Actions': byDays,
    '/Tickets/7': () => ({ id: 7, client_id: 12, client_name: 'Northwind' }),
    '/TimesheetEvent': () => [],
    '/Projects': forbidden,
    '/SalesOrder': forbidden,
    ...more,
  };
  return fakeContext(paths, {}, undefined, zoneOf(zone));
}

const ask = async (tool: AnyTool, desk: Desk, args: Fields): Promise<Fields> =>
  (await callOf(tool, deskOf(desk), args)) as unknown as Fields;
const september = { client_id: 12, from: '2026-09-01', as_of: '2026-09-30' };
const uninvoiced = (desk: Desk) => ask(uninvoicedTime, desk, september);
const totals = (answer: Fields) => (answer.totals as Record<string, Fields>).GBP;

describe('work late in the evening', () => {
  /** Half past ten in the evening of 31 August in UTC: in Berlin it is 1 September, in New York still 31 August. */
  const late = action({ datetime: '2026-08-31T22:30:00' });

  test.each([
    ['Europe/Berlin', '2.00'],
    ['UTC', '0.00'],
    ['America/New_York', '0.00'],
  ])('in %s is work of the day that it was there', async (zone, hours) => {
    expect(totals(await uninvoiced({ actions: [late], zone }))?.hours).toBe(hours);
  });

  test('on the last day of a month is not lost where clocks are behind', async () => {
    const actions = [action({ datetime: '2026-10-01T02:30:00' })];
    expect(totals(await uninvoiced({ actions, zone: 'America/New_York' }))?.hours).toBe('2.00');
    expect(totals(await uninvoiced({ actions, zone: 'UTC' }))?.hours).toBe('0.00');
  });
});

test('hours taken back are taken off', async () => {
  const back = action({ id: 2, timetaken: -0.5, actionchargehours: -0.5, actionchargeamount: -50 });
  expect(totals(await uninvoiced({ actions: [action(), back] }))).toMatchObject({ hours: '1.50', amount: '150.00' });
});

test.each([['isbillable'], ['dontinvoice']])(
  'a ticket whose %s can not be read leaves its work open',
  async (field) => {
    const more = { '/Tickets/7': () => ({ id: 7, client_id: 12, [field]: 'perhaps' }) };
    expect((await uninvoiced({ actions: [action()], more })).method).toMatchObject({
      complete: false,
      reason: [`not fully readable: ticket:7 (${field})`],
    });
  },
);

test.each<[string, unknown]>([
  ['an error', { error: 'denied' }],
  ['rows under another name', { sheets: [{ ticket_id: 7, action_number: 1 }] }],
  ['fewer rows than Halo counts', { record_count: 60, events: [] }],
  [
    'rows beside an error',
    { error: 'not now', events: [{ ticket_id: 7, action_number: 1, start_date: '2026-09-10' }] },
  ],
  ['a row that is none', [null, { ticket_id: 7, action_number: 1, start_date: '2026-09-10T09:00:00' }]],
  ['an event whose ticket can not be read', [{ ticket_id: 'x7', action_number: 1, start_date: '2026-09-10T09:00:00' }]],
])('%s in place of the time sheets leaves open whether there is more work', async (_, body) => {
  const answer = await uninvoiced({ more: { '/TimesheetEvent': () => body } });
  expect(answer).toMatchObject({
    complete: false,
    method: { reason: expect.arrayContaining([expect.stringContaining('TimesheetEvent: ')]) },
  });
});

test('actions whose ids can not be read are not asked for once more, ticket by ticket', async () => {
  const events = [7, 8, 9].map((ticket) => ({
    ticket_id: ticket,
    action_number: 1,
    start_date: '2026-09-10T09:00:00',
  }));
  const desk = deskOf({ actions: [action({ id: 'x1' })], more: { '/TimesheetEvent': () => events } });
  const answer = (await callOf(uninvoicedTime, desk, september)) as unknown as Fields;
  expect(answer.complete).toBe(false);
  expect(desk.asked.filter(({ query }) => query.ticket_id !== undefined)).toEqual([]);
});

test('work that only the time sheets name is read even where older work was not', async () => {
  const drawn = action({ actionprepayhours: 2, datetime: '2026-09-10T09:00:00' });
  const more: Record<string, Answer> = {
    '/ClientPrepay': pagedList([{ id: 1, client_id: 12, date: '2019-01-01', hours: 10 }], { key: 'prepay' }),
    '/Actions': ({ ticket_id: ticket }) => {
      const actions = ticket === undefined ? [] : [drawn];
      return { record_count: actions.length, actions };
    },
    '/TimesheetEvent': () => [{ ticket_id: 7, action_number: 1, start_date: '2026-09-10T09:00:00' }],
  };
  const desk = deskOf({ more });
  await callOf(prepaidBalances, desk, { client_id: 12, as_of: '2026-09-30' });
  expect(desk.asked.filter(({ query }) => query.ticket_id === 7)).toHaveLength(1);
});

describe('what waits to be billed', () => {
  const order = (fields: Fields): Record<string, Answer> => ({
    '/SalesOrder': pagedList([{ id: fields.id ?? 5, client_id: 12 }] as Row[], { key: 'salesorders' }),
    '/SalesOrder/5': () => ({ id: 5, client_id: 12, ...fields }),
  });
  const line = (fields: Fields = {}) => ({ id: 1, total_net_total: 200, percentage_invoiced: 25, ...fields });

  test('is found where ids come as text', async () => {
    const answer = await uninvoiced({ more: order({ id: '5', lines: [line()] }) });
    expect([answer.complete, totals(answer)?.order_lines]).toEqual([true, '150.00']);
  });

  test.each<[string, Fields]>([
    ['lines that are not a list', { lines: 'none' }],
    ['a line that is not a record', { lines: [line(), null] }],
    ['an amount', { lines: [line({ total_net_total: '1.200,00' })] }],
    ['what is invoiced of it', { lines: [{ id: 1, price: 10, quantity: 3, invoiced_quantity: 'one' }] }],
    ['whether it recurs', { lines: [line({ recurringinvoice_id: 'x9' })] }],
    ['whether it is to be billed', { do_not_invoice: 'perhaps', lines: [line()] }],
  ])('is not complete if something in an order can not be read: %s', async (_, fields) => {
    const answer = await uninvoiced({ more: order(fields) });
    expect(answer).toMatchObject({
      complete: false,
      method: { reason: [expect.stringMatching(/^not fully readable: order:5 /)] },
    });
  });

  test.each<[string, Fields]>([
    ['milestones that are not a list', { milestones: 'none' }],
    ['its value', { milestones: [{ id: 1, _complete: true, milestone_value: 'much' }] }],
    ['whether it is done', { milestones: [{ id: 1, _complete: 'perhaps', milestone_value: 10 }] }],
    ['whether it is invoiced', { milestones: [{ id: 1, _complete: true, milestone_value: 10, invoicenumber: {} }] }],
  ])('is not complete if something in a project can not be read: %s', async (_, fields) => {
    const projects: Record<string, Answer> = {
      '/Projects': pagedList([{ id: 9, client_id: 12 }]),
      '/Projects/9': () => ({ id: 9, client_id: 12, ...fields }),
    };
    expect(await uninvoiced({ more: projects })).toMatchObject({
      complete: false,
      method: { reason: [expect.stringMatching(/^not fully readable: project:9 /)] },
    });
  });
});

describe('of work', () => {
  test.each<[string, AnyTool, Fields, Fields]>([
    ['its invoice', uninvoicedTime, { actioninvoicenumber: { id: 1 } }, september],
    ['whether it is billable', uninvoicedTime, { actisbillable: 'perhaps' }, september],
    ['the amount of its travel', uninvoicedTime, { actiontravelamount: 'much' }, september],
    ['the money it drew', prepaidBalances, { actionprepayamount: 'much' }, { client_id: 12, as_of: '2026-09-30' }],
    [
      'its contract',
      agreementProfit,
      { action_contract_id: 'x31' },
      { client_id: 12, from: '2026-09-01', to: '2026-09-30' },
    ],
  ])('%s can not be read: nothing is whole', async (_, tool, odd, args) => {
    const books: Record<string, Answer> = {
      '/ClientPrepay': pagedList([], { key: 'prepay' }),
      '/Invoice': pagedList([], { key: 'invoices' }),
      '/RecurringInvoice': pagedList([], { key: 'invoices' }),
      '/ClientContract': pagedList([], { key: 'contracts' }),
      '/Agent': () => [],
    };
    const healthy = await ask(tool, { actions: [action()], more: books }, args);
    expect(healthy.complete).toBe(true);
    const answer = await ask(tool, { actions: [action(odd)], more: books }, args);
    expect([answer.complete, String((answer.method as Fields).reason)]).toEqual([
      false,
      expect.stringContaining(Object.keys(odd)[0] ?? ''),
    ]);
  });

  test.each<[string, Fields]>([
    ['whether it was handled', { expirychecked: 'maybe' }],
    ['what it is', { description: { text: 'Expired' } }],
  ])('an expiry of which it is unknown %s leaves the balance open', async (_, odd) => {
    const row = {
      id: 1,
      client_id: 12,
      date: '2026-08-01',
      hours: 10,
      expirydate: '2026-09-01',
      ...odd,
    };
    const more = { '/ClientPrepay': pagedList([row], { key: 'prepay' }) };
    expect(await ask(prepaidBalances, { more }, { client_id: 12, as_of: '2026-09-30' })).toMatchObject({
      complete: false,
    });
  });
});

describe('work on an agreement that is not in the data', () => {
  const DAYS = { from: '2026-09-01', to: '2026-09-30' };
  const books = (contracts: Fields[], more: Record<string, Answer> = {}): Record<string, Answer> => ({
    '/Invoice': pagedList([], { key: 'invoices' }),
    '/RecurringInvoice': pagedList([], { key: 'invoices' }),
    '/ClientContract': pagedList(contracts as Row[], {
      key: 'contracts',
      narrow: ({ client_id: id }, query) => query.client_id === undefined || id === query.client_id,
    }),
    '/ClientContract/31': () => contract(),
    '/Agent': () => [],
    ...more,
  });
  const gone = action({ action_contract_id: 99 });
  const profit = async (args: Fields, more: Record<string, Answer>, actions = [gone]) => {
    const desk = deskOf({ actions, more });
    const answer = (await callOf(agreementProfit, desk, { ...DAYS, ...args })) as unknown as Fields;
    return { answer, asked: desk.asked.map(({ path }) => path) };
  };

  test.each([[{}], [{ client_id: 12 }]])('is of the client of its ticket: %j', async (args) => {
    const { answer } = await profit(args, books([contract()]));
    expect(answer).toMatchObject({
      complete: true,
      agreements: [{ contract_id: 99, client_id: 12, hours: '2.00' }],
      flags: [{ code: 'contract_missing', entity: 'contract:99' }, { code: 'labour_cost_unknown' }],
    });
  });

  test('is another client’s where its agreement is: no ticket is read for it', async () => {
    const { answer, asked } = await profit({ client_id: 12 }, books([contract(), contract({ id: 99, client_id: 13 })]));
    expect(answer).toMatchObject({ complete: true, agreements: [], method: { hours_on_no_agreement: '0.00' } });
    expect(asked).not.toContain('/Tickets/7');
  });

  test('is told where the ticket is gone, too', async () => {
    const none = () => {
      throw new HaloError('HALO_NOT_FOUND', 'none');
    };
    const { answer } = await profit({}, books([contract()], { '/Tickets/7': none }));
    expect(answer).toMatchObject({ complete: false, method: { hours_of_unknown_clients: '2.00' } });
  });

  test('costs no request where the book or the time sheets know it', async () => {
    const known = await profit({ client_id: 12 }, books([contract()]), [action({ action_contract_id: 31 })]);
    const event = { ticket_id: 7, action_number: 1, start_date: '2026-09-10', client_id: 12, contract_id: 99 };
    const told = await profit({ client_id: 12 }, books([contract()], { '/TimesheetEvent': () => [event] }));
    for (const { asked, answer } of [known, told]) {
      expect(answer.complete).toBe(true);
      expect(asked.filter((path) => path.startsWith('/Tickets') || path === '/ClientContract')).toHaveLength(1);
    }
  });
});

describe('what an agreement earned is not whole', () => {
  const DAYS = { client_id: 12, from: '2026-09-01', to: '2026-09-30' };
  const credit = invoice({ id: 5010, invoice_date: '2026-09-20', revenue: -20, lines: [line({ net_amount: -20 })] });
  const profit = (client: Fields = {}, credited: Fields = {}) => {
    const billed = invoice({ invoice_date: '2026-09-10', lines: [line({ contract_id: 31 })] });
    const documents = [billed, { ...credit, creditlinkedtoinvoiceid: 5009, ...credited }] as Row[];
    const more: Record<string, Answer> = {
      '/Client': pagedList([{ ...CLIENT, ...client }], { key: 'clients' }),
      '/Client/12': () => ({ ...CLIENT, ...client }),
      '/Invoice': pagedList(documents, { key: 'invoices' }),
      '/RecurringInvoice': pagedList([], { key: 'invoices' }),
      '/ClientContract': pagedList([contract()] as Row[], { key: 'contracts' }),
      '/ClientContract/31': () => contract(),
      '/Agent': () => [],
    };
    return ask(agreementProfit, { actions: [action({ action_contract_id: 31 })], more }, DAYS);
  };

  test.each<[string, Fields, Fields?]>([
    ['the currency of its client', { default_currency_code: 'pounds' }],
    ['what a credit note credits', {}, { creditlinkedtoinvoiceid: 'x5009' }],
  ])('where Halo sends in no readable way %s', async (_, client, credited) => {
    const healthy = await profit();
    expect([healthy.complete, totals(healthy)]).toEqual([
      true,
      expect.objectContaining({ billed: '80.00', hours: '2.00' }),
    ]);
    expect((await profit(client, credited)).complete).toBe(false);
  });
});
