/** Which of Halo's fields a reduced row is read from, and its values if they are absent. */
import { describe, expect, it } from 'vitest';
import {
  Exact,
  keepClient,
  keepContract,
  keepCurrency,
  keepInvoice,
  keepRecurringInvoice,
  readPeriod,
} from '../../revenue/index.js';
import type { Fields } from './rows.js';

const home = { code: undefined, id: undefined };

describe('a row of /Invoice', () => {
  it('is read from these fields', () => {
    const row = {
      id: 9001,
      client_id: 101,
      client_name: ' Acme ',
      last_modified: '2026-06-02T00:00:00',
      currency_code: 2,
      currency_code_name: 'usd',
      invoicenumber: 'INV-1',
      original_client_id: 102,
      invoice_date: '2026-06-01T00:00:00',
      dateposted: '2026-06-03T00:00:00',
      posted: false,
      voided: true,
      is_recurring_invoice: true,
      supplier_id: 4,
      is_recognition: true,
      is_down_payment: true,
      recurring_invoice_id: -5001,
      creditlinkedtoinvoiceid: 8000,
      period_start_date: '2026-06-01',
      period_end_date: '2026-06-30',
      contract_id: 301,
      ticket_id: 5,
      salesorder_id: 6,
      revenue: 100,
    };
    expect(keepInvoice(row)).toEqual({
      id: 9001,
      unread: [],
      client: 101,
      client_name: 'Acme',
      modified: '2026-06-02T00:00:00',
      currency: { code: 'USD', id: 2 },
      number: 'INV-1',
      original_client: 102,
      date: '2026-06-01',
      posted: true,
      voided: true,
      is_template: true,
      is_bill: true,
      is_recognition: true,
      is_deposit: true,
      template: -5001,
      template_sent: true,
      credited_invoice: 8000,
      period_start: '2026-06-01',
      period_end: '2026-06-30',
      contract: 301,
      ticket: 5,
      sales_order: 6,
      header: { net: new Exact(100), certain: true },
      lines: [],
    });
  });
  it('says nothing of what was not sent', () => {
    expect(keepInvoice({ id: 9001 })).toEqual({
      id: 9001,
      unread: ['revenue'],
      client: 0,
      client_name: undefined,
      modified: '',
      currency: home,
      number: undefined,
      original_client: 0,
      date: undefined,
      posted: true,
      voided: false,
      is_template: false,
      is_bill: false,
      is_recognition: false,
      is_deposit: false,
      template: 0,
      template_sent: false,
      credited_invoice: 0,
      period_start: undefined,
      period_end: undefined,
      contract: 0,
      ticket: 0,
      sales_order: 0,
      header: { net: new Exact(0), certain: false },
      lines: [],
    });
  });
  it.each([
    ['is_template', { id: -1 }, true],
    ['is_template', { id: 0 }, false],
    ['is_bill', { purchaseorder_id: 7 }, true],
    ['is_bill', { supplier_id: 0, purchaseorder_id: -1 }, false],
    ['is_recognition', { recognised_from_invoice: 12 }, true],
    ['is_recognition', { recognised_from_invoice: 0 }, false],
    ['posted', { posted: true }, true],
    ['posted', { dateposted: '2026-06-03' }, true],
    ['template_sent', { recurring_invoice_id: null }, true],
  ] as const)('%s of %j is %s', (field, fields, value) => {
    expect(keepInvoice({ id: 9001, ...fields })?.[field]).toBe(value);
  });
});

describe('the net of a header', () => {
  it.each([
    [{ revenue: 0, total: 110, tax_total: 10 }, '0', true],
    [{ total: 110, tax_total: 10 }, '100', true],
    [{ total: 110 }, '110', false],
    [{ tax_total: 10 }, '0', false],
  ])('%j is %s, certain: %s', (fields, net, certain) => {
    const header = keepInvoice({ id: 1, ...fields })?.header;
    expect([header?.net.toString(), header?.certain]).toEqual([net, certain]);
  });
});

describe('a row of /RecurringInvoice', () => {
  const of = (fields: Fields) => keepRecurringInvoice({ id: -5001, ...fields });
  it('is read from these fields', () => {
    expect(
      of({
        client_id: 101,
        client_to_invoice_to_id: 201,
        contract_id: 301,
        minimum_price_active: true,
        minimum_amount: 150,
        period: 4,
        startdate: '2024-01-01',
        enddate: '2027-12-31',
        nextcreationdate: '2026-07-01',
        revenue: 100,
      }),
    ).toEqual({
      id: -5001,
      unread: [],
      client: 101,
      client_name: undefined,
      modified: '',
      currency: home,
      bill_to: 201,
      disabled: false,
      start: '2024-01-01',
      end: '2027-12-31',
      next: '2026-07-01',
      next_sent: true,
      period: readPeriod(4),
      contract: 301,
      header: { net: new Exact(100), certain: true },
      minimum: new Exact(150),
      lines: [],
    });
  });
  it('takes the dates of its schedule first', () => {
    const schedule = { startdate: '2025-02-01', end_date: '2028-01-31', nextcreationdate: '2026-08-01' };
    expect(
      of({ schedule, startdate: '2024-01-01', enddate: '2027-12-31', nextcreationdate: '2026-07-01' }),
    ).toMatchObject({ start: '2025-02-01', end: '2028-01-31', next: '2026-08-01' });
  });
  it.each([{ disabled: true }, { schedule: { disabled: true } }, { voided: true }])('is disabled by %j', (fields) => {
    expect(of(fields)?.disabled).toBe(true);
  });
  it.each([
    [{ schedule: { period: 3 }, period: 2 }, 'yearly'],
    [{ schedule: { period: 0 }, period: 2 }, 'monthly'],
    [{ schedule: { period: 42 }, period: 2 }, undefined],
    [{ schedule: { period: 0 }, period: 0 }, 'one-time'],
    [{ schedule: { period: 0 }, nextcreationperiod: 'Yearly' }, 'one-time'],
    [{ period: 0, nextcreationperiod: 'Yearly' }, 'one-time'],
    [{ schedule: { period: '' }, nextcreationperiod: 'Yearly' }, 'yearly'],
    [{}, undefined],
  ])('%j has the period %s', (fields, name) => expect(of(fields)?.period?.name).toBe(name));
  it.each([{ minimum_price_active: false, minimum_amount: 150 }, {}])('has no minimum in %j', (fields) => {
    expect(of(fields)?.minimum).toBeUndefined();
  });
  it('is a template by its id, which is below zero', () => {
    expect([0, 1].map((id) => keepRecurringInvoice({ id }))).toEqual([undefined, undefined]);
    expect(keepRecurringInvoice({ id: -1 })?.id).toBe(-1);
    expect([keepRecurringInvoice(undefined), keepRecurringInvoice({ client_id: 1 })]).toEqual([undefined, undefined]);
  });
});

describe('a row of /ClientContract', () => {
  it('is read from these fields', () => {
    expect(
      keepContract({
        id: 301,
        client_id: 101,
        ref: 'CT-301',
        start_date: '2025-07-01',
        end_date: '2027-06-30',
        active: false,
        rollingcontract: true,
        previouscontract: 300,
        dontinvoice: true,
        billing_period_string: 'Quarterly',
        billingperiod: 2,
        periodchargeamount: 800,
        billforrecurringprepayamount: true,
        prepayrecurringcharge: 50,
        prepayrecurringchargebp: 3,
      }),
    ).toEqual({
      id: 301,
      unread: [],
      client: 101,
      client_name: undefined,
      modified: '',
      currency: home,
      ref: 'CT-301',
      start: '2025-07-01',
      end: '2027-06-30',
      archived: true,
      rolling: true,
      previous: 300,
      not_invoiced: true,
      period: readPeriod(4),
      charge: new Exact(800),
      prepay: new Exact(50),
      prepay_period: readPeriod(3),
    });
  });
  it.each([undefined, null, 0])('bills a prepay without a period of its own (%s) with the charge', (bp) => {
    const kept = keepContract({ id: 301, billingperiod: 4, prepayrecurringchargebp: bp });
    expect([kept?.prepay_period?.name, kept?.prepay]).toEqual(['quarterly', undefined]);
  });
  it('is none without an id', () => expect([keepContract([]), keepContract({})]).toEqual([undefined, undefined]));
});

describe('a row of /Client and of /Currency', () => {
  it('is read from these fields', () => {
    expect(
      keepClient({
        id: 101,
        name: 'Acme',
        inactive: true,
        client_to_invoice: 201,
        client_to_invoice_recurring: 202,
        default_currency_code_name: 'USD',
        default_currency_code: 2,
        last_modified: '2026-06-02',
      }),
    ).toEqual({
      id: 101,
      name: 'Acme',
      inactive: true,
      bill_to: 201,
      bill_to_recurring: 202,
      currency: { code: 'USD', id: 2 },
      modified: '2026-06-02',
    });
    expect(keepClient({ id: 101 })).toMatchObject({ name: undefined, inactive: false, currency: home, modified: '' });
    expect(keepCurrency({ id: 2, code: ' usd ', conversion_rate: 0.66, last_updated: '2026-06-02' })).toEqual({
      id: 2,
      code: 'USD',
      home: false,
      modified: '2026-06-02',
    });
    expect(keepCurrency({ id: 1, code: 'AUD' })).toEqual({ id: 1, code: 'AUD', home: false, modified: '' });
  });
  it('is none without an id, or without a code of three letters', () => {
    expect([keepClient(null), keepClient({ name: 'Acme' }), keepCurrency(7)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const row of [
      { code: 'AUD' },
      { id: 1 },
      { id: 1, code: 'AU' },
      { id: 1, code: 'AUDX' },
      { id: 1, code: 36 },
    ]) {
      expect(keepCurrency(row)).toBeUndefined();
    }
  });
});
