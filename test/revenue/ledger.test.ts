/** The ledger between the book and its answer: exact amounts, typed ids. */
import { expect, it } from 'vitest';
import { breakdown, Exact, post, report, totalNet } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { ACME, AUD, adhoc, contract, generated, invoice, KWD, template } from './rows.js';
import { defaults } from './vectors.js';

const raw = {
  clients: [ACME],
  currencies: [AUD, KWD],
  recurring_invoices: [template(-5001, { lines: [{ id: 1, net_amount: '100.005' }] })],
  contracts: [contract(301)],
  invoices: [
    invoice(1, { recurring_invoice_id: -5001, lines: [generated(11, 10), adhoc(12, '0.125')] }),
    invoice(2, { lines: [adhoc(21, 'many')] }),
  ],
};

it('holds amounts that can be counted with, and says what each flag is about by kind and id', () => {
  const { clients, totals, flags, complete, reasons } = post(bookOf(raw), defaults);
  const total = totals.get('AUD');
  expect(total?.mrr).toEqual(new Exact('100.01'));
  expect(total && totalNet(total)).toEqual(new Exact('10.13'));
  expect(clients.map(({ client, name }) => [client, name])).toEqual([[101, ACME.name]]);
  expect(flags.find(({ code }) => code === 'incomplete_data')).toEqual({
    code: 'incomplete_data',
    entity: { kind: 'invoice', id: 2 },
    amount: undefined,
    fields: ['net_amount of line 21'],
    client: 101,
  });
  expect([complete, reasons]).toEqual([false, ['not fully readable: invoice:2 (net_amount of line 21)']]);
});

it('answers as the breakdown does, as often as it is asked', () => {
  const ledger = post(bookOf(raw), { ...defaults, group_by: ['contract'] });
  expect(report(ledger)).toEqual(breakdown(bookOf(raw), { ...defaults, group_by: ['contract'] }));
  expect(report(ledger)).toEqual(report(ledger));
});

it('says that something is missing where nobody says what', () => {
  const { complete, reasons } = post(bookOf({}, { complete: false, reason: [] }), defaults);
  expect([complete, reasons]).toEqual([false, ['something could not be fetched']]);
});
