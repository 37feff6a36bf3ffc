import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantName } from '../../sandbox/tenant/variants.js';
import { type Connection, connect, ids, NOW, pence, type Row, walk } from './connect.js';

const TODAY = NOW.slice(0, 10);
const day = (date: unknown) => String(date).slice(0, 10);
const linesOf = (row: Row) => row.lines as Row[];
const sum = (rows: readonly Row[], key: string) => rows.reduce((total, row) => total + pence(row[key]), 0);

let halo: Connection;
let invoices: Row[];
let templates: Row[];
let contracts: Row[];
let clients: Row[];
beforeAll(async () => {
  halo = await connect();
  invoices = await walk(halo, '/Invoice?includelines=true', 'invoices', 100);
  templates = await halo.rows('/RecurringInvoice?includelines=true', 'invoices');
  contracts = await halo.rows('/ClientContract?includeinactive=true', 'contracts');
  clients = await halo.rows('/Client?includeinactive=true', 'clients');
});
afterAll(() => halo.sandbox.close());

const template = (id: unknown) => templates.find((row) => row.id === id);
const contract = (id: unknown) => contracts.find((row) => row.id === id);
const revenue = (row: Row) => row.posted === true && row.voided === false && row.supplier_id === 0;
const active = (row: Row) => row.disabled === false && (day(row.enddate) < '1901' || day(row.enddate) >= TODAY);

describe('sums', () => {
  it('headers are the sums of their lines, tax is 20 %', () => {
    for (const row of [...invoices, ...templates]) {
      const lines = linesOf(row).filter((one) => one.isinactive === false);
      expect(pence(row.revenue)).toBe(sum(lines, 'net_amount'));
      expect(pence(row.tax_total)).toBe(sum(lines, 'tax_amount'));
      expect(pence(row.total)).toBe(pence(row.revenue) + pence(row.tax_total));
      expect(pence(row.amountdue)).toBe(pence(row.total) - pence(row.amountpaid));
    }
  });

  it('lines are price times quantity', () => {
    for (const one of [...invoices, ...templates].flatMap(linesOf)) {
      const net = Number(one.unit_price) * Number(one.qty_order);
      expect(Math.abs(Number(one.net_amount) - net)).toBeLessThan(0.006);
      expect(Math.abs(Number(one.tax_amount) - Number(one.net_amount) * 0.2)).toBeLessThan(0.006);
    }
  });

  it('payments are what was paid', async () => {
    const paid = invoices.find((row) => row.paymentstatus === 2);
    const detail = await halo.get(`/Invoice/${paid?.id}`);
    expect(sum(detail.payments as Row[], 'amount')).toBe(pence(paid?.amountpaid));
  });
});

describe('links', () => {
  it('clients, contracts, templates, lines and tickets exist', async () => {
    const templateLines = new Set(ids(templates.flatMap(linesOf)));
    const tickets = new Set(
      ids([...(await walk(halo, '/Tickets', 'tickets', 100)), ...(await halo.rows('/Projects', 'tickets'))]),
    );
    for (const row of [...invoices, ...templates]) {
      expect(ids(clients)).toContain(row.client_id);
      expect(row.contract_id === 0 || contract(row.contract_id) !== undefined).toBe(true);
      expect(Number(row.recurring_invoice_id) === 0 || template(row.recurring_invoice_id) !== undefined).toBe(true);
      for (const one of linesOf(row)) {
        expect(one.ihid).toBe(row.id);
        expect(one.ticket_id === 0 || tickets.has(one.ticket_id)).toBe(true);
        expect(one.recurring_invoice_line_id === 0 || templateLines.has(one.recurring_invoice_line_id)).toBe(true);
      }
    }
  });

  it('generated documents say so by the template, never by is_recurring_invoice', () => {
    expect(invoices.filter((row) => row.is_recurring_invoice !== false)).toEqual([]);
    const lines = invoices.flatMap(linesOf);
    expect(
      lines.filter((one) => Number(one.recurring_invoice_line_id) > 0 && Number(one.recurring_invoice_id) >= -1),
    ).toEqual([]);
    const plain = lines.filter((one) => Number(one.recurring_invoice_id) >= -1);
    expect(new Set(plain.map((one) => one.recurring_invoice_id))).toEqual(new Set([0, -1]));
    expect(templates.every((row) => Number(row.id) < -1 && row.is_recurring_invoice === true)).toBe(true);
  });

  it('a template lists what it made', async () => {
    const detail = await halo.get('/RecurringInvoice/-94');
    const made = invoices.filter((row) => row.recurring_invoice_id === -94);
    expect(ids(detail.invoices as Row[])).toEqual(ids(made));
    expect(pence(detail.last_invoiced_revenue)).toBe(pence(made[0]?.revenue));
    expect(detail.schedule).toMatchObject({ period: 2, nextcreationdate: '2026-11-01T00:00:00' });
  });

  it('ids run with the dates, and none lies ahead', () => {
    const dates = invoices.map((row) => day(row.invoice_date));
    expect(dates).toEqual(dates.toSorted().toReversed());
    expect(dates[0] ?? '').toBe(TODAY);
    expect(dates.at(-1)?.slice(0, 7)).toBe('2024-11');
  });
});

describe('the book is large enough', () => {
  it('the book has enough documents of every kind and every period', () => {
    expect(invoices.filter((row) => Number(row.recurring_invoice_id) < -1).length).toBeGreaterThan(260);
    expect(templates.length).toBeGreaterThanOrEqual(27);
    expect(contracts.length).toBeGreaterThanOrEqual(22);
    expect(new Set(templates.map((row) => row.period))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12]));
  });

  const kinds: readonly (readonly [string, (line: Row, row: Row) => boolean])[] = [
    ['a product of a sales order', (one) => Number(one.salesorder_line_id) > 0],
    ['labour on a ticket', (one) => Number(one.ticket_id) > 0 && one.item_code === 'LAB'],
    ['a milestone', (one) => Number(one.milestone_id) > 0],
    ['a deposit', (one) => one.isdownpayment === true],
    ['a prepaid block', (one) => Number(one.prepay_id) > 0],
    ['a pro-rata part', (one) => Number(one.pro_rata_line_id) > 0],
    ['a one-time charge on a run', (one) => one.onetimecharge === true],
    ['a heading', (one) => one.isgroupdesc === true],
    ['a recurring item typed by hand', (one, row) => one.item_recurring === true && row.recurring_invoice_id === 0],
    [
      'a line added to a run by hand',
      (one, row) => one.recurring_invoice_id === -1 && Number(row.recurring_invoice_id) < -1,
    ],
  ];
  it.each(kinds)('%s', (_, test) => {
    expect(invoices.some((row) => linesOf(row).some((one) => test(one, row)))).toBe(true);
  });

  const odd: readonly (readonly [string, (row: Row) => boolean, number])[] = [
    ['drafts', (row) => row.posted === false && row.voided === false, 4],
    ['voided', (row) => row.voided === true, 2],
    ["suppliers' bills", (row) => Number(row.supplier_id) > 0, 1],
    ['linked credit notes', (row) => Number(row.creditlinkedtoinvoiceid) > 0, 4],
    ['unlinked credit notes', (row) => row.invoicetype === 1 && row.creditlinkedtoinvoiceid === 0, 1],
  ];
  it.each(odd)('%s', (_, test, count) => {
    expect(invoices.filter(test)).toHaveLength(count);
  });

  it('credit notes undo lines of the invoice they name', () => {
    for (const credit of invoices.filter((row) => Number(row.creditlinkedtoinvoiceid) > 0)) {
      const undone = invoices.find((row) => row.id === credit.creditlinkedtoinvoiceid);
      expect(pence(credit.total)).toBeLessThan(0);
      expect(-pence(credit.total)).toBeLessThanOrEqual(pence(undone?.total));
      for (const one of linesOf(credit)) expect(ids(linesOf(undone ?? {}))).toContain(one.creditlinkedidid);
    }
  });

  const lines: readonly (readonly [string, (line: Row) => boolean])[] = [
    ['a one-time line that was charged', (one) => one.onetimecharge === true && Number(one.onetimechargeinvoiceid) > 0],
    ['a one-time line that waits', (one) => one.onetimecharge === true && one.isinactive === false],
    ['a meter', (one) => one.is_meter === true],
    ['a heading', (one) => one.isgroupdesc === true],
    ['an inactive line', (one) => one.isinactive === true],
    ...[2, 3, 4].map((n) => [`quantity type ${n}`, (one: Row) => one.recurring_invoice_quantity_type === n] as const),
  ];
  it.each(lines)('a template with %s', (_, test) => {
    expect(templates.flatMap(linesOf).some(test)).toBe(true);
  });
});

describe('every trap of the revenue rules is there once', () => {
  const inForce = (row: Row) => row.active === true && day(row.start_date) <= TODAY && day(row.end_date) >= TODAY;

  it('contract_no_recurring_invoice: contracts in force that nothing bills are in the book', async () => {
    const billed = new Set(
      templates.flatMap((row) => [row.contract_id, ...linesOf(row).map((one) => one.contract_id)]),
    );
    const bare = contracts.filter((row) => inForce(row) && !billed.has(row.id));
    expect(bare.map((row) => row.ref)).toEqual(['COH-WIFI', 'LUC-TM']);
    expect(await halo.get('/ClientContract/49')).toMatchObject({ dontinvoice: true, periodchargeamount: 0 });
  });

  it('ri_past_next_date: one recurring invoice has missed its runs', () => {
    const past = templates.filter((row) => active(row) && day(row.nextcreationdate) < TODAY);
    expect(ids(past)).toEqual([-108]);
  });

  it('ri_on_expired_contract: one recurring invoice goes on after its contract', () => {
    expect(ids(templates.filter((row) => active(row) && contract(row.contract_id)?.expired === true))).toEqual([-110]);
  });

  it('duplicate_invoice_suspected: one period is billed twice', () => {
    const seen = new Map<string, Row[]>();
    for (const row of invoices.filter((one) => revenue(one) && Number(one.recurring_invoice_id) < -1)) {
      const key = `${row.recurring_invoice_id} ${row.period_start_date} ${row.period_end_date}`;
      seen.set(key, [...(seen.get(key) ?? []), row]);
    }
    const twice = [...seen.values()].filter((rows) => rows.length > 1);
    expect(twice.map((rows) => rows[0]?.recurring_invoice_id)).toEqual([-98]);
  });

  it('unknown_period: one recurring invoice has a period that Halo does not define', () => {
    expect(ids(templates.filter((row) => active(row) && Number(row.period) > 9))).toEqual([-122]);
  });

  it('mixed_currencies: one client is billed in two currencies', () => {
    const both = clients.filter((client) => {
      const own = invoices.filter((row) => row.client_id === client.id && revenue(row));
      return new Set(own.map((row) => row.currency_code)).size > 1;
    });
    expect(both.map((row) => row.name)).toEqual(['Tailspin Toys']);
  });

  it('inactive_client_active_ri: one recurring invoice runs for a client that is gone', () => {
    const gone = new Set(ids(clients.filter((row) => row.inactive === true)));
    expect(ids(templates.filter((row) => active(row) && gone.has(row.client_id)))).toEqual([-101]);
  });

  it('labour_on_recurring_run: two runs hold lines of a ticket', () => {
    const runs = invoices.filter((row) => Number(row.recurring_invoice_id) < -1);
    const merged = runs.filter((row) => linesOf(row).some((one) => Number(one.ticket_id) > 0));
    expect(merged.map((row) => row.recurring_invoice_id)).toEqual([-102, -94]);
  });

  it('a rolling contract past its end, a superseded pair, one that ends within 60 days', async () => {
    expect(await halo.get('/ClientContract/33')).toMatchObject({ rollingcontract: true, expired: false });
    expect(await halo.get('/ClientContract/45')).toMatchObject({ previouscontract: 44, started: true });
    expect(contracts.filter((row) => inForce(row) && day(row.end_date) < '2026-12-14').map((row) => row.ref)).toEqual([
      'AW-MS',
    ]);
    expect(contracts.filter((row) => row.active === false)).toHaveLength(2);
    expect(contracts.filter((row) => row.started === false)).toHaveLength(1);
  });

  it('a disabled template, not ended, whose contract is in force, and that never ran', async () => {
    const off = templates.filter((row) => row.disabled === true && day(row.enddate) < '1901');
    expect(ids(off)).toEqual([-125]);
    expect(inForce(contract(off[0]?.contract_id) ?? {})).toBe(true);
    expect((await halo.get('/RecurringInvoice/-125')).invoices).toEqual([]);
  });

  it('a template disabled, ended, not begun, and one with a minimum', () => {
    expect(ids(templates.filter((row) => row.disabled === true))).toEqual([-61, -114, -125]);
    expect(ids(templates.filter((row) => row.disabled === false && !active(row)))).toEqual([-120]);
    expect(ids(templates.filter((row) => day(row.startdate) > TODAY))).toEqual([-119]);
    const [least] = templates.filter((row) => row.minimum_price_active === true);
    expect(Number(least?.minimum_amount)).toBeGreaterThan(Number(least?.revenue));
  });

  it('bills of the branch go to head office and name it', () => {
    const branch = invoices.filter((row) => row.recurring_invoice_id === -103);
    expect(branch.length).toBeGreaterThan(10);
    expect(branch.every((row) => row.client_id === 26 && row.original_client_id === 27)).toBe(true);
  });
});

describe('tenants in a state that spoils a whole book', () => {
  const read = async (tenant: TenantName) => {
    const other = await connect({ tenant });
    const rows = {
      invoices: await walk(other, '/Invoice?includelines=true', 'invoices', 100),
      templates: await other.rows('/RecurringInvoice?includelines=true', 'invoices'),
      currencies: await other.rows('/Currency'),
    };
    await other.sandbox.close();
    return rows;
  };

  it('a tenant that there is not is refused by its name', async () => {
    await expect(connect({ tenant: 'draft' as TenantName })).rejects.toThrow('there is no tenant draft');
  });

  it('drafts: nothing is posted or paid, the rest is the usual one', async () => {
    const drafts = await read('drafts');
    expect(drafts.invoices.filter((row) => row.posted !== false || row.amountpaid !== 0)).toEqual([]);
    expect(ids(drafts.invoices)).toEqual(ids(invoices));
    expect(drafts.templates.map((row) => row.revenue)).toEqual(templates.map((row) => row.revenue));
  });

  it('lost-currency: one template and its documents name a currency that is not there', async () => {
    const lost = await read('lost-currency');
    const known = new Set(ids(lost.currencies));
    const strange = (row: Row) => !known.has(row.currency_code);
    expect(ids(lost.templates.filter(strange))).toEqual([-107]);
    expect(new Set(lost.invoices.filter(strange).map((row) => row.recurring_invoice_id))).toEqual(new Set([-107]));
  });
});
