/** Which of Halo's fields work, prepaid time, payments, orders and prices are read from, and what stands where they are absent. */
import { describe, expect, it } from 'vitest';
import {
  Costs,
  Exact,
  keepAgentCost,
  keepLicence,
  keepListPrice,
  keepOpenItem,
  keepPayment,
  keepPrepay,
  keepPriceChange,
  keepWork,
  keepWorkEvent,
  keepWorkTicket,
  Prices,
  unbilledOfOrder,
  unbilledOfProject,
} from '../../revenue/index.js';
import type { Fields } from './rows.js';

it.each<[string, (row: unknown) => unknown]>([
  ['/Actions', keepWork],
  ['/Tickets', keepWorkTicket],
  ['/TimesheetEvent', keepWorkEvent],
  ['/ClientPrepay', keepPrepay],
  ['/InvoicePayment', keepPayment],
  ['/Invoice', keepOpenItem],
  ['/Agent', keepAgentCost],
  ['/Item', keepListPrice],
  ['/InvoiceChange', keepPriceChange],
  ['/SoftwareLicence', keepLicence],
])('what is not a row of %s, or has no id, is dropped', (_path, keep) => {
  for (const row of [undefined, null, 'row', 7, [], {}, { id: 'x' }]) expect(keep(row)).toBeUndefined();
});

describe('a row of /Actions', () => {
  const row = {
    ...{ id: 2, ticket_id: 9, last_updated: '2026-06-02T00:00:00', datetime: '2026-06-01T09:00:00', who_agentid: 3 },
    ...{ timetaken: 2, actionchargehours: 1, actionnonchargehours: 0.5, actionprepayhours: 0.25 },
    ...{ actionprepayamount: 4, actionchargeamount: 95, actiontravelchargehours: 0.75, actiontravelamount: 20 },
    ...{ actioninvoicenumber: 1042, actiontravelinvoicenumber: 'INV-7', chargerate: 2, action_contract_id: 31 },
  };
  it('is read from these fields', () =>
    expect(keepWork(row)).toEqual({
      ...{ id: 2, ticket: 9, modified: '2026-06-02T00:00:00', unread: [], date: '2026-06-01', agent: 3 },
      ...{ hours: new Exact(2), charge: new Exact(1), covered: new Exact(0.5), prepaid: new Exact(0.25) },
      ...{ prepaid_money: new Exact(4), amount: new Exact(95), travel: new Exact(0.75), travel_amount: new Exact(20) },
      ...{ invoice: '1042', travel_invoice: 'INV-7', no_charge: false, billable: true, contract: 31 },
    }));

  const of = (fields: Fields) => keepWork({ ...row, ...fields });
  it.each<[Fields, object]>([
    [{ who_agentid: 0, actionby_agent_id: 4 }, { agent: 4 }],
    [{ actionprepayamount: null, defprepayamount: 6 }, { prepaid_money: new Exact(6) }],
    [{ actioninvoicenumber: '', invoice_id: 77 }, { invoice: '77' }],
    [{ actioninvoicenumber: -1, invoice_id: 0 }, { invoice: undefined }],
    [{ chargerate: 0 }, { no_charge: true }],
    [{ chargerate: -1 }, { no_charge: true }],
    [{ chargerate: null }, { no_charge: false }],
    [{ chargerate: 'hourly' }, { no_charge: false }],
    [{ actisbillable: false }, { billable: false }],
    [{ actisbillable: null }, { billable: true }],
    [{ datetime: null, actionarrivaldate: '2026-05-04', actiondatecreated: '2026-05-05' }, { date: '2026-05-04' }],
    [{ datetime: '', actiondatecreated: '2026-05-05' }, { date: '2026-05-05' }],
    [{ datetime: '1900-01-01T00:00:00', actiondatecreated: '2026-05-05' }, { date: '2026-05-05' }],
    [
      { datetime: 'soon', actiondatecreated: '2026-05-05' },
      { date: undefined, unread: ['datetime'] },
    ],
    [{ action_contract_id: 0, actioncontractid: -32 }, { contract: 32 }],
    [{ action_contract_id: -1, actioncontractid: 0, actionbillingplanid: -133 }, { contract: 33 }],
    [{ action_contract_id: 0, actionbillingplanid: -100 }, { contract: 0 }],
    [{ action_contract_id: 0, actionbillingplanid: -99 }, { contract: 0 }],
    [{ action_contract_id: 0, actionbillingplanid: 5 }, { contract: 0 }],
    [{ timetaken: 'two' }, { hours: undefined, unread: ['timetaken'] }],
    [
      { ticket_id: 'x', actionchargehours: 'y', actiontravelchargehours: 'z' },
      { unread: ['ticket_id', 'actionchargehours', 'actiontravelchargehours'] },
    ],
    [
      { timetaken: null, actionchargehours: '', actionnonchargehours: undefined, actionprepayhours: null },
      { unread: ['timetaken'] },
    ],
    [{ timetaken: null, actionchargehours: null, actionnonchargehours: 0, actionprepayhours: null }, { unread: [] }],
  ])('%j: %j', (fields, expected) => expect(of(fields)).toMatchObject(expected));
});

describe('a row of /TimesheetEvent', () => {
  const row = {
    ...{ id: 1, ticket_id: 9, action_number: 2, start_date: '2026-06-01T09:00:00', timetaken: 1.5, agent_id: 3 },
    ...{ client_id: 101, contract_id: 31 },
  };
  it('is read from these fields', () =>
    expect(keepWorkEvent(row)).toEqual({
      ...{ ticket: 9, action: 2, date: '2026-06-01', hours: new Exact(1.5), agent: 3, client: 101, contract: 31 },
    }));
  it.each([{ break_type: 1 }, { holiday_id: 4 }, { ticket_id: 0 }, { action_number: 0 }])('is none for %j', (fields) =>
    expect(keepWorkEvent({ ...row, ...fields })).toBeUndefined(),
  );
});

describe('a row of /Tickets', () => {
  const row = { id: 9, client_id: 101, client_name: 'Acme', contract_id: 31, client_to_invoice_to_id: 7 };
  it.each<[Fields, object]>([
    [{}, { id: 9, client: 101, client_name: 'Acme', contract: 31, bill_to: 7, not_billable: false }],
    [{ ticket_client_to_invoice_to_id: 8 }, { bill_to: 8 }],
    [{ isbillable: false }, { not_billable: true }],
    [{ isbillable: null }, { not_billable: false }],
    [{ dontinvoice: true }, { not_billable: true }],
  ])('%j: %j', (fields, expected) => expect(keepWorkTicket({ ...row, ...fields })).toMatchObject(expected));
});

describe('a row of /ClientPrepay', () => {
  const row = { id: 1, client_id: 101, client_name: 'Acme', date: '2026-01-01', hours: 10, amount: 950 };
  it.each<[Fields, object]>([
    [
      { expirydate: '2026-12-31' },
      {
        ...{ id: 1, client: 101, client_name: 'Acme', date: '2026-01-01', hours: new Exact(10) },
        ...{ amount: new Exact(950), expires: '2026-12-31', expiry_handled: false, is_expiry: false, unread: [] },
      },
    ],
    [
      { expirychecked: true, description: 'Expired hours' },
      { expiry_handled: true, is_expiry: true },
    ],
    [{ description: 'Taken off by hand' }, { is_expiry: false }],
    [
      { client_id: 'x', date: 'soon', hours: 'ten', amount: 'much', expirydate: 'never' },
      { unread: ['client_id', 'date', 'hours', 'amount', 'expirydate'] },
    ],
  ])('%j: %j', (fields, expected) => expect(keepPrepay({ ...row, ...fields })).toMatchObject(expected));
});

describe('a row of /Invoice as a debt', () => {
  const row = {
    ...{ id: 1, client_id: 101, client_name: 'Acme', invoicenumber: 'INV-1', invoice_date: '2026-06-01', posted: true },
    ...{ last_modified: '2026-06-02T00:00:00', currency_code: 2, creditlinkedtoinvoiceid: 8, duedate: '2026-07-01' },
    ...{ paymentterms: 30, total: 120, amountdue: 20, amountpaid: 100, credit_outstanding: 5, credit_used: 7 },
    ...{ paymentstatus: 0, datepaid: '2026-06-20', mark_credit_as_used: true },
  };
  it('is read from these fields', () =>
    expect(keepOpenItem(row)).toEqual({
      ...{ id: 1, modified: '2026-06-02T00:00:00', client: 101, client_name: 'Acme', number: 'INV-1', posted: true },
      ...{ currency: { code: undefined, id: 2 }, date: '2026-06-01', credits: 8, standing: 'document', unread: [] },
      ...{ due_date: '2026-07-01', terms: 30, total: new Exact(120), due: new Exact(20), paid: new Exact(100) },
      ...{ credit_left: new Exact(5), credit_used: new Exact(7), marked_used: true, status: 'unpaid' },
      paid_on: '2026-06-20',
    }));
  it.each<[unknown, string | undefined]>([
    [2, 'paid'],
    [0, 'unpaid'],
    [-1, 'unpaid'],
    [1, undefined],
    [undefined, undefined],
  ])('paymentstatus %s is %s', (paymentstatus, status) =>
    expect(keepOpenItem({ ...row, paymentstatus })?.status).toBe(status),
  );
  it('unreadable amounts are reported; fields that only lines have do not matter', () => {
    const bad = {
      total: 'a',
      amountdue: 'b',
      amountpaid: 'c',
      credit_outstanding: 'd',
      credit_used: 'e',
      duedate: 'f',
    };
    expect(keepOpenItem({ ...row, ...bad })?.unread).toEqual(Object.keys(bad));
    expect(
      keepOpenItem({ ...row, revenue: 'x', lines: 'x', period_start_date: 'x', period_end_date: 'x' })?.unread,
    ).toEqual([]);
    expect(keepOpenItem({ ...row, client_id: 'x' })?.unread).toEqual(['client_id']);
  });
});

describe('a row of /InvoicePayment', () => {
  const row = {
    id: 1,
    last_modified: '2026-06-02T00:00:00',
    client_id: 101,
    invoice_id: 9,
    date: '2026-06-01',
    amount: 12,
  };
  it.each<[Fields, object]>([
    [
      {},
      {
        ...{ id: 1, modified: '2026-06-02T00:00:00', client: 101, invoice: 9, credit_note: 0, date: '2026-06-01' },
        amount: new Exact(12),
      },
    ],
    [{ credit_note_id: 77 }, { credit_note: 77 }],
    [{ linked_creditnotes: [null, { id: 78 }] }, { credit_note: 78 }],
    [{ invoice_id: -1 }, { invoice: 0 }],
    [{ amount: '' }, { amount: undefined }],
    [{ amount: 'x' }, { amount: undefined }],
  ])('%j: %j', (fields, expected) => expect(keepPayment({ ...row, ...fields })).toMatchObject(expected));
});

describe('a line of a sales order', () => {
  const line = { id: 3, name: 'Switch', total_net_total: 200, percentage_invoiced: 25 };
  const lines = (...some: unknown[]) => unbilledOfOrder({ id: 7, client_id: 101, lines: some });
  it('says what it is of, whose it is and what is left of it', () =>
    expect(lines(line)).toEqual([
      { kind: 'order_line', id: 3, of: 7, client: 101, name: 'Switch', left: new Exact(150), unread: [] },
    ]));
  it.each<[string, () => unknown[]]>([
    ['no order', () => unbilledOfOrder(null)],
    ['an order that is not to be invoiced', () => unbilledOfOrder({ id: 7, do_not_invoice: true, lines: [line] })],
    ['an order without lines', () => unbilledOfOrder({ id: 7, client_id: 101 })],
    ['a heading', () => lines({ ...line, isgroupdesc: true })],
    ['a line that is not to be invoiced', () => lines({ ...line, do_not_invoice_line: true })],
    [
      'what a recurring invoice bills',
      () => lines({ ...line, recurringinvoice_id: -9 }, { ...line, recurringinvoice_id: 9 }),
    ],
    ['what is invoiced', () => lines({ ...line, percentage_invoiced: 100 })],
    ['what is invoiced above its quantity', () => lines({ id: 3, price: 5, quantity: 2, invoiced_quantity: 3 })],
  ])('is none for %s', (_what, found) => expect(found()).toEqual([]));
  it.each<[Fields, number | undefined]>([
    [{ recurringinvoice_id: -1 }, 150],
    [{ recurringinvoice_id: 0 }, 150],
    [{ total_net_total: undefined, net_total: 100 }, 75],
    [{ percentage_invoiced: undefined, price: 10, quantity: 3 }, 30],
    [{ percentage_invoiced: undefined, price: 10, quantity: 3, invoiced_quantity: 1 }, 20],
    [{ percentage_invoiced: undefined, quantity: 4, invoiced_quantity: 1 }, 150],
    [{ percentage_invoiced: undefined, quantity: 0, invoiced_quantity: 1 }, undefined],
    [{ percentage_invoiced: undefined, invoiced_quantity: 0 }, 200],
    [{ percentage_invoiced: undefined, invoiced_quantity: 1 }, undefined],
    [{ percentage_invoiced: undefined }, 200],
    [{ percentage_invoiced: undefined, total_net_total: undefined }, undefined],
  ])('%j leaves %s', (fields, left) =>
    expect(lines({ ...line, ...fields }).map((one) => one.left && Number(one.left))).toEqual([left]),
  );
});

it('something that is not a line of an order or a milestone of a project leaves it open', () => {
  const open = { of: 7, client: 101, left: undefined };
  expect(unbilledOfOrder({ id: 7, client_id: 101, lines: [null] })).toMatchObject([{ ...open, unread: ['lines'] }]);
  expect(unbilledOfProject({ id: 7, client_id: 101, milestones: ['x'] })).toMatchObject([
    { ...open, unread: ['milestones'] },
  ]);
});

describe('a milestone', () => {
  const one = { id: 4, name: 'Go live', milestone_value: 300, _complete: true };
  const of = (...milestones: unknown[]) => unbilledOfProject({ id: 9, client_id: 101, milestones });
  it('says what it is of, whose it is and what it comes to', () =>
    expect(of(one)).toEqual([
      { kind: 'milestone', id: 4, of: 9, client: 101, name: 'Go live', left: new Exact(300), unread: [] },
    ]));
  it.each<[string, () => unknown[]]>([
    ['no project', () => unbilledOfProject('x')],
    ['a project without milestones', () => unbilledOfProject({ id: 9 })],
    ['one that is not done', () => of({ ...one, _complete: false })],
    ['one that is invoiced', () => of({ ...one, invoicenumber: '1042' })],
    ['one worth nothing', () => of({ ...one, milestone_value: 0 })],
  ])('is none for %s', (_what, found) => expect(found()).toEqual([]));
  it('without a value is not priced', () => expect(of({ ...one, milestone_value: null })[0]?.left).toBeUndefined());
});

describe('what lines cost, and what they sell for', () => {
  const costsOf = (...documents: Fields[]) => {
    const costs = new Costs();
    documents.forEach(costs.see);
    return costs;
  };
  const lines = [
    { id: 11, unit_cost: 3, qty_order: -2, unit_price: 1 },
    { id: 12, unit_cost: 3, qty_order: 2, unit_price: 0.99 },
    { id: 13, unit_cost: 3 },
    { unit_cost: 5, qty_order: 1 },
    null,
  ];
  it.each<[number, number, number | undefined, boolean]>([
    [1, 11, -6, false],
    [1, 12, 6, true],
    [1, 13, undefined, false],
    [1, 0, undefined, false],
    [1, 99, undefined, false],
    [2, 11, undefined, false],
  ])('document %i line %i costs %s, odd: %s', (document, line, cost, suspect) => {
    const found = costsOf({ id: 1, lines }, { id: 2 }).of(document, line);
    expect([found.cost && Number(found.cost), found.suspect]).toEqual([cost, suspect]);
  });

  it.each<[unknown, number | undefined]>([
    [25, 25],
    [1000, 1000],
    [1000.01, undefined],
    [0, undefined],
    [-1, undefined],
    [undefined, undefined],
  ])('an agent that costs %s an hour', (costprice, hourly) => {
    const found = keepAgentCost({ id: 3, name: 'Ann', costprice });
    expect([found?.id, found?.name, found?.hourly && Number(found.hourly)]).toEqual([3, 'Ann', hourly]);
  });

  it('an item sells for its price, by period where it recurs', () => {
    const of = (fields: Fields) => Number(keepListPrice({ id: 3, baseprice: 10, recurringprice: 7, ...fields })?.price);
    expect([of({}), of({ isrecurringitem: true }), of({ isrecurringitem: true, recurringprice: null })]).toEqual([
      10, 7, 10,
    ]);
  });

  const price = (line: Fields, header: Fields = {}) => {
    const prices = new Prices();
    prices.see({ id: -1, lines: [{ id: 11, ...line }], ...header });
    return prices.of(-1, 11);
  };
  it('a line of a recurring invoice says its price, its item and its rises', () => {
    expect(
      price({
        ...{ unit_price: 5, qty_order: 2, _itemid: 7, item_shortdescription: 'Seat', percent_increase: 3 },
        ...{ auto_increase_period: 12, auto_increase_last_date: '2026-01-01', exclude_auto_increase: true },
        onetimechargeinvoiceid: 9,
      }),
    ).toEqual({
      ...{ unit_price: new Exact(5), quantity: new Exact(2), item: 7, name: 'Seat', raised: '2026-01-01' },
      ...{ excluded: true, planned: new Exact(3), charged: true, unread: [] },
    });
    expect(
      price({ percent_increase: 0 }, { invoice_percent_increase: 4, invoice_auto_increase_period: 12 })?.planned,
    ).toEqual(new Exact(4));
    expect(price({ percent_increase: 3, auto_increase_period: 0 })?.planned).toBeUndefined();
    expect([price({ item_longdescription: 'Long' })?.name, price({ item_code: 'C' })?.name]).toEqual(['Long', 'C']);
    const odd = { unit_price: '5,00', auto_increase_last_date: 'soon', exclude_auto_increase: 'maybe' };
    expect(price(odd)?.unread).toEqual(['unit_price', 'auto_increase_last_date', 'exclude_auto_increase']);
  });
  it('one that has made an invoice has run', () => {
    const prices = new Prices();
    prices.see({ id: -1, lastcreated: '2026-06-01T06:00:00' });
    prices.see({ id: -2, lastcreated: '1900-01-01T00:00:00', lines: 'none' });
    expect([prices.hasRun(-1), prices.hasRun(-2), prices.of(-1, 11), prices.of(-2, 11)]).toEqual([
      true,
      false,
      undefined,
      undefined,
    ]);
  });

  const change = (fields: Fields) =>
    keepPriceChange({
      id: 5,
      invoice_line_id: 11,
      datetime: '2026-02-03T10:00:00',
      field_name: 'Unit Price',
      old_value: '5',
      new_value: '6',
      ...fields,
    });
  it('a change of a price is one of the unit price that changed it', () => {
    expect(change({})).toEqual({ id: 5, line: 11, date: '2026-02-03' });
    expect(change({ field_name: 'IDUnit_Price' })).toEqual({ id: 5, line: 11, date: '2026-02-03' });
    expect(change({ old_value: null })).toEqual({ id: 5, line: 11, date: '2026-02-03' });
    for (const fields of [{ field_name: 'Quantity' }, { field_name: null }, { datetime: null }, { new_value: '5.00' }])
      expect(change(fields)).toBeUndefined();
  });
});

describe('a row of /SoftwareLicence', () => {
  const row = {
    id: 1,
    client_id: 101,
    client_name: 'Acme',
    name: 'Seats',
    end_date: '2026-12-31',
    count: 5,
    licences_in_use: 3,
  };
  it.each<[Fields, object | undefined]>([
    [
      {},
      {
        ...{ id: 1, client: 101, client_name: 'Acme', name: 'Seats', end: '2026-12-31', renews: false },
        ...{ count: 5, in_use: 3, unread: [] },
      },
    ],
    [
      { autorenew: true, end_date: '2099-01-01' },
      { renews: true, end: undefined },
    ],
    [{ end_date: 'soon', client_id: 'x' }, { unread: ['client_id', 'end_date'] }],
    [{ deleted: true }, undefined],
    [{ is_active: false }, undefined],
  ])('%j: %j', (fields, expected) => {
    const found = keepLicence({ ...row, ...fields });
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });
});
