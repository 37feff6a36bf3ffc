import { describe, expect, test } from 'vitest';
import { getInvoice, listInvoices } from '../../../plugins/finance/invoices.js';
import { balanceOf } from '../../../plugins/finance/payment.js';
import { getRecurringInvoice } from '../../../plugins/finance/recurring-invoices.js';
import { callOf, type Listed } from '../../core/make/fake.js';
import { type Fields, haloWith, invoice, template } from './halo.js';

const UNSET = {
  total: 120,
  amountdue: undefined,
  amountpaid: undefined,
  paymentstatus: undefined,
  datepaid: undefined,
};

describe('what an invoice says about its payment', () => {
  test.each<[string, Fields, string, string | undefined]>([
    ['all is open', { amountdue: 120, amountpaid: 0, paymentstatus: -1 }, 'unpaid', '120'],
    ['a part is open', { amountdue: 20, amountpaid: 100 }, 'partly', '20'],
    ['nothing is open, all is paid', { amountdue: 0, amountpaid: 120, paymentstatus: 2 }, 'paid', '0'],
    ['paid with the older status', { amountdue: 0, amountpaid: 120, paymentstatus: 1 }, 'paid', '0'],
    ['a credit paid the rest', { amountdue: 0, amountpaid: 100, paymentstatus: 2 }, 'paid', '0'],
    ['money decides against the status', { amountdue: 120, amountpaid: 0, paymentstatus: 2 }, 'unpaid', '120'],
    ['never paid, its balance not kept', { amountdue: 0, amountpaid: 0, paymentstatus: -1 }, 'unpaid', '120'],
    ['the same without a status', { amountdue: 0, amountpaid: 0 }, 'unpaid', '120'],
    ['the same with status 0', { amountdue: 0, amountpaid: 0, paymentstatus: 0 }, 'unpaid', '120'],
    ['nothing is paid where less than zero is', { amountdue: 0, amountpaid: -20 }, 'unpaid', '120'],
    ['the same, no balance sent', { amountpaid: -20 }, 'unpaid', '120'],
    ['less than zero paid, but Halo calls it paid', { amountdue: 0, amountpaid: -20, paymentstatus: 2 }, 'paid', '0'],
    ['no amounts, but Halo calls it paid', { paymentstatus: 2 }, 'paid', '0'],
    ['no amounts, but the day of the payment', { datepaid: '2026-06-09T00:00:00' }, 'paid', '0'],
    ['no amounts, and unpaid by its status: a part may be paid', { paymentstatus: -1 }, 'unknown', undefined],
    ['no amounts and no word', {}, 'unknown', undefined],
    ['no amounts and an unknown status', { paymentstatus: 1 }, 'unknown', undefined],
    ['paid in full, no balance sent', { amountpaid: 120 }, 'paid', '0'],
    ['paid in part, no balance sent', { amountpaid: 50 }, 'partly', '70'],
    ['paid, no balance and no total', { amountpaid: 50, total: undefined }, 'unknown', undefined],
    [
      'a balance that can not be read',
      { amountdue: '1.200,00', amountpaid: 120, paymentstatus: 2 },
      'unknown',
      undefined,
    ],
    ['a payment that can not be read', { amountdue: 0, amountpaid: '10,5' }, 'unknown', '0'],
    ['a total that can not be read', { amountdue: 0, amountpaid: 0, total: 'abc' }, 'unknown', undefined],
    ['nothing to pay', { amountdue: 0, amountpaid: 0, total: 0 }, 'paid', '0'],
    ['more was paid than was asked for', { amountdue: -20 }, 'paid', '-20'],
    ['a balance of 0 and no word of payments', { amountdue: 0 }, 'unknown', '0'],
    ['the same, with nothing to pay', { amountdue: 0, total: 0 }, 'paid', '0'],
    ['the same, unpaid by its status', { amountdue: 0, paymentstatus: -1 }, 'unpaid', '120'],
    ['amounts as text', { amountdue: '120.00', amountpaid: '0' }, 'unpaid', '120'],
  ])('%s', (_, fields, payment, open) => {
    const balance = balanceOf({ ...UNSET, ...fields });
    expect([balance.payment, balance.open?.toString()]).toEqual([payment, open]);
  });
});

describe('a void', () => {
  const credit = { total: -120, amountdue: -120, revenue: -100, lines: [{ id: 1, net_amount: -100 }] };

  test.each([
    ['with nothing paid', {}],
    ['that was paid', { amountdue: 0, amountpaid: 120, paymentstatus: 2 }],
    ['with a credit left', credit],
  ])('%s is neither owed nor paid, and is called void', async (_, fields) => {
    const plain = await callOf(getInvoice, haloWith({ invoices: [invoice(fields)] }), { id: 5009 });
    expect(plain).toHaveProperty('amount_due');
    const answer = await callOf(getInvoice, haloWith({ invoices: [invoice({ ...fields, voided: true })] }), {
      id: 5009,
    });
    expect(answer).toMatchObject({
      voided: true,
      hint: 'This invoice is voided: nothing is owed on it, and it never counts.',
    });
    for (const name of ['amount_due', 'payment']) expect(answer).not.toHaveProperty(name);
  });

  test('has no balance among the invoices of a recurring one', async () => {
    const made = [
      { id: 5010, invoice_date: '2026-06-02', total: 120, amountdue: 120, posted: true, voided: true },
      { id: 5009, invoice_date: '2026-06-01', total: 120, amountdue: 120, posted: true },
    ];
    const halo = haloWith({ templates: [template({ invoices: made })] });
    expect(await callOf(getRecurringInvoice, halo, { id: -94 })).toMatchObject({
      invoices: [
        { id: 5010, voided: true, gross: '120.00', posted: true },
        { id: 5009, gross: '120.00', amount_due: '120.00', posted: true },
      ],
    });
    const { invoices } = (await callOf(getRecurringInvoice, halo, { id: -94 })) as { invoices: Fields[] };
    expect(invoices[0]).not.toHaveProperty('amount_due');
  });
});

describe('list_invoices by payment', () => {
  const rows = [
    invoice({ id: 1 }),
    invoice({ id: 2, amountdue: 0, amountpaid: 120, paymentstatus: 2 }),
    invoice({ id: 3, amountdue: 0, amountpaid: 0 }),
    invoice({ id: 4, amountdue: '1.200,00' }),
    invoice({ id: 5, total: -120, amountdue: -120, revenue: -100, lines: [{ id: 1, net_amount: -100 }] }),
    invoice({ id: 6, hideinvoice: true }),
  ];
  const ask = async (payment: string) =>
    (await callOf(listInvoices, haloWith({ invoices: rows }), {
      kind: 'all',
      payment,
    })) as unknown as Listed & { hint?: string };

  test('what is owed, and what may be, is unpaid; only what says so is paid', async () => {
    const [unpaid, paid] = [await ask('unpaid'), await ask('paid')];
    expect(unpaid.items.map(({ id, payment, amount_due }) => [id, payment, amount_due])).toEqual([
      [1, 'unpaid', '120.00'],
      [3, 'unpaid', '120.00'],
      [4, 'unknown', undefined],
      [5, undefined, '-120.00'],
    ]);
    expect(unpaid.hint).toContain('amount_due of 4');
    expect(paid.items.map(({ id }) => id)).toEqual([2]);
  });

  test.each([
    ['used up', { credit_outstanding: 0, credit_used: -120 }, undefined],
    ['marked as used', { mark_credit_as_used: true }, undefined],
    ['used in part', { credit_outstanding: -20 }, '-20.00'],
    ['stored above zero', { total: 120, amountdue: 120, creditlinkedtoinvoiceid: 1 }, '-120.00'],
  ])('of a credit that is %s what is left is taken off', async (_, fields, left) => {
    const credit = { ...rows[4], ...fields };
    const { items } = (await callOf(listInvoices, haloWith({ invoices: [rows[0], credit] }), {
      ...{ kind: 'all', payment: 'unpaid' },
    })) as unknown as Listed;
    expect(items.find(({ id }) => id === 5)?.amount_due).toBe(left);
  });

  test('credits are netted client by client: what one has left over does not reduce what another owes', async () => {
    const other = { client_id: 13, client_name: 'Contoso' };
    const books = [
      invoice({ id: 1 }),
      invoice({ id: 2, total: -20, amountdue: -20, lines: [{ id: 1, net_amount: -20 }] }),
      invoice({ id: 3, ...other, total: -50, amountdue: -50, lines: [{ id: 1, net_amount: -50 }] }),
    ];
    const { _head: head } = (await callOf(listInvoices, haloWith({ invoices: books }), {
      ...{ kind: 'all', payment: 'unpaid' },
    })) as unknown as { _head: string };
    expect(head).toBe(
      'Owed, gross and before credits: GBP 120.00, of it overdue 120.00, less open credits of 70.00, client by client: 100.00 (and 50.00 in credit at 1 client). Payments on account are not deducted; ar_ageing deducts them.',
    );
    const one = (await callOf(listInvoices, haloWith({ invoices: books.slice(0, 2) }), {
      ...{ kind: 'all', payment: 'unpaid' },
    })) as unknown as { _head: string };
    expect(one._head).toContain(' less open credits of 20.00: 100.00. Payments on account');
  });
});
