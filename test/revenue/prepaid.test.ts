/** What is left of prepaid time and money. */
import { describe, expect, it } from 'vitest';
import { keepPrepay, prepaidOf } from '../../revenue/index.js';
import { kept, workBooks } from './next.js';

const HOME = {
  currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }],
  clients: [
    { id: 1, name: 'Acme' },
    { id: 2, name: 'Branch' },
  ],
  tickets: [
    { id: 1, client_id: 1 },
    { id: 2, client_id: 2 },
  ],
};
const block = (more: object) => ({
  ...{ id: 1, client_id: 1, date: '2026-01-10', hours: 10, amount: 825, expirydate: '2027-01-10' },
  ...more,
});
const drawn = (date: string, hours: number, more: object = {}) => ({
  ...{ id: 1, ticket_id: 1, datetime: `${date}T09:00:00`, actionprepayhours: hours },
  ...more,
});
const ask = (ledger: object[], actions: object[] = []) =>
  prepaidOf(
    { ...workBooks({ ...HOME, actions }), ledger: kept(ledger.map(block), keepPrepay) },
    {
      ...{ as_of: '2026-11-28', expiring_within: 90 },
    },
  );
const hours = (answer: ReturnType<typeof ask>, client = 1) =>
  answer.clients.find(({ client_id }) => client_id === client)?.currencies.GBP?.hours;
const left = ({ blocks }: ReturnType<typeof ask>) => blocks.map((one) => [one.id, one.left]);
const codes = (answer: ReturnType<typeof ask>) => answer.flags.map(({ code }) => code);

describe('a balance', () => {
  it('is what was bought less what was used', () => {
    const answer = ask([{}], [drawn('2026-02-01', 1.5), drawn('2026-03-01', 2, { id: 2 })]);
    expect(hours(answer)).toEqual({
      bought: '10.00',
      taken_off: '0.00',
      used: '3.50',
      expired: '0.00',
      balance: '6.50',
    });
    expect(left(answer)).toEqual([[1, '6.50']]);
  });

  const silent = (more: object = {}) => ({
    ...drawn('2026-03-01', 0, { timetaken: 2, actionchargehours: 0, actionnonchargehours: 0 }),
    ...more,
  });
  const reason =
    /^INCOMPLETE \(no charge, agreement or prepaid hours are recorded on any work since the first purchase, so what was used/;

  it('is not known where no work says what it used', () => {
    const answer = ask([{}], [silent()]);
    expect(answer.complete).toBe(false);
    expect(answer.statement).toMatch(reason);
  });

  it.each([
    ['nothing was bought', [], [silent()]],
    ['no time was worked', [{}], [silent({ timetaken: 0 })]],
    ['some hour is charged', [{}], [silent(), silent({ id: 2, actionchargehours: 2 })]],
    ['some money was drawn', [{}], [silent(), silent({ id: 2, timetaken: 0, actionprepayamount: 5 })]],
  ])('is known where %s', (_name, ledger, actions) => {
    expect(ask(ledger, actions).complete).toBe(true);
  });

  it('of several clients tells what is left apart from what is overdrawn, and names the total of both', () => {
    const both = ask([{}], [drawn('2026-02-01', 4), drawn('2026-02-01', 9, { id: 2, ticket_id: 2 })]);
    expect(both.totals.GBP?.hours.balance).toBe('-3.00');
    expect(both.statement).toContain(
      '; 1 client used 9.00 hours more than there were, which takes nothing from what others have left (-3.00 in total).',
    );
    const alone = ask([], [drawn('2026-02-01', 9)]);
    expect(alone.statement).toContain('; 1 client used 9.00 hours more than there were.');
  });

  it('is drawn from what expires first, whatever was bought first', () => {
    const later = { id: 2, date: '2026-02-10', expirydate: '2026-12-10' };
    const answer = ask([{}, later], [drawn('2026-03-01', 4)]);
    expect(left(answer)).toEqual([
      [2, '6.00'],
      [1, '10.00'],
    ]);
    expect(answer.totals.GBP).toMatchObject({ expiring_hours: '16.00', next_expiry: '2026-12-10' });
  });

  it('loses what is over its day, once', () => {
    const over = { expirydate: '2026-06-30' };
    expect(hours(ask([over], [drawn('2026-02-01', 4)]))).toMatchObject({ expired: '6.00', balance: '0.00' });
    const row = { id: 9, date: '2026-06-30', hours: -6, amount: 0, description: 'Expired', expirydate: '1900-01-01' };
    const handled = ask([{ ...over, expirychecked: true }, row], [drawn('2026-02-01', 4)]);
    expect(hours(handled)).toMatchObject({ expired: '6.00', taken_off: '0.00', balance: '0.00' });
    expect(handled.flags).toEqual([]);
    const other = ask(
      [
        { ...over, expirychecked: true },
        { ...row, hours: -5 },
      ],
      [drawn('2026-02-01', 4)],
    );
    expect(hours(other)?.balance).toBe('1.00');
    expect(codes(other)).toContain('prepay_blocks_differ');
  });

  it('a row below zero that is not an expiry was taken off by hand', () => {
    const answer = ask([
      {},
      { id: 2, date: '2026-04-01', hours: -3, amount: 0, description: 'Goodwill back', expirydate: null },
    ]);
    expect(hours(answer)).toMatchObject({ bought: '10.00', taken_off: '3.00', balance: '7.00' });
  });

  it('may be below zero, and a block that comes later pays it back', () => {
    const answer = ask([], [drawn('2026-02-01', 2)]);
    expect(hours(answer)?.balance).toBe('-2.00');
    expect(codes(answer)).toContain('prepay_below_zero');
    expect(left(ask([{ date: '2026-03-01' }], [drawn('2026-02-01', 2)]))).toEqual([[1, '8.00']]);
  });

  it('money without hours is money, and the price of hours is not', () => {
    const answer = ask([{}, { id: 2, hours: 0, amount: 500 }], [drawn('2026-02-01', 0, { actionprepayamount: 120 })]);
    expect(answer.totals.GBP).toMatchObject({
      hours: { balance: '10.00' },
      money: { bought: '500.00', balance: '380.00' },
    });
  });

  it('is of one client, and of the day that is asked about', () => {
    const other = { id: 2, client_id: 2 };
    const answer = ask(
      [{}, other, { id: 3, date: '2026-12-01' }],
      [drawn('2026-02-01', 1, { ticket_id: 2 }), drawn('2026-12-02', 5)],
    );
    expect(hours(answer)?.balance).toBe('10.00');
    expect(hours(answer, 2)?.balance).toBe('9.00');
  });

  it.each([
    ['hours of a block that can’t be read', [{ hours: '10,0' }], []],
    ['an action that says nothing of its hours', [{}], [drawn('2026-02-01', 1, { actionprepayhours: null })]],
    ['hours that were used and can’t be read', [{}], [drawn('2026-02-01', 1, { actionprepayhours: '1,5' })]],
    ['a ticket that could not be read', [{}], [drawn('2026-02-01', 1, { ticket_id: 9 })]],
  ])('%s makes the answer incomplete', (_name, ledger, actions) => {
    expect(ask(ledger, actions).complete).toBe(false);
  });
});

it('clients add up pot by pot, with what expires first of all', () => {
  const ledger = [
    { id: 1, hours: 10, amount: 825 },
    { id: 2, hours: -2, amount: 0, expirydate: null, description: 'Taken off by hand' },
    { id: 3, client_id: 2, hours: 5, amount: 400, expirydate: '2026-12-24' },
    { id: 4, client_id: 2, hours: 0, amount: 300, expirydate: '2027-02-01' },
    { id: 5, client_id: 2, hours: 4, amount: 300, expirydate: '2026-06-30' },
  ];
  const actions = [
    drawn('2026-07-01', 3),
    drawn('2026-07-02', 1, { id: 2, ticket_id: 2 }),
    drawn('2026-07-03', 0, { id: 3, ticket_id: 2, actionprepayamount: 120 }),
  ];
  const { totals, clients } = ask(ledger, actions);
  expect(totals.GBP).toEqual({
    hours: { bought: '19.00', taken_off: '2.00', used: '4.00', expired: '4.00', balance: '9.00' },
    money: { bought: '300.00', taken_off: '0.00', used: '120.00', expired: '0.00', balance: '180.00' },
    ...{ expiring_hours: '9.00', expiring_money: '180.00', next_expiry: '2026-12-24' },
  });
  const each = clients.map(({ currencies }) => currencies.GBP);
  for (const pot of ['hours', 'money'] as const)
    for (const key of ['bought', 'taken_off', 'used', 'expired', 'balance'] as const)
      expect(each.reduce((sum, one) => sum + Number(one?.[pot][key]), 0)).toBe(Number(totals.GBP?.[pot][key]));
});
