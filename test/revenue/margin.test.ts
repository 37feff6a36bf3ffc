/** What lines earn, and what is billed but not yet earned. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakdown, deferredOf, marginOf } from '../../revenue/index.js';
import { bookOf } from './book.js';
import { asked, RUNS, rawBook } from './books.js';
import { costsOf } from './next.js';
import { defaults } from './vectors.js';

const HOME = {
  currencies: [{ id: 1, code: 'GBP', conversion_rate: 1 }],
  clients: [{ id: 1, name: 'Acme' }],
};
const invoice = (more: object) => ({
  ...{ id: 1, client_id: 1, invoice_date: '2026-10-05', posted: true, currency_code: 1, recurring_invoice_id: -9 },
  ...more,
});
const line = (more: object) => ({
  id: 1,
  net_amount: 100,
  qty_order: 2,
  unit_price: 50,
  unit_cost: 20,
  recurring_invoice_line_id: 3,
  ...more,
});

describe('a margin', () => {
  const margin = (invoices: object[], more: object = {}) => {
    const data = { ...HOME, invoices: invoices.map(invoice) };
    return marginOf(bookOf(data), costsOf(data), { from: '2026-10-01', to: '2026-10-31', ...more });
  };

  it.each([
    ['0', { unit_cost: 0 }],
    ['-1', { unit_cost: -1 }],
    ['absent', { unit_cost: undefined }],
    ['without a quantity', { qty_order: undefined }],
  ])('is not of lines whose cost is %s', (_name, more) => {
    const answer = margin([{ lines: [line(more)] }]);
    expect(answer.totals.GBP).toMatchObject({
      net: '100.00',
      cost: '0.00',
      margin: '0.00',
      margin_pct: null,
      cost_unknown_net: '100.00',
    });
    expect(answer.flags.map(({ code }) => code)).toEqual(['cost_unknown']);
    expect(answer.complete).toBe(true);
  });

  it.each([
    ['a cost that is text', { unit_cost: '£20' }, 'unit_cost of line 1'],
    ['a cost with a decimal comma', { unit_cost: '1.200,00' }, 'unit_cost of line 1'],
    ['a quantity that is text', { qty_order: 'two' }, 'qty_order of line 1'],
    ['no id', { id: undefined }, 'id of a line with a cost'],
  ])('is not whole where a line has %s: what is lost is not unknown', (_name, more, unread) => {
    const { complete, method, totals } = margin([{ lines: [line(more)] }]);
    expect([complete, method.reason]).toEqual([false, [`not fully readable: invoice:1 (${unread})`]]);
    expect(totals.GBP).toMatchObject({ cost: '0.00', cost_unknown_net: '100.00' });
  });

  it('nor is that of a credit where the cost of what it credits is lost', () => {
    const credited = { lines: [line({ unit_cost: 'abc' })], invoice_date: '2026-09-05' };
    const credit = { id: 2, creditlinkedtoinvoiceid: 1, lines: [{ id: 7, net_amount: -50, qty_order: -1 }] };
    const { complete, method } = margin([credited, credit]);
    expect([complete, method.reason]).toEqual([
      false,
      ['not fully readable: invoice:2 (unit_cost of line 1 of invoice 1)'],
    ]);
  });

  it('a credit takes the cost of what it credits, by the line or by the mix', () => {
    const credit = (more: object) => ({
      id: 2,
      recurring_invoice_id: -1,
      creditlinkedtoinvoiceid: 1,
      invoice_date: '2026-10-20',
      lines: [{ id: 7, net_amount: -50, qty_order: -1, ...more }],
    });
    for (const more of [{ creditlinkedidid: 1 }, {}])
      expect(margin([{ lines: [line({})] }, credit(more)]).totals.GBP).toMatchObject({
        net: '50.00',
        cost: '20.00',
        margin: '30.00',
        margin_pct: '60.00',
      });
    const unknown = margin([{ lines: [line({ unit_cost: 0 })] }, credit({ creditlinkedidid: 1 })]);
    expect(unknown.totals.GBP).toMatchObject({ net: '50.00', cost_unknown_net: '50.00', margin: '0.00' });
  });

  it('names a cost that is for another period than the price', () => {
    expect(margin([{ lines: [line({ unit_cost: 600 })] }]).flags.map(({ code }) => code)).toContain('cost_suspect');
  });

  it('its groups add up to it', () => {
    const lines = [
      line({ contract_id: 5 }),
      line({ id: 2, contract_id: 6, unit_cost: 0 }),
      line({ id: 3, linked_item: { assetgroup_id: 4, assetgroup_name: 'Licences' } }),
    ];
    const answer = margin([{ lines }], { group_by: ['contract', 'item_group'] });
    const of = (by: string) =>
      answer.groups.filter((group) => group.by === by).map(({ key, net, margin: own }) => [key, net, own]);
    expect(of('contract').sort()).toEqual(
      [
        [5, '100.00', '60.00'],
        [6, '100.00', '0.00'],
        [null, '100.00', '60.00'],
      ].sort(),
    );
    expect(of('item_group')).toEqual([
      [null, '200.00', '60.00'],
      [4, '100.00', '60.00'],
    ]);
  });

  it('has no groups where none are asked for', () => expect(margin([{ lines: [line({})] }]).groups).toEqual([]));

  describe('says', () => {
    const EURO = { id: 2, code: 'EUR', conversion_rate: 1.17 };
    const OTHER = { id: 2, name: 'Branch' };
    const both = [
      { lines: [line({}), line({ id: 2, unit_cost: 0, net_amount: 30 })], invoicenumber: 'INV-1' },
      { id: 2, client_id: 2, lines: [line({ unit_cost: 600 })], invoicenumber: 'INV-2' },
      { id: 3, client_id: 1, currency_code: 2, lines: [line({ net_amount: 500 })] },
    ].map(invoice);
    const data = { currencies: [...HOME.currencies, EURO], clients: [...HOME.clients, OTHER], invoices: both };
    const of = (rows: object, more: object = {}) =>
      marginOf(bookOf({ ...data, ...rows }), costsOf({ ...data, ...rows }), {
        ...{ from: '2026-10-01', to: '2026-10-31' },
        ...more,
      });

    it('who earned what, the largest in home currency first, and what has no cost', () => {
      const answer = of({});
      expect(answer.clients.map(({ name, currencies }) => [name, Object.keys(currencies)])).toEqual([
        ['Acme', ['GBP', 'EUR']],
        ['Branch', ['GBP']],
      ]);
      expect(answer.flags).toMatchObject([
        { code: 'cost_suspect', entity: 'invoice:2', client: 'Branch', ref: 'INV-2', fields: ['unit_cost of line 1'] },
        { code: 'cost_unknown', entity: 'client:1', client: 'Acme', amount: '30.00', currency: 'GBP' },
      ]);
      expect(answer.flags).toHaveLength(2);
      expect(answer.evidence.cost_unknown).toMatchObject({
        count: 1,
        sum: { GBP: '30.00' },
        items: [{ id: 1, number: 'INV-1', date: '2026-10-05', client: 'Acme', class: 'recurring', cost: 'unknown' }],
      });
      expect(answer).toMatchObject({
        from: '2026-10-01',
        to: '2026-10-31',
        complete: true,
        method: {
          ...{ from: '2026-10-01', to: '2026-10-31', attribute_to: 'service_client' },
          cost: expect.stringContaining('unit cost x quantity of each line'),
          labour: expect.stringContaining('agreement_profit has them'),
        },
      });
      expect(answer.statement).toBe(
        'GBP: of 230.00 net billed from 2026-10-01 to 2026-10-31, lines with a known cost (86.96% of it) cost 1240.00 and leave a margin of -1040.00 (-520.00%); recurring -520.00%, non-recurring no margin; the cost of 30.00 is unknown and not part of the margin. ' +
          'EUR: of 500.00 net billed from 2026-10-01 to 2026-10-31, lines with a known cost (100.00% of it) cost 40.00 and leave a margin of 460.00 (92.00%); recurring 92.00%, non-recurring no margin.',
      );
    });

    it('the largest first, whoever was billed first', () => {
      const invoices = both.map((row) => ({ ...row, id: 10 - row.id, client_id: row.client_id === 1 ? 2 : 1 }));
      expect(of({ invoices: invoices.toReversed() }).clients.map(({ name }) => name)).toEqual(['Branch', 'Acme']);
    });

    it('of one client its own, and nothing of another', () => {
      const [all, one] = [of({}), of({}, { client_id: 2 })];
      expect(one.clients).toEqual(all.clients.filter(({ client_id }) => client_id === 2));
      expect(one.flags.map(({ code }) => code)).toEqual(['cost_suspect']);
      expect(one.evidence.cost_unknown?.count).toBe(0);
      expect(one.statement).toMatch(/^GBP, Branch: of 100\.00 net/);
      expect(of({}, { client_id: 1 }).flags.map(({ code }) => code)).toEqual(['cost_unknown']);
    });

    it('of a bill for two clients what is odd to either of them', () => {
      const lines = [line({ unit_cost: 600 }), line({ id: 2, original_client_id: 2 })];
      for (const client_id of [1, 2])
        expect(of({ invoices: [invoice({ lines })] }, { client_id }).flags.map(({ code }) => code)).toEqual([
          'cost_suspect',
        ]);
    });

    it('no figure of a currency that is not known', () => {
      const answer = of({ invoices: [invoice({ currency_code: 77, lines: [line({})] })] });
      expect([answer.clients, answer.totals]).toEqual([[], {}]);
    });

    it('that nothing was billed', () => {
      expect(of({ invoices: [] }).statement).toBe('Nothing was billed from 2026-10-01 to 2026-10-31.');
      expect(of({ invoices: [] }, { client_id: 2 }).statement).toMatch(/^GBP, Branch: of 0\.00 net billed/);
    });

    it.each([
      ['an amount that can not be read', { lines: [line({ net_amount: 'ten' })] }, 'net_amount'],
      ['a currency that is not known', { currency_code: 77, lines: [line({})] }, 'currency_code'],
    ])('that it is not whole for %s', (_what, fields, field) => {
      const answer = of({ invoices: [invoice(fields)] });
      expect(answer.complete).toBe(false);
      expect(answer.method.reason).toEqual([expect.stringContaining('invoice:1')]);
      expect(answer.flags[0]).toMatchObject({ code: 'incomplete_data', entity: 'invoice:1' });
      expect(answer.flags[0]?.fields?.join()).toContain(field);
      expect(answer.statement).toMatch(/^INCOMPLETE/);
      expect(answer.evidence.cost_unknown?.count).toBe(0);
    });
  });

  it('its net is that of the breakdown, in any book', () => {
    fc.assert(
      fc.property(rawBook, asked, (raw, params) => {
        const all = { ...defaults, ...params, month_basis: 'billed' as const, include_unposted: false };
        const { from, to, attribute_to, client_id, currency_policy, rates } = all;
        const answer = marginOf(bookOf(raw), costsOf(raw), {
          from,
          to,
          attribute_to,
          client_id,
          currency_policy,
          rates,
        });
        const { totals } = breakdown(bookOf(raw), all);
        for (const [code, { net, recurring, non_recurring }] of Object.entries(answer.totals)) {
          expect(net).toBe(totals[code]?.total_net);
          expect(recurring.net).toBe(totals[code]?.recurring.net);
          expect(non_recurring.net).toBe(totals[code]?.non_recurring.net);
        }
      }),
      RUNS,
    );
  });
});

describe('what is deferred', () => {
  const deferred = (invoices: object[], as_of = '2026-09-30') => {
    const data = { ...HOME, invoices: invoices.map(invoice) };
    return deferredOf(bookOf(data), { as_of, since: '2021-01-01' });
  };
  const YEAR = { invoice_date: '2026-01-01', period_start_date: '2026-01-01', period_end_date: '2026-12-31' };
  const lines = [line({ net_amount: 1200 })];

  it('a line’s own service comes before that of its document', () => {
    const own = [
      line({ net_amount: 600, startdate: '2026-09-01', enddate: '2026-10-31' }),
      line({ id: 2, net_amount: 1200 }),
    ];
    expect(deferred([{ ...YEAR, lines: own }]).totals.GBP).toMatchObject({
      billed: '1800.00',
      recognised: '1200.00',
      deferred: '600.00',
    });
  });

  it('arrears are earned before they are billed, and stand apart', () => {
    const arrears = {
      invoice_date: '2026-10-31',
      period_start_date: '2026-09-01',
      period_end_date: '2026-10-31',
      lines,
    };
    expect(deferred([arrears]).totals.GBP).toMatchObject({ billed: '0.00', deferred: '0.00', accrued: '600.00' });
  });

  it('a credit takes off what it credits, by that service', () => {
    const credit = {
      id: 2,
      invoice_date: '2026-07-01',
      creditlinkedtoinvoiceid: 1,
      lines: [line({ id: 5, net_amount: -600, creditlinkedidid: 1 })],
    };
    expect(deferred([{ ...YEAR, lines }, credit]).totals.GBP).toMatchObject({
      billed: '600.00',
      recognised: '450.00',
      deferred: '150.00',
    });
  });

  it('without a service period it is taken as earned, and told', () => {
    const answer = deferred([{ invoice_date: '2026-09-01', lines }]);
    expect(answer.totals.GBP).toMatchObject({ deferred: '0.00', undated: '1200.00' });
    expect(answer.flags.map(({ code }) => code)).toEqual(['service_period_missing']);
  });

  it('neither a run to come nor what does not recur is any', () => {
    expect(deferred([{ ...YEAR, invoice_date: '2026-10-01', period_start_date: '2026-10-01', lines }]).totals).toEqual(
      {},
    );
    expect(
      deferred([{ ...YEAR, recurring_invoice_id: 0, lines: [{ id: 1, net_amount: 5, ticket_id: 3 }] }]).totals,
    ).toEqual({});
  });

  it('is all of it before service starts, and nothing once it is over', () => {
    const later = { ...YEAR, period_start_date: '2027-01-01', period_end_date: '2027-12-31', lines };
    expect(deferred([later]).totals.GBP).toMatchObject({ billed: '1200.00', recognised: '0.00', deferred: '1200.00' });
    expect(deferred([{ ...YEAR, lines }], '2026-12-31').totals.GBP?.deferred).toBe('0.00');
  });
});
