import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exact, type Invoice, keepInvoice, keepingInvoices } from '../../revenue/index.js';
import { keepLines } from '../../revenue/rows/line.js';
import { packed, unpacked } from '../../revenue/values/packed.js';
import { filesIn } from '../guards/marks.js';

const keep = (lines: object[]) => keepInvoice({ id: 1, client_id: 2, lines })?.lines ?? [];
const sent = { net_amount: 10.5, qty_order: 3, contract_id: 7, billingperiod: 3, item_recurring: true };

test('lines that share most of what they say keep what each says itself', () => {
  const [one, other] = keep([
    { ...sent, id: 1, linked_item: { assetgroup_id: 5, assetgroup_name: 'Cloud' } },
    { ...sent, id: 2, ticket_id: 9, linked_item: { assetgroup_id: 5, assetgroup_name: 'Cloud' } },
  ]);
  expect(one).toMatchObject({ id: 1, ticket: 0, contract: 7, recurring_item: true, quantity: 3, item_group: 5 });
  expect(other).toMatchObject({ id: 2, ticket: 9, contract: 7, recurring_item: true, period: { code: 3 } });
});

test.each<[string, object, object, string]>([
  ['an item group by id and one by a name of digits', { item_group_id: 5 }, { item_group: '5' }, 'item_group'],
  ['a flag', { is_meter: true }, { is_meter: false }, 'meter'],
  ['a day', { startdate: '2026-01-01' }, { startdate: '2026-01-02' }, 'start'],
  ['what is unreadable', { ticket_id: 'soon' }, { ticket_id: 0 }, 'unread'],
  ['a period', { billingperiod: 2 }, { billingperiod: 4 }, 'period'],
])('lines that differ in %s are not taken for one another', (_, a, b, field) => {
  const [one, other] = keep([
    { ...sent, id: 1, ...a },
    { ...sent, id: 2, ...b },
  ]);
  expect(one?.[field as keyof typeof one]).not.toEqual(other?.[field as keyof typeof other]);
});

test('a line is written with all of its fields', () => {
  const [line] = keep([{ ...sent, id: 1, start: '2026-01-01' }]);
  const written = JSON.parse(JSON.stringify(line));
  expect(Object.keys(written).slice(0, 3)).toEqual(['id', 'net', 'unreadable']);
  expect(written).toMatchObject({ id: 1, net: '10.5', contract: 7, recurring_item: true, item_group: null });
});

test('no code spreads a line or a document', () => {
  const spreading = filesIn(['revenue', 'plugins']).filter((file) =>
    /\.\.\.(line|piece\.line|invoice)\b(?!\.)/.test(readFileSync(file, 'utf8')),
  );
  // Before it is kept.
  expect(spreading).toEqual(['revenue/rows/line.ts']);
});

const amounts = fc.oneof(
  fc.constantFrom('0', '-0', '0.00', '-0.01', '1e3', '-1.50', '123456789012345678901234567890.12', '1e-30'),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 40 })).map(([digits, places]) => `${digits}e-${places}`),
);

test('an amount comes back as it was', () => {
  fc.assert(
    fc.property(amounts, (text) => {
      const amount = new Exact(text);
      expect(unpacked(packed(amount))).toEqual(amount);
    }),
  );
});

const document = {
  ...{ id: 7, client_id: 2, client_name: 'Acme', currency_code: 1, invoicenumber: 'INV-7', posted: true },
  ...{ invoice_date: '2026-05-03', last_modified: '2026-05-04T00:00:00', recurring_invoice_id: -9, contract_id: 3 },
  ...{ period_start_date: '2026-05-01', period_end_date: '2026-05-31', ticket_id: 4, lines: [{ ...sent, id: 1 }] },
};
const keptInvoice = keepingInvoices();
const both = (fields: object) => {
  const plain = keepInvoice({ ...document, ...fields }) ?? expect.fail('not a row');
  return { plain, kept: keptInvoice(plain) };
};

test.each([
  {},
  { id: 8, invoice_date: '2026-06-03', invoicenumber: 'INV-8', last_modified: '' },
  { client_name: 'Acme 3 true' },
  { client_id: 3 },
  { original_client_id: 5 },
  { currency_code: 2 },
  { currency_code: 0, currency_code_name: 'usd' },
  { currency_code: 'soon' },
  { posted: false },
  { voided: true },
  { is_recurring_invoice: true },
  { supplier_id: 4 },
  { is_recognition: true },
  { is_down_payment: true },
  { recurring_invoice_id: undefined },
  { recurring_invoice_id: 0 },
  { creditlinkedtoinvoiceid: 6 },
  { period_start_date: undefined, period_end_date: undefined },
  { contract_id: 0, ticket_id: 0, salesorder_id: 8 },
  { ticket_id: 'soon' },
  { lines: [], revenue: 12.5 },
  { lines: [], total: 12.5 },
  { lines: [], revenue: 0 },
  { lines: [] },
])('a document with %j is kept as it was', (fields) => {
  const { plain, kept } = both(fields);
  expect(Object.fromEntries(Object.keys(plain).map((field) => [field, kept[field as keyof Invoice]]))).toEqual(plain);
  expect(JSON.stringify(kept)).toBe(JSON.stringify(plain));
});

/** What the heap holds of the rows that are made, in bytes each. */
const bytesEach = (make: (id: number) => unknown) => {
  gc();
  const before = process.memoryUsage().heapUsed;
  const rows = Array.from({ length: 10_000 }, (_, index) => make(index + 1));
  gc();
  return (process.memoryUsage().heapUsed - before) / rows.length;
};
const gc = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

test.each([
  ['that are alike', () => ({})],
  ['with a sales order each', (id: number) => ({ salesorder_id: id })],
  ['with a header of their own', (id: number) => ({ revenue: id })],
  ['that can not be fully read', () => ({ ticket_id: 'soon', salesorder_id: 'soon' })],
])('documents of one client %s take less memory as they are kept', (_, fields) => {
  const read = (id: number) => keepInvoice({ ...document, id, lines: [], ...fields(id) }) ?? expect.fail('not a row');
  const keep = keepingInvoices();
  expect(bytesEach((id) => keep(read(id)))).toBeLessThan(bytesEach(read));
});

test.each([
  ['that are alike', () => ({})],
  ['with a line of a sales order each', (id: number) => ({ salesorder_line_id: id })],
  ['that can not be fully read', () => ({ ticket_id: 'soon', milestone_id: 'soon' })],
])('lines %s take less memory as they are kept', (_, fields) => {
  const row = (id: number) => ({ ...sent, id, ...fields(id) });
  expect(bytesEach((id) => keep([row(id)])[0])).toBeLessThan(bytesEach((id) => keepLines([row(id)])[0]));
});

test('what is shared keeps no document alive', async () => {
  const keep = keepingInvoices();
  const first = new WeakRef(keep(keepInvoice(document) ?? expect.fail('not a row')).lines);
  await new Promise(setImmediate);
  gc();
  expect(first.deref()).toBeUndefined();
  expect(keep(keepInvoice(document) ?? expect.fail('not a row')).client_name).toBe('Acme');
});
