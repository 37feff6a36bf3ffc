/** A client requested alone equals its share of all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paramsOf } from '../../../plugins/insights/ask.js';
import { leaksOf } from '../../../plugins/insights/leaks.js';
import { renewalsOf } from '../../../plugins/insights/renewals.js';
import { fetchBook } from '../../../revenue/halo/index.js';
import { type Book, breakdown, type ClientBreakdown, type Params } from '../../../revenue/index.js';
import { type RawBook, RUNS, rawBook } from '../books.js';
import { expectSame } from '../property.js';
import { ACME, AUD, adhoc, contract, type Fields, invoice, template } from '../rows.js';
import { type FakeOptions, haloOf, type RawLists } from './fake.js';

const CLIENTS = [101, 102, 103];
const asked = (more: Partial<Params> = {}): Params =>
  paramsOf(
    { from: '2025-07-01', to: '2026-06-30', as_of: '2026-06-30', renewal_horizon_days: 400, ...more },
    '2026-06-30',
  );

/** Who is invoiced for a client, by its templates and its record. */
function payersOf(client: unknown, { clients, recurring_invoices: templates }: RawBook): unknown[] {
  const own = templates.filter(({ client_id }) => client_id === client);
  const record = clients.find(({ id }) => id === client);
  return [client, record?.client_to_invoice, ...own.map((row) => row.client_to_invoice_to_id)];
}

/** The book without documents of clients that nothing links to the client served: they can't be found (O5). */
function linked(raw: RawBook): RawBook {
  const isKnown = (client: unknown, payer: unknown) => payersOf(client, raw).includes(payer);
  const made = (id: unknown, payer: unknown) => {
    const owner = raw.recurring_invoices.find((row) => row.id === id)?.client_id;
    return owner === undefined || isKnown(owner, payer);
  };
  const part = (row: Fields, payer: unknown): Fields => ({
    ...row,
    ...(isKnown(row.original_client_id, payer) ? {} : { original_client_id: undefined }),
    ...(made(row.recurring_invoice_id, payer) ? {} : { recurring_invoice_id: -1 }),
  });
  const invoices = raw.invoices.map((row) => ({
    ...part(row, row.client_id),
    ...(Array.isArray(row.lines) && { lines: (row.lines as Fields[]).map((line) => part(line, row.client_id)) }),
  }));
  // A renewal has the same client, since Halo makes it from the contract that it renews.
  const ownerOf = (id: unknown) => raw.contracts.find((row) => row.id === id)?.client_id;
  const contracts = raw.contracts.map((row) =>
    ownerOf(row.previouscontract) === row.client_id ? row : { ...row, previouscontract: 0 },
  );
  return { ...raw, invoices, contracts };
}

const book = (raw: RawLists, params: Params, options: FakeOptions = {}) =>
  fetchBook(params, haloOf(raw, options).context);
const NOTHING = /^-?0(\.0+)?$/;
/** Empty currencies appear only when more rows are read. */
const filled = (client: ClientBreakdown | undefined) => {
  if (client === undefined) return undefined;
  const currencies = Object.entries(client.currencies).filter(([, figures]) =>
    JSON.stringify(figures)
      .replaceAll(/"[a-z_]+":/g, '')
      .match(/"[^"]+"/g)
      ?.some((text) => !NOTHING.test(text.slice(1, -1))),
  );
  return { ...client, currencies: Object.fromEntries(currencies) };
};

describe('O1 one client equals its share of all', () => {
  it.each<[string, FakeOptions]>([
    ['lists that say everything', {}],
    ['lists of contracts without what only the single record has', { thin: true }],
    [
      'lists of recurring invoices without lines, and a Halo that ignores excluderenewed',
      { thin: true, bare: true, knowsRenewed: false },
    ],
  ])('%s', { timeout: 60_000 + 1000 * RUNS.numRuns }, async (_what, options) => {
    const basis = fc.constantFrom('billed' as const, 'service_period' as const);
    const attribution = fc.constantFrom('service_client' as const, 'billed_client' as const);
    await fc.assert(
      fc.asyncProperty(rawBook.map(linked), basis, attribution, async (raw, month_basis, attribute_to) => {
        const how = { month_basis, attribute_to, group_by: ['contract', 'recurring_invoice'] as const };
        const whole = await book(raw, asked(how), options);
        const all = breakdown(whole, asked(how));
        const [leaks, renewals] = [leaksOf(whole, asked()), renewalsOf(whole, asked())];
        for (const client_id of CLIENTS) {
          const own = await book(raw, asked({ ...how, client_id }), options);
          const one = breakdown(own, asked({ ...how, client_id }));
          const share = all.clients.find((client) => client.client_id === client_id);
          if (share !== undefined) expectSame(filled(one.clients[0]), filled(share));
          if (attribute_to === 'billed_client') continue;
          const theirs = ({ client_id: id }: { client_id: number }) => id === client_id;
          expectSame(leaksOf(own, asked({ client_id })).leaks, leaks.leaks.filter(theirs));
          expectSame(renewalsOf(own, asked({ client_id })).renewals, renewals.renewals.filter(theirs));
        }
      }),
      RUNS,
    );
  });
});

describe('N1 lists without what only the single record has', () => {
  it('say what those with it say', { timeout: 60_000 + 1000 * RUNS.numRuns }, async () => {
    await fc.assert(
      fc.asyncProperty(rawBook.map(linked), async (raw) => {
        const [full, thin] = [await book(raw, asked()), await book(raw, asked(), { thin: true })];
        expectSame(breakdown(thin, asked()).totals, breakdown(full, asked()).totals);
        expectSame(leaksOf(thin, asked()).leaks, leaksOf(full, asked()).leaks);
        expectSame(renewalsOf(thin, asked()).renewals, renewalsOf(full, asked()).renewals);
      }),
      RUNS,
    );
  });
});

const HQ = { id: 101, name: 'HQ' };
const BRANCH = { id: 102, name: 'Branch' };
const line = (net: number, fields: Fields = {}) => [{ id: 11, net_amount: net, ...fields }];
const one = async (
  raw: RawLists,
  client_id: number,
  options?: FakeOptions,
): Promise<[ReturnType<typeof breakdown>, Book]> => {
  const own = await book({ clients: [HQ, BRANCH], currencies: [AUD], ...raw }, asked({ client_id }), options);
  return [breakdown(own, asked({ client_id })), own];
};

describe('O2 whom a client is invoiced through', () => {
  const bill = invoice(9001, { lines: [adhoc(21, 640, { original_client_id: 102 })] });
  it('its recurring invoices say so, where its own record does not; the method says whose were read', async () => {
    const row = template(-5001, { client_id: 102, client_to_invoice_to_id: 101, lines: line(640) });
    const [{ clients, method }] = await one({ recurring_invoices: [row], invoices: [bill] }, 102);
    expect(clients[0]?.currencies.AUD).toMatchObject({ total_net: '640.00', mrr: '640.00' });
    expect(method).toMatchObject({ complete: true, invoices_of: [102, 101] });
  });
  it.each(['client_to_invoice', 'client_to_invoice_recurring'])(
    'or its own record by %s; itself is none',
    async (field) => {
      const clients = [HQ, { ...BRANCH, client_to_invoice: 102, client_to_invoice_recurring: 0, [field]: 101 }];
      const other = template(-5009, { client_id: 103, client_to_invoice_to_id: 104, lines: line(5) });
      // With a contract of its own, everybody's recurring invoices are read.
      const contracts = [contract(301, { client_id: 102 })];
      const raw = { clients, contracts, recurring_invoices: [other], invoices: [bill] };
      const [{ clients: found, method }] = await one(raw, 102);
      expect(found[0]?.currencies.AUD).toMatchObject({ total_net: '640.00' });
      expect(method).toMatchObject({ complete: true, invoices_of: [102, 101] });
    },
  );
  it('O5 of those that nothing links the method says that they were not read', async () => {
    const [{ clients, method }] = await one({ invoices: [bill] }, 102);
    expect(clients[0]?.currencies.AUD).toMatchObject({ total_net: '0.00' });
    expect(method).toMatchObject({ complete: true, invoices_of: [102] });
    const whole = await book({ clients: [HQ, BRANCH], currencies: [AUD], invoices: [bill] }, asked());
    expect(breakdown(whole, asked()).method).not.toHaveProperty('invoices_of');
  });
});

describe('O3 a contract that another client’s recurring invoice bills', () => {
  const branch = contract(301, { client_id: 102, end_date: '2026-07-31' });
  it.each<[string, Fields]>([
    ['by its header', { contract_id: 301, lines: line(640) }],
    ['by a line', { lines: line(640, { contract_id: 301 }) }],
  ])('%s: no leak, and worth what that bills', async (_how, fields) => {
    for (const options of [{}, { thin: true, bare: true }]) {
      const raw = { contracts: [branch], recurring_invoices: [template(-5001, fields)] };
      const [{ clients }, own] = await one(raw, 102, options);
      expect(clients[0]?.flags.map(({ code }) => code)).toEqual(['contract_ending_soon']);
      expect(renewalsOf(own, asked({ client_id: 102 })).renewals).toMatchObject([
        { entity: 'contract:301', monthly_value: '640.00', billed_by: ['recurring_invoice:-5001'] },
      ]);
    }
  });
  it('is not claimed to be unbilled where too many came without lines to be read', async () => {
    const strange = Array.from({ length: 61 }, (_, index) => template(-6001 - index, { lines: line(1) }));
    const raw = { contracts: [branch], recurring_invoices: strange };
    const [{ method }] = await one(raw, 102, { bare: true });
    expect(method).toMatchObject({
      complete: false,
      reason: [
        'RecurringInvoice: 61 of other clients came without lines, so one of them may bill a contract that seems to have none',
      ],
    });
  });
});

describe('O4 a listed contract that is gone when it is read', () => {
  it('makes the answer incomplete', async () => {
    const raw = { contracts: [contract(301)], clients: [ACME] };
    const [{ method, statement }] = await one(raw, 101, { thin: true, gone: ['/ClientContract/301'] });
    expect(method).toMatchObject({ complete: false, reason: ['ClientContract 301 failed (HALO_NOT_FOUND)'] });
    expect(statement).toMatch(/^INCOMPLETE/);
  });
});

describe('N1 few contracts are read one by one', () => {
  const soon = (id: number, fields: Fields = {}) => contract(id, { end_date: '2026-07-31', ...fields });
  const requestsFor = async (contracts: Fields[], options: FakeOptions = {}) => {
    const billing = contracts.map(({ id }, index) => template(-5001 - index, { contract_id: id, lines: line(5) }));
    const { context, requests } = haloOf(
      { clients: [ACME], currencies: [AUD], contracts, recurring_invoices: billing },
      { thin: true, ...options },
    );
    const read = await fetchBook(asked({ client_id: 101, renewal_horizon_days: 90 }), context, { invoices: false });
    return { read, requests: requests.filter((one) => one.startsWith('/ClientContract')) };
  };
  it('those that would be listed are, and one that rolls on is known by it', async () => {
    const { read, requests } = await requestsFor([soon(301, { rollingcontract: true }), contract(302)]);
    expect(requests).toEqual(['/ClientContract 101', '/ClientContract/301']);
    expect(renewalsOf(read, asked({ renewal_horizon_days: 90 }))).toMatchObject({
      renewals: [],
      left_out: { rolling_contracts: 1 },
    });
  });
  it('Halo’s own switch spares the reads of whatever might be a renewal', async () => {
    const later = Array.from({ length: 6 }, (_, index) => contract(302 + index, { start_date: '2026-01-01' }));
    const { requests } = await requestsFor([soon(301), ...later]);
    expect(requests).toEqual([
      '/ClientContract 101',
      '/ClientContract/301',
      '/ClientContract 101 without renewed',
      ...later.map(({ id }) => `/ClientContract/${id}`),
    ]);
    const renewal = contract(310, { previouscontract: 299, start_date: '2026-01-01' });
    const proved = await requestsFor([contract(299, { active: false }), soon(301), ...later, renewal]);
    expect(proved.requests).toEqual([
      '/ClientContract 101',
      '/ClientContract/301',
      '/ClientContract 101 without renewed',
    ]);
  });
  it.each([
    [100, ['/ClientContract/301', '/ClientContract/302']],
    [0, ['/ClientContract/301']],
  ])('whether another renews one that nothing bills is asked where it is worth something: %d', async (charge, read) => {
    const runs = contract(301, { periodchargeamount: charge });
    const later = contract(302, { start_date: '2026-09-01' });
    const { context, requests } = haloOf(
      { clients: [ACME], currencies: [AUD], contracts: [runs, later] },
      { thin: true },
    );
    await fetchBook(asked({ client_id: 101, renewal_horizon_days: 90 }), context, { invoices: false });
    expect(requests.filter((one) => one.startsWith('/ClientContract/'))).toEqual(read);
  });
  it('an archived one between two others is read where one of them renews it', async () => {
    const rolls = contract(301, { end_date: '2026-01-31', rollingcontract: true, periodchargeamount: 100 });
    const between = contract(302, { start_date: '2026-02-01', active: false, previouscontract: 301 });
    const other = contract(303, { start_date: '2025-08-01', active: false });
    const now = contract(304, { start_date: '2026-05-01', previouscontract: 302 });
    const raw = { clients: [ACME], currencies: [AUD], contracts: [rolls, between, other, now] };
    const { context, requests } = haloOf(raw, { thin: true });
    const { totals, clients } = breakdown(await fetchBook(asked(), context), asked());
    expect(totals.AUD?.contract_only_mrr).toBe('800.00');
    expect(clients[0]?.flags.filter(({ code }) => code === 'contract_no_recurring_invoice')).toHaveLength(1);
    expect(requests).toContain('/ClientContract/302');
    expect(requests).not.toContain('/ClientContract/303');
  });
  it('one that it leaves out is superseded, though its renewal may be out of sight', async () => {
    const later = Array.from({ length: 4 }, (_, index) => contract(302 + index, { start_date: '2026-01-01' }));
    const elsewhere = contract(400, { client_id: 999, previouscontract: 301 });
    const { read } = await requestsFor([soon(301), ...later, elsewhere]);
    expect(renewalsOf(read, asked({ client_id: 101, renewal_horizon_days: 90 }))).toMatchObject({
      renewals: [],
      left_out: { superseded_contracts: 1 },
    });
  });
});
