/** From what a client was billed to the sum of its invoice list. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Exact } from '../../revenue/index.js';
import { RUNS } from './books.js';
import { adhoc, answer, client, type Fields, figures, invoice } from './rows.js';

const STATES: Record<string, Fields> = {
  counted: {},
  credit: { creditlinkedtoinvoiceid: 1 },
  draft: { posted: false },
  void: { voided: true },
  supplier: { supplier_id: 7 },
  recognition: { is_recognition: true },
};

const documents = fc.array(
  fc.record({ state: fc.constantFrom(...Object.keys(STATES)), cents: fc.integer({ min: 1, max: 1_000_000 }) }),
  { minLength: 1, maxLength: 12 },
);

const meets = (rows: readonly { state: string; cents: number }[]) => {
  const raw = rows.map(({ state, cents }, index) => {
    const net = (state === 'credit' ? -cents : cents) / 100;
    return invoice(index + 2, { ...STATES[state], lines: [adhoc(index + 2, net)] });
  });
  const whole = answer({ invoices: [invoice(1, { lines: [adhoc(1, 1)] }), ...raw] });
  const listed = rows.reduce((sum, { state, cents }) => sum + (state === 'credit' ? -cents : cents), 100);
  const { total_net: total, unposted_net: drafts } = figures(whole);
  // A draft is in the evidence as excluded, and also in its own figure.
  const items = client(whole).evidence.excluded?.items ?? [];
  const away = items.filter(({ reason }) => reason !== 'unposted').map(({ net }) => String(net));
  const sum = [total, drafts, ...away].reduce((all, one) => all.plus(one), new Exact(0));
  expect(sum.toFixed(2)).toBe((listed / 100).toFixed(2));
};

it('B2 a total, what is not posted and what is excluded are the sum of the list', () =>
  fc.assert(fc.property(documents, meets), RUNS));

it('B2 of the page’s example', () => {
  const whole = answer({
    invoices: [
      invoice(1, { lines: [adhoc(1, 100)] }),
      invoice(2, { posted: false, lines: [adhoc(2, 40)] }),
      invoice(3, { creditlinkedtoinvoiceid: 1, lines: [adhoc(3, -30)] }),
      invoice(4, { voided: true, lines: [adhoc(4, 25)] }),
    ],
  });
  expect(figures(whole)).toMatchObject({ total_net: '70.00', unposted_net: '40.00' });
  expect(client(whole).evidence.excluded).toMatchObject({ count: 2, sum: '65.00' });
});
