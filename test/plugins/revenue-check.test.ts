/**
 * How a tenant behaves where prepaid time, unbilled work, costs, balances and renewals assume something: every variant
 * is recognised.
 */
import { expect, test } from 'vitest';
import {
  costCurrency,
  dueOfUnpaid,
  prepaySign,
  renewedLeftOut,
  uninvoicedMark,
} from '../../plugins/revenue-check/further.js';
import type { Listed, Sample } from '../../plugins/revenue-check/sample.js';
import { AUD, adhoc, type Fields, invoice, USD } from '../revenue/rows.js';

const listed = (rows: Fields[], total: number | null = rows.length): Listed => ({ rows, total });
const NONE = listed([]);
const sample = (more: Partial<Sample>): Sample => ({
  ...{ window: { from: '', to: '' }, invoices: NONE, credits: NONE, plain: null, templates: NONE, contracts: null },
  ...{ clients: null, unrenewed: null, prepay: null, actions: null, currencies: [AUD, USD] },
  ...{ singles: { invoices: new Map(), templates: new Map(), contracts: [] } },
  ...more,
});
const bought = { id: 1, hours: 10 };
const expired = { id: 2, hours: -4, description: 'Expired' };
const unpaid = (amountdue: unknown) => invoice(1, { total: 120, amountpaid: 0, amountdue, lines: [adhoc(1, 100)] });
const costing = (id: number, currency: number, cost: number) =>
  invoice(id, { currency_code: currency, lines: [adhoc(id, 10, { _itemid: 7, unit_cost: cost })] });

test.each([
  ['bought above, expired below', prepaySign, { prepay: listed([bought, expired]) }, 'ok', { above: 1, below: 1 }],
  [
    'an expiry above zero',
    prepaySign,
    { prepay: listed([bought, { ...expired, hours: 4 }]) },
    'warn',
    { expiries_above: 1 },
  ],
  ['nothing above zero', prepaySign, { prepay: listed([expired]) }, 'warn', { above: 0 }],
  ['no prepaid row that may be read', prepaySign, {}, 'none', {}],
  ['due at its total', dueOfUnpaid, { invoices: listed([unpaid(120)]) }, 'ok', { total: 1 }],
  ['due at 0 and never paid', dueOfUnpaid, { invoices: listed([unpaid(0)]) }, 'warn', { zero: 1 }],
  ['due not told', dueOfUnpaid, { invoices: listed([unpaid(undefined)]) }, 'warn', { absent: 1 }],
  ['nothing unpaid', dueOfUnpaid, { invoices: listed([{ ...unpaid(0), amountpaid: 120 }]) }, 'none', {}],
  [
    'costs of their own abroad',
    costCurrency,
    { invoices: listed([costing(1, 1, 6), costing(2, 2, 4)]) },
    'ok',
    { same_as_home: 0 },
  ],
  [
    'home costs abroad',
    costCurrency,
    { invoices: listed([costing(1, 1, 6), costing(2, 2, 6)]) },
    'warn',
    { same_as_home: 1 },
  ],
  ['one currency alone', costCurrency, { invoices: listed([costing(1, 1, 6)]) }, 'none', {}],
  ['fewer with the switch', renewedLeftOut, { contracts: listed([], 9), unrenewed: listed([], 7) }, 'ok', { left: 7 }],
  [
    ...(['as many, though one is a renewal', renewedLeftOut] as const),
    { contracts: listed([{ previouscontract: 3 }], 9), unrenewed: listed([], 9) },
    ...(['warn', { left: 9 }] as const),
  ],
  [
    'as many, and no renewal is known',
    renewedLeftOut,
    { contracts: listed([{}], 9), unrenewed: listed([], 9) },
    'none',
    {},
  ],
] as const)('%s', (_what, question, rows, mark, counts) => {
  const found = question.ask(sample(rows as Partial<Sample>));
  expect(found).toMatchObject({ mark, counts });
  expect(found.way_out !== undefined).toBe(mark === 'warn');
});

test('an action on no invoice is told by what stands there', () => {
  const marks = [undefined, null, '', 0, '0', -1, '1447'];
  const actions = listed(marks.map((actioninvoicenumber) => ({ actionchargehours: 1, actioninvoicenumber })));
  expect(uninvoicedMark.ask({ actions })).toMatchObject({
    ...{ mark: 'ok', counts: { actions: 7, mark_absent: 3, mark_zero: 2, mark_minus_one: 1, mark_invoice: 1 } },
  });
  expect(uninvoicedMark.ask({ actions: listed([{ actionchargehours: 0 }]) }).mark).toBe('none');
  expect(uninvoicedMark.ask({ actions: null }).mark).toBe('none');
});
