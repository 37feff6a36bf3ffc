/**
 * What bills a contract, whichever client's template it is, and the value of a contract that only a predecessor's
 * template bills.
 */
import { describe, expect, it } from 'vitest';
import { answer, client, codes, contract, type Fields, figures, template } from './rows.js';

const CLIENTS = [
  { id: 101, name: 'Acme' },
  { id: 102, name: 'Branch' },
];
const of = (contracts: Fields[], recurring_invoices: Fields[], client_id?: number) =>
  answer({ clients: CLIENTS, contracts, recurring_invoices }, client_id === undefined ? {} : { client_id });
const line = (net: number, fields: Fields = {}) => ({ id: 11, net_amount: net, ...fields });
const unbilled = (fields: Fields, more: Fields = {}) => {
  const row = template(-5001, { contract_id: 301, lines: [line(500)], ...fields });
  return client(of([contract(301, more)], [row])).flags.find(({ code }) => code === 'contract_no_recurring_invoice');
};

describe('C-b a link that bills nothing is not a bill, and the flag names it', () => {
  it.each<[Fields, string]>([
    [{ lines: [line(0)] }, 'zero'],
    [{ lines: [line(-5)] }, 'below zero'],
    [{ lines: [line(500, { onetimecharge: true })] }, 'one-time lines only'],
    [{ lines: [line(500, { is_meter: true })] }, 'usage only'],
    [{ lines: [line(500, { enddate: '2026-06-29' })] }, 'line ended'],
    [{ lines: [line(500, { startdate: '2026-07-01' })] }, 'line not started'],
    [{ lines: [line(500, { contract_id: 302 })] }, 'its lines bill something else'],
    [{ period: 42, schedule: { period: 42 } }, 'unknown period'],
    [{ period: 0, schedule: { period: 0 } }, 'one-time period'],
    [{ disabled: true }, 'disabled'],
    [{ schedule: { end_date: '2026-06-29' } }, 'ended'],
    [{ schedule: { startdate: '2026-07-01' } }, 'not started'],
    [{ lines: undefined, revenue: 0 }, 'zero'],
  ])('%j: %s', (fields, reason) => {
    expect(unbilled(fields)).toMatchObject({
      amount: '800.00',
      message: `The contract is in force and no active recurring invoice bills it (linked, but bills nothing: -5001 (${reason})).`,
    });
  });
  const NOT_YET = { startdate: '2026-07-01' };
  it.each<[string, Fields, Fields]>([
    ['line ended', { enddate: '2026-06-29' }, NOT_YET],
    ['line not started', NOT_YET, { onetimecharge: true }],
    ['one-time lines only', { onetimecharge: true }, { is_meter: true }],
  ])('of lines with several reasons %s is named', (reason, one, other) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ])
      expect(unbilled({ lines: [line(500, first), line(500, { id: 12, ...second })] })?.message).toContain(
        `(${reason})`,
      );
  });
  it.each<[Fields]>([
    [{}],
    [{ lines: [line(500), line(-100, { id: 12 })] }],
    [{ lines: [line(500, { enddate: '2026-06-29', autorenew: true })] }],
    [{ lines: undefined, revenue: 300 }],
    [{ lines: [line(500, { net_amount: 'lots' })] }],
  ])('%j bills it, even if the amount can not be read', (fields) => {
    expect(unbilled(fields)).toBeUndefined();
  });
  it('says nothing of links where no template names it', () => {
    expect(client(of([contract(301)], [])).flags[0]?.message).toBe(
      'The contract is in force and no active recurring invoice bills it.',
    );
  });
  it('counts the lines of that contract alone', () => {
    const row = template(-5001, { contract_id: 301, lines: [line(500), line(0, { id: 12, contract_id: 302 })] });
    const from = of([contract(301), contract(302)], [row]);
    expect(client(from).flags.map(({ code, entity }) => [code, entity])).toContainEqual([
      'contract_no_recurring_invoice',
      'contract:302',
    ]);
    expect(figures(from).contract_only_mrr).toBe('800.00');
  });
});

describe('what nobody can read in a template of another client', () => {
  const ask = (fields: Fields, charge: Fields = {}) => {
    const other = template(-5001, { client_id: 102, lines: [line(500)], ...fields });
    return of([contract(301, charge)], [other], 101);
  };
  it.each<[string, Fields, string]>([
    ['the lines of one that names the contract', { contract_id: 301, lines: ['line'] }, 'revenue, lines'],
    ['the lines of one that names none', { lines: ['line'] }, 'revenue, lines'],
    ['the contract that it names', { contract_id: 'x1' }, 'contract_id'],
    ['the contract that a line names', { lines: [line(500, { contract_id: 'x1' })] }, 'contract_id of line 11'],
    ['what it bills', { contract_id: 301, lines: [line(500, { net_amount: 'lots' })] }, 'net_amount of line 11'],
    ['whether it is disabled', { contract_id: 301, disabled: 'perhaps' }, 'disabled'],
  ])('%s leaves open whether the contract is billed', (_name, fields, unread) => {
    expect(ask({}).method.complete).toBe(true);
    const { complete, reason } = ask(fields).method;
    expect([complete, reason]).toEqual([false, [`not fully readable: recurring_invoice:-5001 (${unread})`]]);
  });
  it.each<[string, Fields, Fields?]>([
    ['it has ended', { lines: ['line'], schedule: { end_date: '2026-06-29' } }],
    ['it names another contract', { contract_id: 302, lines: [line(500, { net_amount: 'lots' })] }],
    ['the contract is not to be invoiced', { lines: ['line'] }, { dontinvoice: true }],
    ['the contract is over', { lines: ['line'] }, { end_date: '2026-05-31' }],
    ['the contract charges nothing', { lines: ['line'] }, { periodchargeamount: 0 }],
  ])('makes no difference where %s', (_name, fields, charge) => {
    expect(ask(fields, charge).method.complete).toBe(true);
  });
  it.each<[string, Fields]>([
    ['is billed', { prepayrecurringcharge: 90 }],
    ['is unreadable', { prepayrecurringcharge: 'lots' }],
    ['is for an unknown period', { prepayrecurringcharge: 90, billingperiod: 42 }],
  ])('makes a difference where the contract charges nothing, but its prepay %s', (_name, prepay) => {
    const charge = { periodchargeamount: 0, billforrecurringprepayamount: true, ...prepay };
    expect(ask({ lines: ['line'] }, charge).method.reason?.join()).toContain(
      'recurring_invoice:-5001 (revenue, lines)',
    );
  });
  it('nor where another template bills the contract', () => {
    const others = [template(-5001, { client_id: 102, lines: ['line'] }), template(-5002, { contract_id: 301 })];
    const from = of([contract(301)], [others[0] ?? {}, { ...others[1], lines: [line(500)] }], 101);
    expect(from.method.complete).toBe(true);
  });
});

describe('C-b the successor of a contract that a template names', () => {
  const old = contract(306, { periodchargeamount: 1000 });
  const renewal = (fields: Fields = {}) =>
    contract(307, { previouscontract: 306, periodchargeamount: 1100, ...fields });
  const row = (fields: Fields = {}) => template(-5001, { contract_id: 306, lines: [line(1000)], ...fields });

  it('is billed by it, flagged with what it misses a month', () => {
    const from = of([old, renewal()], [row()]);
    expect(figures(from)).toMatchObject({ mrr_under_contract: '1000.00', contract_only_mrr: '0.00' });
    expect(client(from).flags.map(({ code, entity, amount }) => [code, entity, amount])).toEqual([
      ['contract_superseded', 'contract:306', '1000.00'],
      ['template_on_predecessor', 'contract:307', '100.00'],
    ]);
    expect(client(from).flags[1]?.message).toMatch(/\(-5001 names contract 306\)\.$/);
  });
  it('also where the predecessor has ended or is archived: what bills on is the successor', () => {
    for (const fields of [{ end_date: '2026-05-31' }, { active: false }]) {
      const from = of([{ ...old, ...fields }, renewal()], [row()]);
      expect(codes(from)).toEqual(['template_on_predecessor']);
      expect(figures(from)).toMatchObject({ mrr_under_contract: '1000.00', contract_only_mrr: '0.00' });
    }
  });
  it('is billed by it over a renewal in between', () => {
    const from = of([old, renewal({ active: false }), contract(308, { previouscontract: 307 })], [row()]);
    expect(codes(from)).toEqual(['contract_superseded', 'template_on_predecessor']);
    expect(figures(from).contract_only_mrr).toBe('0.00');
  });
  it('is not where a template names it, or where the link bills nothing', () => {
    const own = template(-5002, { contract_id: 307, lines: [line(1100)] });
    expect(codes(of([old, renewal()], [row(), own]))).toEqual(['contract_superseded']);
    expect(codes(of([old, renewal()], [row({ disabled: true })]))).toEqual([
      'contract_no_recurring_invoice',
      'contract_superseded',
    ]);
  });
  it('has no amount where the two are in different currencies, or the charge is not known', () => {
    const amountOf = (fields: Fields, more: Fields) =>
      client(of([old, renewal(fields)], [row(more)])).flags.find(({ code }) => code === 'template_on_predecessor')
        ?.amount;
    expect(amountOf({}, { currency_code: 2 })).toBeNull();
    expect(amountOf({ periodchargeamount: null }, {})).toBeNull();
    expect(amountOf({ billingperiod: 42 }, {})).toBeNull();
    expect(amountOf({ billingperiod: 3 }, {})).toBe('-908.33');
  });
});

describe('C-a a successor that does not run itself supersedes nothing', () => {
  it.each([{ active: false }, { end_date: '2026-06-29' }, { start_date: '2026-07-01' }])(
    'a successor that does not run itself, %j, leaves its predecessor in force',
    (fields) => {
      const from = of([contract(306), contract(307, { previouscontract: 306, ...fields })], []);
      expect(figures(from).contract_only_mrr).toBe('800.00');
      expect(codes(from)).toEqual(['contract_no_recurring_invoice']);
    },
  );
  it('one past its end that rolls on does run', () => {
    const next = contract(307, { previouscontract: 306, end_date: '2026-06-29', rollingcontract: true });
    expect(codes(of([contract(306), next], []))).toEqual(['contract_no_recurring_invoice', 'contract_superseded']);
  });
  it('chains that lead back to themselves come to an end', () => {
    const from = of([contract(306, { previouscontract: 307 }), contract(307, { previouscontract: 306 })], []);
    expect(codes(from)).toEqual(['contract_superseded', 'contract_superseded']);
  });
});

describe('O3 whichever client’s template it is', () => {
  const branch = contract(301, { client_id: 102 });
  const row = template(-5001, { contract_id: 301, lines: [line(640)] });
  it('a contract that another client’s template bills is no contract without one, asked alone or with all', () => {
    for (const asked of [undefined, 102]) {
      const from = of([branch], [row], asked);
      expect(client(from, 102)?.flags).toEqual([]);
      expect(figures(from, 'AUD', 102)).toMatchObject({ mrr: '0.00', contract_only_mrr: '0.00' });
    }
  });
});
