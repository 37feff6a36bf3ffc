/** What agreements earn. */
import { describe, expect, it } from 'vitest';
import { keepWorkEvent, profitOf } from '../../revenue/index.js';
import { kept, profitBooks } from './next.js';

const WINDOW = { from: '2026-10-01', to: '2026-10-31' };
const HOME = {
  currencies: [
    { id: 1, code: 'GBP', conversion_rate: 1 },
    { id: 2, code: 'EUR', conversion_rate: 1.17 },
  ],
  clients: [{ id: 1, name: 'Acme' }],
  contracts: [
    {
      id: 31,
      client_id: 1,
      ref: 'MS',
      start_date: '2025-01-01',
      active: true,
      periodchargeamount: 100,
      billingperiod: 2,
    },
  ],
  tickets: [{ id: 5, client_id: 1, contract_id: 31 }],
};
const line = (more: object) => ({
  id: 1,
  net_amount: 1000,
  qty_order: 10,
  unit_price: 100,
  unit_cost: 40,
  contract_id: 31,
  ...more,
});
const invoice = (lines: object[], more: object = {}) => ({
  ...{ id: 1, client_id: 1, invoice_date: '2026-10-05', posted: true, currency_code: 1, contract_id: 31 },
  ...{ recurring_invoice_id: -9, lines: lines.map(line), ...more },
});
const worked = (hours: number, more: object = {}) => ({
  id: 1,
  ticket_id: 5,
  datetime: '2026-10-09T09:00:00',
  timetaken: hours,
  who_agentid: 3,
  ...more,
});
const ask = (data: object) => profitOf(profitBooks({ ...HOME, ...data }), WINDOW);
const of = (answer: ReturnType<typeof ask>) => answer.agreements[0];
const AGENTS = [{ id: 3, costprice: 25 }];

it.each([
  ['can not be read', { unit_cost: 'abc' }, 'unit_cost of line 1'],
  ['can not be placed', { id: undefined }, 'id of a line with a cost'],
])('the profit of an agreement is not whole where the cost of a line %s', (_name, more, unread) => {
  expect(ask({ invoices: [invoice([{}])] }).complete).toBe(true);
  const { complete, method } = ask({ invoices: [invoice([more])] });
  expect([complete, method.reason]).toEqual([false, [`not fully readable: invoice:1 (${unread})`]]);
});

describe('an agreement', () => {
  it('earns what it billed, less the cost of its lines and of its hours', () => {
    const answer = ask({ invoices: [invoice([{}])], actions: [worked(4)], agents: AGENTS });
    expect(of(answer)).toMatchObject({
      ...{ contract_id: 31, ref: 'MS', billed: '1000.00', additions_cost: '400.00', hours: '4.00', rate: '150.00' },
      ...{ labour_cost: '100.00', margin: '500.00', margin_pct: '50.00' },
    });
    expect(answer.flags).toEqual([]);
  });

  it.each([
    ['not there', []],
    ['hidden', [{ id: 3 }]],
    ['nothing', [{ id: 3, costprice: 0 }]],
    ['of a year', [{ id: 3, costprice: 41_000 }]],
  ])('has no margin where the cost of an agent is %s', (_name, agents) => {
    const answer = ask({ invoices: [invoice([{}])], actions: [worked(4)], agents });
    expect(of(answer)).toMatchObject({ rate: '150.00', labour_cost: null, margin: null, margin_pct: null });
    expect(answer.flags.map(({ code }) => code)).toEqual(['labour_cost_unknown']);
    expect(answer.complete).toBe(true);
  });

  it('has none where a line has no cost, but labour, whose hours are counted', () => {
    const labour = { id: 2, net_amount: 95, qty_order: 1, unit_cost: 0, ticket_id: 5, recurring_invoice_id: -1 };
    const both = ask({ invoices: [invoice([{}, labour])], actions: [worked(1)], agents: AGENTS });
    expect(of(both)).toMatchObject({ billed: '1095.00', cost_unknown_net: '0.00', margin: '670.00' });
    const plain = ask({ invoices: [invoice([{}, { id: 2, unit_cost: -1 }])], actions: [worked(1)], agents: AGENTS });
    expect(of(plain)).toMatchObject({ cost_unknown_net: '1000.00', margin: null, rate: null });
    expect(plain.statement).toContain('for lines that cost 400.00 and lines of 1000.00 whose cost is unknown,');
    const costless = ask({ invoices: [invoice([{ unit_cost: -1 }])], actions: [worked(1)], agents: AGENTS });
    expect(costless.statement).toMatch(
      /, for lines of 1000\.00 whose cost is unknown, and so are the hourly rate and the margin; 1\.00 hours were worked on them;/,
    );
    expect(costless.statement).not.toContain('0.00 an hour');
  });

  it('counts each hour once, however many invoices there are', () => {
    const invoices = [invoice([{}]), invoice([{}], { id: 2, invoice_date: '2026-10-20' })];
    expect(of(ask({ invoices, actions: [worked(4), worked(4)], agents: AGENTS }))?.hours).toBe('4.00');
  });

  it.each([
    ['the action names it', { action_contract_id: 31 }, []],
    ['the action names it with the other sign', { actioncontractid: -31 }, []],
    ['its billing plan does', { actionbillingplanid: -131 }, []],
    ['the ticket does', {}, HOME.tickets],
  ])('takes the hours of work where %s', (_name, more, tickets) => {
    const answer = ask({ actions: [worked(2, { ticket_id: 5, ...more })], tickets, agents: AGENTS });
    expect(of(answer)).toMatchObject({ contract_id: 31, hours: '2.00' });
  });

  it('leaves out what is on no agreement, and says how much', () => {
    const answer = ask({ actions: [worked(2, { ticket_id: 6 })], tickets: [{ id: 6, client_id: 1 }] });
    expect(answer.agreements).toEqual([]);
    expect(answer.method.hours_on_no_agreement).toBe('2.00');
  });

  it('a credit takes off what it credits, and its cost', () => {
    const credit = {
      id: 2,
      client_id: 1,
      invoice_date: '2026-10-20',
      posted: true,
      currency_code: 1,
      creditlinkedtoinvoiceid: 1,
      contract_id: 31,
    };
    const invoices = [
      invoice([{}]),
      { ...credit, lines: [{ id: 9, net_amount: -200, qty_order: -2, creditlinkedidid: 1, contract_id: 31 }] },
    ];
    expect(of(ask({ invoices }))).toMatchObject({ billed: '800.00', additions_cost: '320.00' });
  });

  it('the cost of an hour is not set against another currency', () => {
    const euro = { ...HOME, clients: [{ id: 1, name: 'Acme', default_currency_code: 2 }] };
    const answer = ask({ ...euro, actions: [worked(2)], agents: AGENTS });
    expect(of(answer)).toMatchObject({ currency: 'EUR', labour_cost: null });
  });

  it('is not complete where work can’t be placed', () => {
    expect(ask({ actions: [worked(2, { ticket_id: 8 })] }).complete).toBe(false);
    expect(ask({ actions: [worked(2, { timetaken: '2,5' })] }).complete).toBe(false);
  });
});

describe('the hours of an agreement', () => {
  const event = (more: object) =>
    kept([{ ticket_id: 8, action_number: 1, start_date: '2026-10-09', timetaken: 2, ...more }], keepWorkEvent);
  const asked = (actions: object[], events: object[] = [], data: object = {}) =>
    profitOf(profitBooks({ ...HOME, agents: AGENTS, ...data, actions }, { events: events.flatMap(event) }), WINDOW);

  it.each([
    ['2026-09-30', undefined],
    ['2026-10-01', '2.00'],
    ['2026-10-31', '2.00'],
    ['2026-11-01', undefined],
  ])('are those of both days of the window and between: %s %s', (day, hours) => {
    const answer = asked([worked(2, { datetime: `${day}T09:00:00` })]);
    expect([of(answer)?.hours, answer.complete]).toEqual([hours, true]);
  });

  it('are on the agreement, of the client and by the agent that the time sheet names, where nothing else does', () => {
    const action = worked(2, { ticket_id: 8, who_agentid: 0 });
    const other = { ticket_id: 9, action_number: 1, client_id: 1, contract_id: 77, agent_id: 4 };
    const answer = asked([action], [{ client_id: 1, contract_id: 31, agent_id: 3 }, other]);
    expect(of(answer)).toMatchObject({ contract_id: 31, client_id: 1, hours: '2.00', labour_cost: '50.00' });
    expect(answer.complete).toBe(true);
    expect(asked([action], [{ ...other, contract_id: 31 }]).complete).toBe(false);
  });

  it('are on the agreement of the time sheet before that of the ticket, of the ticket’s client and the action’s agent', () => {
    const answer = asked([worked(2)], [{ ticket_id: 5, client_id: 2, contract_id: 32, agent_id: 9 }]);
    expect(of(answer)).toMatchObject({ contract_id: 32, client_id: 1, labour_cost: '50.00' });
  });

  it('on no agreement are known as such by the ticket or by the time sheet alone', () => {
    const tickets = [{ id: 8, client_id: 1 }];
    for (const answer of [
      asked([worked(2, { ticket_id: 8 })], [], { tickets }),
      asked([worked(2, { ticket_id: 8 })], [{ client_id: 1 }]),
    ])
      expect([answer.complete, answer.method.hours_on_no_agreement]).toEqual([true, '2.00']);
    const nobody = asked([worked(2, { ticket_id: 8 })]);
    expect([nobody.complete, nobody.method.reason]).toEqual([false, [expect.stringContaining('ticket:8 (contract)')]]);
  });

  it('without a day that can be read are in no sum, and told', () => {
    const answer = asked([worked(2, { datetime: 'some day' }), worked(3, { id: 2 })]);
    expect(of(answer)?.hours).toBe('3.00');
    expect(answer.method.reason).toEqual([expect.stringContaining('ticket:5 (datetime')]);
  });

  it('that say no day at all, or a ticket that can not be read, leave it open', () => {
    expect(asked([worked(2, { datetime: null })]).method.reason).toEqual([
      expect.stringContaining('ticket:5 (datetime)'),
    ]);
    const odd = worked(2, { ticket_id: 'nine', action_contract_id: 31 });
    expect(asked([odd]).method.reason).toEqual([expect.stringContaining('(ticket_id)')]);
  });

  it('on an agreement that is not in the data are of the client of the time sheet', () => {
    const answer = asked([worked(2, { ticket_id: 8 })], [{ client_id: 1, contract_id: 99 }]);
    expect(of(answer)).toMatchObject({ contract_id: 99, client_id: 1, hours: '2.00' });
    expect(answer.flags.map(({ code }) => code)).toContain('contract_missing');
  });

  it('on an agreement of which nobody says whose it is are in no figure, and told', () => {
    const answer = asked([worked(2, { ticket_id: 8, action_contract_id: 99 })]);
    expect(answer.agreements).toEqual([]);
    expect(answer.method).toMatchObject({
      ...{ complete: false, hours_on_no_agreement: '0.00', hours_of_unknown_clients: '2.00' },
      reason: ['not fully readable: ticket:8 (client)'],
    });
    expect(asked([worked(2)]).method).not.toHaveProperty('hours_of_unknown_clients');
  });

  it.each([
    ['the client', { client_id: 'x1' }, { action_contract_id: 99 }, 'client_id, client'],
    ['the client, which its agreement says,', { client_id: 'x1' }, { action_contract_id: 31 }, 'client_id'],
    ['the agreement', { client_id: 1, contract_id: 'x31' }, {}, 'contract_id'],
  ])('are told where %s of their ticket can not be read', (_what, ticket, action, fields) => {
    const answer = asked([worked(2, action)], [], { tickets: [{ id: 5, ...ticket }] });
    expect(answer.method.reason).toEqual([`not fully readable: ticket:5 (${fields})`]);
  });

  it('are not doubted for a ticket’s agreement where they name their own', () => {
    const tickets = [{ id: 5, client_id: 1, contract_id: 'x31' }];
    expect(asked([worked(2, { action_contract_id: 31 })], [], { tickets }).complete).toBe(true);
  });

  it('that are none are no gap, but where it can not be read how many', () => {
    expect(asked([worked(0, { ticket_id: 8 })]).complete).toBe(true);
    const answer = asked([worked(0, { timetaken: 'two' })]);
    expect(answer.method.reason).toEqual([expect.stringContaining('ticket:5 (timetaken)')]);
  });

  it('are not doubted for what says nothing of hours', () => {
    expect(asked([worked(2, { actionchargeamount: 'free' })]).complete).toBe(true);
  });
});
