/** The invariants of the specification's section 8, over random books. PROPERTY_RUNS sets the number of runs. */
import { describe } from 'vitest';
import type { RawBook } from './books.js';
import { ask, expectSame, property, shuffle } from './property.js';
import type { Fields } from './rows.js';

describe('what changes nothing', () => {
  property('4 the order of rows and lines', (raw, params) => {
    const mixed = Object.fromEntries(
      Object.entries(raw).map(([name, rows]) => [
        name,
        shuffle(rows, 7).map((row) =>
          Array.isArray(row.lines) ? { ...row, lines: shuffle(row.lines as Fields[], 3) } : row,
        ),
      ]),
    ) as RawBook;
    expectSame(ask(mixed, params), ask(raw, params));
  });
  property('5 every row twice', (raw, params) => {
    const twice = Object.fromEntries(Object.entries(raw).map(([name, rows]) => [name, [...rows, ...rows]])) as RawBook;
    expectSame(ask(twice, params), ask(raw, params));
  });
  property('6 splitting a line', (raw, params) => {
    const split = (row: Fields): Fields => {
      const [first, ...rest] = (row.lines as Fields[] | undefined) ?? [];
      if (typeof first?.net_amount !== 'number') return row;
      const part = Math.trunc(first.net_amount * 300) / 1000;
      const remainder = Math.round((first.net_amount - part) * 1000) / 1000;
      return {
        ...row,
        lines: [
          { ...first, net_amount: part },
          { ...first, net_amount: remainder, id: 900_000 + Number(first.id) },
          ...rest,
        ],
      };
    };
    const credited = new Set(raw.invoices.map((row) => row.creditlinkedtoinvoiceid));
    const invoices = raw.invoices.map((row) =>
      row.creditlinkedtoinvoiceid || credited.has(row.id) ? row : split(row),
    );
    const parts = { ...raw, invoices, recurring_invoices: raw.recurring_invoices.map(split) };
    expectSame(ask(parts, params).totals, ask(raw, params).totals);
  });
  property('9 the charge of a contract that a template bills', (raw, params) => {
    const charged = { ...raw, contracts: raw.contracts.map((row) => ({ ...row, periodchargeamount: 1 })) };
    const unbilled = new Set(ask(charged, params).flags.map(({ code, entity }) => `${code} ${entity}`));
    const named = (id: unknown) =>
      raw.recurring_invoices.some(
        ({ disabled, contract_id, lines }) =>
          disabled === false && [contract_id, ...(lines as Fields[]).map((line) => line.contract_id)].includes(id),
      );
    // An unbilled contract is flagged: a link worth zero or less does not bill.
    const bills = ({ id }: Fields) => named(id) && !unbilled.has(`contract_no_recurring_invoice contract:${id}`);
    const contracts = raw.contracts.map((row) => (bills(row) ? { ...row, periodchargeamount: 12_345 } : row));
    expectSame(ask({ ...raw, contracts }, params).totals, ask(raw, params).totals);
  });
  property('10 tax, where a net is there', (raw, params) => {
    const taxed = raw.invoices.map((row) => ({
      ...row,
      total: 1,
      tax_total: 7,
      lines: (row.lines as Fields[] | undefined)?.map((line) => ({ ...line, tax_amount: 99, tax_rate: 50 })),
    }));
    expectSame(ask({ ...raw, invoices: taxed }, params), ask(raw, params));
  });
  property('11 attribution, for the totals', (raw, params) => {
    const [served, paid] = (['service_client', 'billed_client'] as const).map(
      (attribute_to) => ask(raw, { ...params, attribute_to }).totals,
    );
    expectSame(paid, served);
  });
  property('other ids for the same documents change no figure', (raw, params) => {
    const moved = raw.invoices.map((row) => ({
      ...row,
      id: Number(row.id) + 1000,
      ...(row.creditlinkedtoinvoiceid ? { creditlinkedtoinvoiceid: Number(row.creditlinkedtoinvoiceid) + 1000 } : {}),
    }));
    expectSame(ask({ ...raw, invoices: moved }, params).totals, ask(raw, params).totals);
  });
});
