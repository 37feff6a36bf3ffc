/** What is kept of the clients of one month in a later one, from their bills. */
import { describe, expect, it } from 'vitest';
import { retentionOf } from '../../revenue/index.js';
import { bookOf, type Raw } from './book.js';
import { ACME, AUD, type Fields, invoice, template, USD } from './rows.js';

const MONTHS = { '2026-01': '31', '2026-02': '28', '2026-03': '31' };
/** Bills of one client for the three months, each of a recurring invoice of its own; those of nothing left out. */
const bills = (client_id: number, nets: readonly number[], fields: Fields = {}): Fields[] =>
  nets.flatMap((net, index) => {
    const [month, last] = Object.entries(MONTHS)[index] ?? [];
    const id = 1000 * client_id + 10 * index + Number(fields.currency_code ?? 1);
    const link = { recurring_invoice_id: -client_id - Number(fields.currency_code ?? 0) };
    return net === 0
      ? []
      : [
          invoice(id, {
            ...{ client_id, invoice_date: `${month}-01`, ...link },
            ...{ period_start_date: `${month}-01`, period_end_date: `${month}-${last}` },
            lines: [{ id: id * 10, net_amount: net, ...link, recurring_invoice_line_id: 11 }],
            ...fields,
          }),
        ];
  });
const CLIENTS = [ACME, { id: 102, name: 'Branch' }, { id: 103, name: 'Cellar' }, { id: 104, name: 'Dairy' }];
const ask = (raw: Raw, more: object = {}) =>
  retentionOf(bookOf({ clients: CLIENTS, currencies: [AUD, USD], ...raw }), {
    ...{ from: '2026-01', to: '2026-03', as_of: '2026-04-10' },
    ...more,
  });

describe('retention', () => {
  const invoices = [
    ...bills(101, [100, 100, 160]),
    ...bills(102, [200, 50, 80]),
    ...bills(103, [40, 40, 0]),
    ...bills(104, [0, 30, 30]),
  ];
  it('is not stated where rows are missing: they would look like churn', () => {
    const whole = bookOf({ clients: CLIENTS, currencies: [AUD, USD], invoices });
    const book = { ...whole, complete: false, reason: ['Invoice: page 2 failed'] };
    const { statement } = retentionOf(book, { from: '2026-01', to: '2026-03', as_of: '2026-04-10' });
    expect(statement).toBe(
      'INCOMPLETE (Invoice: page 2 failed): what was not read would look like a change, so no sum is stated.',
    );
  });

  it('of a day to come is refused', () => {
    expect(() => ask({ invoices }, { as_of: '2026-04-11', today: '2026-04-10' })).toThrow(/is in the future/);
    expect(ask({ invoices }, { today: '2026-04-11' }).complete).toBe(true);
  });

  it('of a past day keeps a client whose recurring invoice was disabled later, after a further run', () => {
    const kept = (nextcreationdate: string) => {
      const row = template(-101, { disabled: true, schedule: { nextcreationdate } });
      const raw = { recurring_invoices: [row], invoices: bills(101, [100, 100, 0]) };
      return ask(raw, { as_of: '2026-03-31', today: '2026-09-15' }).clients_kept;
    };
    expect([kept('2026-06-01'), kept('2026-03-01')]).toEqual([1, 0]);
  });

  it('is what the clients of the first month are worth in the last; who came since is told apart', () => {
    const answer = ask({ invoices });
    expect(answer).toMatchObject({
      ...{ currency: 'AUD', start: '340.00', end_same_clients: '240.00', nrr_pct: '70.59', grr_pct: '52.94' },
      ...{ logo_retention_pct: '66.67', clients_start: 3, clients_kept: 2, new_clients: 1, new_mrr: '30.00' },
      ...{ from: '2026-01', to: '2026-03', as_of: '2026-04-10', complete: true },
    });
    expect(answer).not.toHaveProperty('others');
    expect(answer.changed).toEqual([
      {
        ...{ client_id: 102, client: 'Branch', currency: 'AUD', start: '200.00', end: '80.00', change: '-120.00' },
        causes: ['price'],
      },
      {
        ...{ client_id: 101, client: 'Acme', currency: 'AUD', start: '100.00', end: '160.00', change: '60.00' },
        causes: ['price'],
      },
      {
        ...{ client_id: 103, client: 'Cellar', currency: 'AUD', start: '40.00', end: '0.00', change: '-40.00' },
        causes: ['ended'],
      },
    ]);
    expect(answer.evidence.cohort).toMatchObject({
      ...{ count: 3, sum: { AUD: '340.00' } },
      items: [{ client_id: 102, client: 'Branch', end: '80.00', amount: '200.00', currency: 'AUD' }, {}, {}],
    });
    expect(answer.statement).toBe(
      'AUD: the 3 clients at the end of 2026-01 were worth 340.00 a month and 240.00 at the end of 2026-03: net retention 70.59%, gross 52.94%; 2 of 3 are left (66.67%); 1 new ones, worth 30.00, are in neither.',
    );
  });

  it('of one client is its own, and it is named', () => {
    const answer = ask({ invoices }, { client_id: 103 });
    expect(answer).toMatchObject({ start: '40.00', end_same_clients: '0.00', clients_start: 1, clients_kept: 0 });
    expect(answer.statement).toMatch(/^AUD, Cellar: the 1 client at the end of 2026-01 was worth 40\.00/);
  });

  it('no client above zero at the start means no retention', () => {
    const answer = ask({ invoices: bills(104, [0, 30, 30]) });
    expect(answer).toMatchObject({ nrr_pct: null, grr_pct: null, logo_retention_pct: null, new_mrr: '30.00' });
    expect(answer.statement).toMatch(/no client was above zero at the end of 2026-01, so there is no retention\.$/);
    expect(ask({ invoices: [] })).toMatchObject({ currency: 'AUD', start: '0.00', changed: [] });
  });

  it('currencies are apart, home first; converted they are one, and a client counts once', () => {
    const both = [...bills(101, [10, 10, 20], { currency_code: 2 }), ...bills(101, [100, 100, 90])];
    const apart = ask({ invoices: both });
    expect([apart.currency, apart.start, apart.others?.map(({ currency, start }) => [currency, start])]).toEqual([
      'AUD',
      '100.00',
      [['USD', '10.00']],
    ]);
    const one = ask({ invoices: both }, { currency_policy: 'convert', rates: { USD: '1.505' } });
    expect(one).toMatchObject({ currency: 'AUD', start: '115.05', end_same_clients: '120.10', clients_start: 1 });
    expect(one.changed).toMatchObject([{ client_id: 101, change: '5.05', causes: ['price'] }]);
    expect(one).not.toHaveProperty('others');
  });

  it('what could not be read leaves it open', () => {
    const odd = (row: Fields) => ({
      ...row,
      lines: (row.lines as Fields[]).map((line) => ({ ...line, net_amount: 'lots' })),
    });
    const answer = ask({ invoices: [...bills(102, [100, 100, 100]), ...bills(101, [100]).map(odd)] });
    expect(answer).toMatchObject({ complete: false, nrr_pct: null, grr_pct: null, logo_retention_pct: null });
  });
});
