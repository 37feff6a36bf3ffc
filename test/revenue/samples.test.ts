/** The rules over whole rows as Halo sends them: the samples in test/halo. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  breakdown,
  contractWorth,
  judgeInvoice,
  keepContract,
  keepCurrency,
  keepInvoice,
  keepRecurringInvoice,
  lineVerdicts,
  templateWorth,
} from '../../revenue/index.js';
import { bookOf } from './book.js';
import { defaults } from './vectors.js';

const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`../halo/samples/${name}.json`, import.meta.url), 'utf8'));
const currencies = sample('currency_list').map(keepCurrency);

describe.each([
  ['invoice_detail_generated_recurring', 'recurring', '1190.00', ['C3', 'C3']],
  ['invoice_detail_mixed_recurring_and_oneoff', 'mixed', '1340.00', ['C3', 'C3', 'C5']],
  ['invoice_detail_adhoc', 'one_off', '522.49', ['C5', 'C5']],
  ['invoice_detail_credit_note', 'credit', '-95.00', ['C1']],
])('%s', (name, kind, net, rules) => {
  const [row, credited] = [keepInvoice(sample(name)), keepInvoice(sample('invoice_detail_adhoc'))];
  if (row === undefined || credited === undefined) throw new Error('no invoice');
  const known = { invoices: [credited] };
  it(`is ${kind}`, () => {
    expect(judgeInvoice(row, currencies, known)).toMatchObject({ kind, net, currency: 'GBP' });
    expect(lineVerdicts(row, known).map(({ rule }) => rule)).toEqual(rules);
  });
});

it('a template with an inactive one-time charge', () => {
  const row = keepRecurringInvoice(sample('recurringinvoice_detail'));
  if (row === undefined) throw new Error('no template');
  expect(templateWorth(row, '2026-09-30', currencies)).toMatchObject({
    state: 'active',
    period: 'monthly',
    mrr: '1190.00',
    arr: '14280.00',
    currency: 'GBP',
  });
});

it("a contract of Halo's own shape is worth its charge a month", () => {
  const row = keepContract(sample('clientcontract_detail'));
  if (row === undefined) throw new Error('no contract');
  expect(contractWorth(row, currencies)).toEqual({
    currency: 'GBP',
    period: 'monthly',
    charge: '1190.00',
    mrr: '1190.00',
  });
});

it('the small tenant as a whole', () => {
  const book = bookOf({
    recurring_invoices: [...sample('recurringinvoice_list').invoices, sample('recurringinvoice_detail')],
    invoices: sample('invoice_list_includelines').invoices,
    contracts: sample('clientcontract_list_includeinactive').contracts,
    clients: sample('client_list_includeinactive').clients,
    currencies: sample('currency_list'),
  });
  const answer = breakdown(book, { ...defaults, from: '2025-10-01', to: '2026-09-30', as_of: '2026-09-30' });
  expect(answer.method).toMatchObject({
    complete: true,
    fetched: { recurring_invoices: 3, invoices: 5, contracts: 4 },
  });
  expect(answer.totals.GBP).toMatchObject({
    mrr: '1226.00',
    mrr_under_contract: '1226.00',
    contracted_mrr: '1226.00',
    recurring: { net: '2380.00' },
    non_recurring: { invoiced: '672.49', credited: '-95.00' },
  });
});
