import { describe, expect, it } from 'vitest';
import { adhoc, answer, client, codes, contract, figures, generated, invoice, template } from './rows.js';

describe('method', () => {
  it('says how, and how much was read, each row once', () => {
    const row = invoice(1, { lines: [adhoc(1, 1)] });
    expect(
      answer({ invoices: [row, row], recurring_invoices: [template(-2, { revenue: 1 })], contracts: [contract(1)] })
        .method,
    ).toEqual({
      version: 2,
      as_of: '2026-06-30',
      from: '2025-07-01',
      to: '2026-06-30',
      attribute_to: 'service_client',
      currency_policy: 'separate',
      month_basis: 'billed',
      include_unposted: false,
      weekly: '52/12',
      rounding: 'half away from zero per document',
      complete: true,
      fetched: { recurring_invoices: 1, invoices: 1, contracts: 1, pages: 1 },
    });
  });
});

describe('months and currencies', () => {
  const raw = {
    recurring_invoices: [template(-5001, { currency_code: 4, lines: [{ id: 1, net_amount: 5 }] })],
    invoices: [
      invoice(1, { currency_code: 2, lines: [adhoc(1, 1)] }),
      invoice(2, { lines: [adhoc(2, 2), generated(3, 4)] }),
      invoice(3, { currency_code: 3, client_id: 102, lines: [adhoc(4, 3)] }),
    ],
  };
  it('home is first, then the codes, for each client and in all', () => {
    const from = answer(raw);
    expect(Object.keys(from.totals)).toEqual(['AUD', 'JPY', 'KWD', 'USD']);
    expect(Object.keys(client(from).currencies)).toEqual(['AUD', 'KWD', 'USD']);
  });
  it('a client with money only in another currency has no home currency to show', () => {
    const from = answer(raw, { client_id: 102 });
    expect(Object.keys(from.totals)).toEqual(['JPY']);
    expect(client(from, 102).evidence.mrr).toMatchObject({ count: 0, sum: '0' });
  });
  it('a month has each currency of its client', () => {
    const { months = {} } = client(answer(raw, { group_by: ['month'], from: '2026-06-01' }));
    expect(months).toEqual({
      '2026-06': {
        AUD: { recurring: '4.00', non_recurring: '2.00' },
        KWD: { recurring: '0.000', non_recurring: '0.000' },
        USD: { recurring: '0.00', non_recurring: '1.00' },
      },
    });
  });
  it('currencies are mixed where a client has money in several, not where it was merely seen', () => {
    expect(client(answer(raw)).flags).toMatchObject([{ code: 'mixed_currencies', entity: 'client:101' }]);
    const flagged = answer(raw).flags.filter(({ code }) => code === 'mixed_currencies');
    expect(flagged.map(({ entity, client_id }) => [entity, client_id])).toEqual([['client:101', 101]]);
    const seen = [invoice(1, { lines: [adhoc(1, 1)] }), invoice(2, { currency_code: 2, voided: true })];
    expect(codes(answer({ invoices: seen }))).toEqual([]);
    expect(Object.keys(answer({ invoices: seen }).totals)).toEqual(['AUD', 'USD']);
    const early = invoice(1, {
      ...{ client_id: 102, currency_code: 2, invoice_date: '2025-06-01' },
      ...{ period_start_date: '2025-06-01', period_end_date: '2026-05-31' },
      lines: [generated(1, 120, { original_client_id: 101 }), adhoc(2, 7)],
    });
    const late = invoice(2, { client_id: 102, lines: [adhoc(3, 1)] });
    const spread = answer({ invoices: [early, late] }, { month_basis: 'service_period' });
    expect([codes(spread, 102), figures(spread, 'USD', 101).recurring.net]).toEqual([[], '110.00']);
  });
  it('a figure is the sum of its clients’', () => {
    const two = answer({
      ...{
        recurring_invoices: [101, 102].map((client_id) =>
          template(-client_id, { client_id, contract_id: 9, revenue: 10 }),
        ),
      },
      ...{ contracts: [101, 102].map((client_id) => contract(client_id, { client_id })) },
      invoices: [101, 102].flatMap((client_id) => [
        invoice(client_id, { client_id, lines: [generated(1, 30), adhoc(2, 20, { ticket_id: 1 })] }),
        invoice(client_id + 10, { client_id, lines: [adhoc(3, -4)] }),
        invoice(client_id + 20, { client_id, posted: false, lines: [adhoc(4, 7)] }),
      ]),
    });
    expect(two.totals).toEqual({
      AUD: {
        ...{ mrr: '20.00', arr: '240.00', mrr_under_contract: '20.00', mrr_not_under_contract: '0.00' },
        ...{ contract_only_mrr: '1600.00', contracted_mrr: '1620.00' },
        recurring: { invoiced: '60.00', credited: '0.00', net: '60.00' },
        non_recurring: {
          ...{ invoiced: '40.00', credited: '-8.00', net: '32.00' },
          by_kind: {
            ...{ labour: '40.00', product: '0.00', project: '0.00', prepay: '0.00', deposit: '0.00' },
            ...{ adhoc: '-8.00', unclassified: '0.00' },
          },
        },
        ...{ total_net: '92.00', recurring_share_pct: '65.22', unposted_net: '14.00' },
      },
    });
  });
});

it('clients with the same in the home currency come by the next one', () => {
  const of = (id: number, client_id: number, net: number, currency_code = 1) =>
    invoice(id, { client_id, currency_code, lines: [adhoc(1, net)] });
  const from = answer({ invoices: [of(1, 1, 5), of(2, 2, 5), of(3, 2, 7, 2), of(4, 3, 6, 2)] });
  expect(from.clients.map(({ client_id }) => client_id)).toEqual([2, 1, 3]);
  const abroad = answer({ invoices: [of(1, 1, 900, 2), of(2, 2, 5)] });
  expect(abroad.clients.map(({ client_id }) => client_id)).toEqual([2, 1]);
  const even = answer({ invoices: [of(1, 3, 5), of(2, 1, 5), of(3, 2, 5)] });
  expect(even.clients.map(({ client_id, inactive }) => [client_id, inactive])).toEqual([
    [1, false],
    [2, false],
    [3, false],
  ]);
});

it('clients come by what was billed, the largest first; ties by id', () => {
  const of = (client_id: number, net: number) => invoice(client_id, { client_id, lines: [adhoc(1, net)] });
  const from = answer({ invoices: [of(3, 5), of(1, 5), of(2, 9), of(4, -1)] });
  expect(from.clients.map(({ client_id }) => client_id)).toEqual([2, 1, 3, 4]);
});
