/** Work that waits for its invoice. */
import { describe, expect, it } from 'vitest';
import { unbilledOfOrder, unbilledOfProject, uninvoicedOf } from '../../revenue/index.js';
import { workBooks } from './next.js';

const AS_OF = '2026-11-28';
const HOME = {
  currencies: [
    { id: 1, code: 'GBP', conversion_rate: 1 },
    { id: 2, code: 'EUR', conversion_rate: 1.17 },
  ],
  clients: [
    { id: 1, name: 'Acme' },
    { id: 2, name: 'Europa', default_currency_code: 2 },
  ],
  tickets: [
    { id: 1, client_id: 1 },
    { id: 2, client_id: 2 },
  ],
};
const action = (more: object) => ({
  ...{ id: 1, ticket_id: 1, datetime: '2026-11-01T10:00:00', actionchargehours: 1, actionchargeamount: 95 },
  ...more,
});
const ask = (actions: object[], data: object = {}, client_id?: number) =>
  uninvoicedOf(workBooks({ ...HOME, actions: actions.map(action), ...data }), {
    ...{ as_of: AS_OF, from: '2025-11-28' },
    ...(client_id !== undefined && { client_id }),
  });
const figures = (answer: ReturnType<typeof ask>) => answer.totals.GBP;
const codes = (answer: ReturnType<typeof ask>) => answer.flags.map(({ code }) => code);

describe('which invoice holds it', () => {
  it.each([
    ['absent', {}],
    ['nothing', { actioninvoicenumber: '' }],
    ['0', { actioninvoicenumber: 0 }],
    ['"0"', { actioninvoicenumber: '0' }],
    ['-1', { actioninvoicenumber: -1 }],
    ['"-1"', { actioninvoicenumber: '-1' }],
    ['null', { actioninvoicenumber: null, invoice_id: 0 }],
  ])('none where the number is %s', (_name, more) => {
    expect(figures(ask([more]))).toMatchObject({ hours: '1.00', amount: '95.00' });
  });

  const posted = {
    id: 1042,
    invoicenumber: 'INV-1042',
    client_id: 1,
    invoice_date: '2026-11-05',
    posted: true,
    total: 95,
  };
  it.each([
    ['a text', { actioninvoicenumber: '1042' }],
    ['a number', { actioninvoicenumber: 1042 }],
    ['the number that people see', { actioninvoicenumber: 'INV-1042' }],
    ['the id of the detail', { invoice_id: 1042 }],
  ])('the one that is named by %s', (_name, more) => {
    expect(ask([more], { invoices: [posted] }).totals).toEqual({ GBP: expect.objectContaining({ hours: '0.00' }) });
  });

  it('one that is dated after the day that is asked about did not hold it then', () => {
    const answer = ask([{ actioninvoicenumber: '1042' }], { invoices: [{ ...posted, invoice_date: '2026-12-01' }] });
    expect(figures(answer)?.hours).toBe('1.00');
  });

  it('one that is not there frees it, and is told', () => {
    const answer = ask([{ actioninvoicenumber: '77' }]);
    expect(figures(answer)?.hours).toBe('1.00');
    expect(codes(answer)).toContain('charged_invoice_missing');
  });
});

describe('which hours count', () => {
  it('an action counts once, and the ids of two tickets are not one', () => {
    const answer = ask([{}, {}, { last_updated: '2026-11-02', actionchargehours: 2 }, { ticket_id: 2 }]);
    expect(answer.totals).toMatchObject({ GBP: { hours: '2.00' }, EUR: { hours: '1.00', amount: '95.00' } });
  });

  it('a rate that is never charged is not to be invoiced', () => {
    expect(figures(ask([{ actionchargeamount: 0, chargerate: 0 }]))?.hours).toBe('0.00');
    expect(figures(ask([{ actionchargeamount: 0, chargerate: 1 }]))?.unpriced_hours).toBe('1.00');
  });

  it('nor is anything of a ticket that is not billable', () => {
    expect(ask([{}], { tickets: [{ id: 1, client_id: 1, isbillable: false }] }).totals).toEqual({});
  });

  it('hours worked stand in where a Halo keeps no account of them', () => {
    const none = { actionchargehours: 0, actionnonchargehours: 0, actionprepayhours: 0, actionchargeamount: 0 };
    const answer = ask([
      { ...none, timetaken: 1.5, chargerate: 2 },
      { ...none, id: 2, timetaken: 1, actisbillable: false },
    ]);
    expect(figures(answer)).toMatchObject({ hours: '1.50', unpriced_hours: '1.50', amount: '0.00' });
    expect(answer.method.hours).toContain('hours worked');
    expect(answer.flags).toContainEqual(expect.objectContaining({ code: 'hours_without_account', entity: 'book' }));
    expect(answer.statement).toContain(
      '1.50 hours of work from 2025-11-28 to 2026-11-28 are billable and on no invoice',
    );
    expect(answer.statement).toContain(', without a price in Halo. No charge, agreement or prepaid hours are recorded');
    expect(answer.statement).toContain('what agreements or prepaid time cover is not left out');
  });

  it.each([
    ['that a covered hour tells of', [{ actionchargehours: 0, actionnonchargehours: 1, timetaken: 1 }]],
    ['of no time at all', [{ actionchargehours: 0, actionnonchargehours: 0, actionprepayhours: 0, timetaken: 0 }]],
  ])('a Halo keeps an account %s', (_name, work) => {
    const answer = ask(work);
    expect(answer.method.hours).toBe('charge hours');
    expect(answer.flags).toEqual([]);
  });

  it('travel has a number of its own', () => {
    const travel = { actiontravelchargehours: 0.5, actiontravelamount: 20 };
    const answer = ask([travel, { ...travel, id: 2, actiontravelinvoicenumber: '1042' }], {
      invoices: [{ id: 1042, client_id: 1, invoice_date: '2026-11-05', posted: true, total: 95 }],
    });
    expect(figures(answer)?.travel).toEqual({ hours: '0.50', amount: '20.00' });
  });

  it('of one client only its own', () => {
    const answer = ask([{}, { ticket_id: 2, id: 5 }], {}, 2);
    expect(answer.clients).toMatchObject([{ client_id: 2, currencies: { EUR: { hours: '1.00' } } }]);
  });

  it.each([
    ['a ticket that could not be read', { ticket_id: 9 }],
    ['hours that can’t be read', { actionchargehours: '1,5' }],
    ['a day that can’t be read', { datetime: 'soon' }],
  ])('%s makes the answer incomplete', (_name, more) => {
    const answer = ask([more]);
    expect(answer.complete).toBe(false);
    expect(answer.statement).toMatch(/^INCOMPLETE/);
  });
});

describe('what else waits to be billed', () => {
  it('is told as not looked at where its scope is not on, and makes nothing incomplete', () => {
    const answer = ask([{}]);
    expect(answer.complete).toBe(true);
    expect(answer.statement).toContain(
      'Order lines not looked at: that takes read:sos, which "scopes" in the config can name.',
    );
    expect(figures(answer)).toMatchObject({ milestones: null, order_lines: null });
  });

  it('lines of orders by what is not invoiced of them', () => {
    const line = { id: 1, total_net_total: 200, percentage_invoiced: 25 };
    const order = (lines: object[]) =>
      unbilledOfOrder({ id: 7, client_id: 1, lines }).map(({ left }) => left?.toFixed(2));
    expect(order([line, { ...line, percentage_invoiced: 100 }, { ...line, do_not_invoice_line: true }])).toEqual([
      '150.00',
    ]);
    expect(
      order([
        { ...line, isgroupdesc: true },
        { ...line, recurringinvoice_id: -9 },
      ]),
    ).toEqual([]);
    expect(order([{ id: 1, price: 10, quantity: 3, invoiced_quantity: 1 }])).toEqual(['20.00']);
    expect(order([{ id: 1, quantity: 3, total_net_total: 30, invoiced_quantity: 1 }])).toEqual(['20.00']);
    expect(order([{ id: 1, name: 'No price' }])).toEqual([undefined]);
  });

  it('milestones that are done and on no invoice', () => {
    const milestones = [
      { id: 1, milestone_value: 100, _complete: true },
      { id: 2, milestone_value: 100, _complete: true, invoicenumber: '1001' },
      { id: 3, milestone_value: 100, _complete: false },
    ];
    const unbilled = unbilledOfProject({ id: 9, client_id: 1, milestones });
    const answer = uninvoicedOf(workBooks({ ...HOME }, { milestones: unbilled, order_lines: [] }), {
      ...{ as_of: AS_OF, from: '2025-11-28' },
    });
    expect(figures(answer)).toMatchObject({ milestones: '100.00', order_lines: '0.00', hours: '0.00' });
  });
});

describe('an action that says no hours at all', () => {
  const NONE = {
    timetaken: undefined,
    actionchargehours: undefined,
    actionnonchargehours: null,
    actionprepayhours: '',
  };
  it('leaves the answer open, whether it is one or all', () => {
    for (const actions of [[NONE], [NONE, { id: 2 }]]) expect(ask(actions).complete).toBe(false);
  });
  it('is not one that says 0', () => {
    expect(ask([{ ...NONE, timetaken: 0 }, { id: 2 }]).complete).toBe(true);
  });
});

describe('what proves it', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: index + 1, actionchargeamount: 10 + ((index * 7) % count) }));
  const proof = (answer: ReturnType<typeof ask>) => answer.evidence.unbilled;

  it.each([
    [25, false],
    [26, true],
  ])('of %i actions the 25 largest, and the sum of all', (count, truncated) => {
    const answer = ask(many(count));
    const amounts = proof(answer)?.items.map(({ amount }) => Number(amount)) ?? [];
    const largest = many(count).map(({ actionchargeamount }) => actionchargeamount);
    expect(amounts).toEqual(largest.sort((a, b) => b - a).slice(0, 25));
    expect(proof(answer)).toMatchObject({ count, truncated, sum: { GBP: answer.totals.GBP?.amount } });
  });

  it('each row says what it is of, and each currency has its sum', () => {
    const answer = ask([{ ticket_id: 2 }, {}]);
    expect(Object.entries(proof(answer)?.sum ?? {})).toEqual([
      ['EUR', '95.00'],
      ['GBP', '95.00'],
    ]);
    expect(proof(answer)?.items).toContainEqual({
      ...{ ticket_id: 2, action_id: 1, client_id: 2, client: 'Europa', date: '2026-11-01', hours: '1.00' },
      ...{ amount: '95.00', currency: 'EUR' },
    });
  });

  it('a client’s hours without a price, and what is on its drafts, are pointed out by client and currency', () => {
    const draft = { id: 1042, client_id: 1, invoice_date: '2026-11-05', posted: false, total: 95 };
    const answer = ask(
      [
        { actionchargeamount: 0, actionchargehours: 1.5 },
        { id: 2, actioninvoicenumber: 1042 },
      ],
      {
        invoices: [draft],
      },
    );
    expect(answer.flags).toMatchObject([
      { code: 'hours_unpriced', entity: 'client:1', client: 'Acme', ref: '1.50 hours', amount: null },
      { code: 'time_on_draft', entity: 'client:1', client: 'Acme', amount: '95.00', currency: 'GBP' },
    ]);
  });

  it('where nothing was done nothing waits, and that is whole', () => {
    expect(ask([])).toMatchObject({
      complete: true,
      totals: {},
      method: { hours: 'charge hours' },
      statement: expect.stringMatching(/^No chargeable work is left to invoice on 2026-11-28\./),
    });
  });
});
