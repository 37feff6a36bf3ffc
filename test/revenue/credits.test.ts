import { describe, expect, it } from 'vitest';
import { keepInvoice, lineVerdicts } from '../../revenue/index.js';
import { adhoc, answer, billed, client, codes, type Fields, figures, generated, invoice } from './rows.js';

const mixed = invoice(1, { lines: [generated(21, 1000), adhoc(22, 500)] });
const credit = (lines: Fields[] | undefined, fields: Fields = {}) =>
  invoice(2, { invoice_date: '2026-06-15', creditlinkedtoinvoiceid: 1, lines, ...fields });

describe('C1 a credit undoes what it credits', () => {
  it.each([
    [
      'the credited line, by its id',
      [{ id: 31, net_amount: -200, creditlinkedidid: 22 }],
      ['1000.00', '300.00', '1300.00'],
    ],
    [
      'the credited line before its own link',
      [generated(31, -200, { creditlinkedidid: 22 })],
      ['1000.00', '300.00', '1300.00'],
    ],
    ['its own recurring link', [generated(31, -200)], ['800.00', '500.00', '1300.00']],
    [
      'the line of a template that it names',
      [{ id: 31, net_amount: -200, recurring_invoice_line_id: 11 }],
      ['800.00', '500.00', '1300.00'],
    ],
    [
      'the template that it names',
      [{ id: 31, net_amount: -200, recurring_invoice_id: -5001 }],
      ['800.00', '500.00', '1300.00'],
    ],
    [
      'the pro-rata part that it is',
      [{ id: 31, net_amount: -200, pro_rata_line_id: 6 }],
      ['800.00', '500.00', '1300.00'],
    ],
    [
      'its own link, where that was a one-time charge',
      [generated(31, -200, { onetimecharge: true })],
      ['1000.00', '300.00', '1300.00'],
    ],
    ['the invoice’s mix', [{ id: 31, net_amount: -150 }], ['900.00', '450.00', '1350.00']],
    ['the invoice’s mix to the cent', [{ id: 31, net_amount: -100.01 }], ['933.33', '466.66', '1399.99']],
    [
      'the mix for a line that names one that is not there',
      [{ id: 31, net_amount: -150, creditlinkedidid: 99 }],
      ['900.00', '450.00', '1350.00'],
    ],
  ])('%s', (_by, lines, expected) => {
    expect(billed(answer({ invoices: [mixed, credit(lines)] }))).toEqual(expected);
  });

  it('without lines it undoes the mix, by the net of its header', () => {
    const from = answer({ invoices: [mixed, credit(undefined, { revenue: -150, total: -165, tax_total: -15 })] });
    expect(billed(from)).toEqual(['900.00', '450.00', '1350.00']);
  });
  it('stored positive or negative it is the same answer, flagged where it was turned', () => {
    const negative = answer({ invoices: [mixed, credit([{ id: 31, net_amount: -150 }])] });
    const positive = answer({ invoices: [mixed, credit([{ id: 31, net_amount: '150' }])] });
    expect(positive.totals).toEqual(negative.totals);
    expect(codes(positive)).toEqual(['credit_sign_normalised']);
    expect(codes(negative)).toEqual([]);
    expect(client(positive).evidence.credit).toMatchObject({
      sum: '-150.00',
      items: [{ id: 2, net: '-150.00', rule: 'C1', credits: 1 }],
    });
  });
  it('finds the credited invoice outside the window, listed or linked', () => {
    const earlier = { ...mixed, invoice_date: '2024-01-01T00:00:00' };
    for (const raw of [
      { invoices: [earlier, credit([{ id: 31, net_amount: -150 }])] },
      { invoices: [credit([{ id: 31, net_amount: -150 }])], linked_invoices: [earlier] },
    ]) {
      const from = answer(raw);
      expect([billed(from), codes(from)]).toEqual([['-100.00', '-50.00', '-150.00'], []]);
    }
  });
  it('is flagged where nothing says what it credits', () => {
    const from = answer({ invoices: [credit([{ id: 31, net_amount: 75 }])] });
    expect(billed(from)).toEqual(['0.00', '-75.00', '-75.00']);
    expect(codes(from)).toEqual(['credit_unlinked', 'credit_sign_normalised']);
  });
  it('a document whose net is below zero is one, link or not', () => {
    const from = answer({ invoices: [invoice(3, { lines: [adhoc(31, 20), adhoc(32, -95)] })] });
    expect(figures(from).non_recurring).toMatchObject({ invoiced: '0.00', credited: '-75.00', net: '-75.00' });
  });
  it('finds a line without a linked invoice only where one document alone has it', () => {
    const unlinked = credit([{ id: 31, net_amount: -10, creditlinkedidid: 21 }], { creditlinkedtoinvoiceid: 0 });
    expect(billed(answer({ invoices: [mixed, unlinked] }))[0]).toBe('990.00');
    const twin = invoice(5, { lines: [adhoc(21, 1)] });
    const from = answer({ invoices: [mixed, twin, unlinked] });
    expect([billed(from)[0], codes(from)]).toEqual(['1000.00', ['credit_unlinked']]);
  });
  it('finds it in another document where the linked one has no such line, and never in itself', () => {
    const line = { id: 21, net_amount: -10, creditlinkedidid: 21 };
    const other = invoice(5, { lines: [adhoc(51, 60)] });
    const linked = answer({ invoices: [mixed, other, credit([line], { creditlinkedtoinvoiceid: 5 })] });
    expect(billed(linked)).toEqual(['990.00', '560.00', '1550.00']);
    const unlinked = answer({ invoices: [mixed, credit([line], { creditlinkedtoinvoiceid: 0 })] });
    expect([billed(unlinked)[0], codes(unlinked)]).toEqual(['990.00', []]);
  });
  it('goes by the invoice of the list where another copy of it was looked up', () => {
    const copy = invoice(1, { lines: [generated(21, 1000)] });
    const from = answer({ invoices: [mixed, credit([{ id: 31, net_amount: -150 }])], linked_invoices: [copy] });
    expect(billed(from)).toEqual(['900.00', '450.00', '1350.00']);
  });
  it('takes no line for credited because neither has an id', () => {
    const lines = [generated(0, 1000), adhoc(0, 500)];
    const from = answer({ invoices: [invoice(1, { lines }), credit([{ net_amount: -150 }])] });
    expect(billed(from)).toEqual(['900.00', '450.00', '1350.00']);
  });
  it.each([
    ['itself', [mixed], { creditlinkedtoinvoiceid: 2 }],
    ['an invoice that comes to nothing', [invoice(1, { lines: [generated(21, 100), adhoc(22, -100)] })], {}],
    ['nothing, where an invoice has the id 0', [{ ...mixed, id: 0 }], { creditlinkedtoinvoiceid: 0 }],
  ])('is flagged, and of its own class, where it names %s', (_what, invoices, link) => {
    const from = answer({ invoices: [...invoices, credit([adhoc(31, -30)], link)] });
    expect(codes(from)).toEqual(['credit_unlinked']);
    expect(figures(from).non_recurring.credited).toBe('-30.00');
  });
  it('shows the rule by which each line is undone, once for each class', () => {
    const kept = (row: Fields) => keepInvoice(row) ?? expect.fail('no invoice');
    const known = { invoices: [kept(invoice(1, { lines: [generated(21, 600), generated(22, 400), adhoc(23, 500)] }))] };
    const verdicts = lineVerdicts(kept(credit([{ id: 31, net_amount: -150 }, generated(32, -5)])), known);
    expect(verdicts.map(({ net, ...verdict }) => ({ ...verdict, net: net?.toFixed() }))).toStrictEqual([
      { line_id: 31, class: 'recurring', rule: 'C1', net: '-100' },
      { line_id: 31, class: 'non_recurring', rule: 'C1', kind: 'adhoc', net: '-50' },
      { line_id: 32, class: 'recurring', rule: 'C1', net: '-5' },
    ]);
  });
  it('undoes each kind of what was not recurring', () => {
    const work = invoice(1, { lines: [adhoc(21, 100, { ticket_id: 5 }), adhoc(22, 300, { salesorder_line_id: 4 })] });
    const from = answer({ invoices: [work, credit([{ id: 31, net_amount: -40 }])] });
    expect(figures(from).non_recurring.by_kind).toMatchObject({ labour: '90.00', product: '270.00' });
  });
  it('undoes an invoice with a discount line whole', () => {
    const discounted = invoice(1, { lines: [generated(21, 1000), adhoc(22, -200)] });
    const from = answer({ invoices: [discounted, credit([{ id: 31, net_amount: 800 }])] });
    expect(billed(from)).toEqual(['0.00', '0.00', '0.00']);
  });
  it('a draft credit is not a credit yet', () => {
    const from = answer({ invoices: [mixed, credit([{ id: 31, net_amount: 150 }], { posted: false })] });
    expect([billed(from)[2], figures(from).unposted_net]).toEqual(['1500.00', '-150.00']);
  });
  it('never touches the run rate and counts on its own date', () => {
    const from = answer({ invoices: [mixed, credit([{ id: 31, net_amount: -150 }])] }, { to: '2026-06-10' });
    expect(billed(from)).toEqual(['1000.00', '500.00', '1500.00']);
  });
});

it('only a size that differs is a mismatch on a credit note', () => {
  const line = { id: 31, net_amount: -95, unit_price: 95, qty_order: 1 };
  expect(codes(answer({ invoices: [mixed, credit([line])] }))).toEqual([]);
  expect(codes(answer({ invoices: [mixed, credit([{ ...line, unit_price: 90 }])] }))).toEqual(['line_amount_mismatch']);
});
