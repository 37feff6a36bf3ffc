import { describe, expect, it } from 'vitest';
import { Exact, entityOf, FLAGS } from '../../revenue/index.js';
import { FlagSet } from '../../revenue/ledger/flags.js';
import { ACME, adhoc, answer, client, codes, contract, invoice, template } from './rows.js';

it.each([
  [false, { inactive: false }],
  [true, { inactive: true }],
  [undefined, { inactive: false }],
  ['abc', {}],
])('a client whose mark of inactivity is %j is called neither unless it can be read', (inactive, shown) => {
  const raw = { clients: [{ ...ACME, inactive }], invoices: [invoice(1, { revenue: 5 })] };
  const { clients, method } = answer(raw);
  const [{ inactive: said } = {}] = clients;
  expect([said === undefined ? {} : { inactive: said }, method.complete]).toEqual([shown, true]);
});

describe('flags', () => {
  const raw = {
    clients: [ACME, { id: 102, name: 'Beta' }],
    contracts: [contract(301), contract(302, { client_id: 102 })],
    invoices: [invoice(1, { supplier_id: 3 }), invoice(2, { revenue: 5 })],
  };
  it('stand per client and once more over all, by severity, with their entity and amount', () => {
    const from = answer(raw);
    expect(
      from.flags.map(({ code, severity, entity, amount, client_id }) => [severity, code, entity, amount, client_id]),
    ).toEqual([
      ['high', 'contract_no_recurring_invoice', 'contract:301', '800.00', 101],
      ['high', 'contract_no_recurring_invoice', 'contract:302', '800.00', 102],
      ['medium', 'unclassified', 'invoice:2', '5.00', 101],
      ['info', 'invoice_header_only', 'invoice:2', '5.00', 101],
      ['info', 'supplier_invoice_excluded', 'invoice:1', null, 101],
    ]);
    expect(codes(from, 102)).toEqual(['contract_no_recurring_invoice']);
  });
  it('add up the amounts of one code and one row, and are ordered by severity, code and entity', () => {
    const lines = [adhoc(1, 5, { ticket_id: 4 }), adhoc(2, 7, { ticket_id: 4 }), adhoc(3, 1, { credit_id: 9 })];
    const run = { recurring_invoice_id: -5001, lines };
    const from = answer({ invoices: [invoice(3, run), invoice(2, run), invoice(1, { supplier_id: 4 })] });
    expect(client(from).flags.map(({ severity, code, entity, amount }) => [severity, code, entity, amount])).toEqual([
      ['high', 'duplicate_invoice_suspected', 'invoice:3', '13.00'],
      ['medium', 'credit_note_missing', 'invoice:2', '1.00'],
      ['medium', 'credit_note_missing', 'invoice:3', '1.00'],
      ['medium', 'labour_on_recurring_run', 'invoice:2', '12.00'],
      ['medium', 'labour_on_recurring_run', 'invoice:3', '12.00'],
      ['info', 'supplier_invoice_excluded', 'invoice:1', null],
    ]);
  });
  it('are ordered by entity whatever was read first, and keep their amount where the same is said without one', () => {
    const from = answer({
      recurring_invoices: [
        template(-5001, {
          lines: [
            { id: 1, net_amount: 'many' },
            { id: 2, net_amount: 5 },
          ],
        }),
      ],
      invoices: [invoice(1, { lines: [adhoc(1, 'many')] })],
    });
    expect(client(from).flags.map(({ entity }) => entity)).toEqual(['invoice:1', 'recurring_invoice:-5001']);
    const flags = new FlagSet();
    const amount = { amount: new Exact('1.5'), code: 'KWD', decimals: 3 };
    flags.raise('unclassified', entityOf('invoice', 1), amount);
    flags.raise('unclassified', entityOf('invoice', 1));
    flags.raise('unclassified', entityOf('invoice', 2));
    flags.raise('unclassified', entityOf('invoice', 2), amount);
    expect(flags.list().map(({ entity, amount: kept }) => [entity, kept])).toEqual([
      [{ kind: 'invoice', id: 1 }, amount],
      [{ kind: 'invoice', id: 2 }, amount],
    ]);
  });
  it('have a severity and a sentence each', () => {
    for (const { severity, message } of Object.values(FLAGS)) {
      expect(['high', 'medium', 'info']).toContain(severity);
      expect(message).toMatch(/^\S.*\.$/);
    }
    expect(FLAGS.line_period_differs.severity).toBe('high');
    expect(Object.keys(FLAGS)).toHaveLength(10 + 15 + 15);
  });
});
