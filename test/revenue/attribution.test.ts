import { describe, expect, it } from 'vitest';
import { adhoc, answer, billed, client, codes, contract, figures, generated, invoice, template } from './rows.js';

const clients = [
  { id: 201, name: 'Group HQ' },
  { id: 202, name: 'Branch', client_to_invoice_recurring: 201 },
  { id: 203, name: 'Other branch', client_to_invoice: 201, client_to_invoice_recurring: 0 },
];
const raw = {
  clients,
  recurring_invoices: [
    template(-5001, { client_id: 202, lines: [{ id: 11, net_amount: 500 }] }),
    template(-5002, { client_id: 203, lines: [{ id: 12, net_amount: 70 }] }),
    template(-5003, { client_id: 203, client_to_invoice_to_id: 202, lines: [{ id: 13, net_amount: 7 }] }),
  ],
  contracts: [contract(301, { client_id: 202 })],
  invoices: [
    invoice(1, {
      client_id: 201,
      original_client_id: 202,
      lines: [generated(21, 500), generated(22, 33, { original_client_id: 203 })],
    }),
    invoice(2, { client_id: 201, lines: [adhoc(23, 80)] }),
  ],
};
const mrr = (from: ReturnType<typeof answer>) =>
  from.clients.map(({ client_id }) => [client_id, figures(from, 'AUD', client_id).mrr]);
const totals = (from: ReturnType<typeof answer>) =>
  from.clients.map(({ client_id }) => [client_id, ...billed(from, 'AUD', client_id)]);

describe('service client', () => {
  const from = answer(raw);
  it('takes the line’s original client, then the document’s, then its client; templates by their own', () => {
    expect(totals(from)).toEqual([
      [202, '500.00', '0.00', '500.00'],
      [201, '0.00', '80.00', '80.00'],
      [203, '33.00', '0.00', '33.00'],
    ]);
    expect(mrr(from)).toEqual([
      [202, '500.00'],
      [201, '0.00'],
      [203, '77.00'],
    ]);
  });
  it('flags what is billed to another', () => {
    expect(codes(from, 202)).toContain('billed_to_other_client');
    expect(codes(from, 203)).toContain('billed_to_other_client');
    expect(codes(from, 201)).not.toContain('billed_to_other_client');
  });
});

describe('billed client', () => {
  const from = answer(raw, { attribute_to: 'billed_client' });
  it('takes the document’s client; templates by their own bill-to, then their client’s', () => {
    expect(totals(from)).toEqual([
      [201, '533.00', '80.00', '613.00'],
      [202, '0.00', '0.00', '0.00'],
    ]);
    expect(mrr(from)).toEqual([
      [201, '570.00'],
      [202, '7.00'],
    ]);
    expect(figures(from, 'AUD', 201).contract_only_mrr).toBe('800.00');
  });
  it('has the same totals', () => expect(from.totals).toEqual(answer(raw).totals));
});

describe('one client', () => {
  it('gives its own lines on head office’s invoices, and nobody else’s', () => {
    const from = answer(raw, { client_id: 202 });
    expect(from.clients.map(({ client_id }) => client_id)).toEqual([202]);
    expect(billed(from, 'AUD', 202)[2]).toBe('500.00');
    expect(from.totals.AUD?.total_net).toBe('500.00');
    expect(from.statement).toMatch(/^AUD for Branch: /);
    expect(from.flags.every(({ client_id }) => client_id === 202)).toBe(true);
  });
  it('is there with zeros where nothing of it is', () => {
    const from = answer({ clients: [{ id: 5, name: 'New' }] }, { client_id: 5 });
    expect(client(from, 5)).toMatchObject({ name: 'New', currencies: { AUD: { mrr: '0.00', total_net: '0.00' } } });
  });
});

it('a document of two clients is rounded once and divided by largest remainder, ids ascending', () => {
  const lines = [adhoc(21, 0.005, { original_client_id: 302 }), adhoc(22, 0.005, { original_client_id: 301 })];
  const from = answer({ clients: [], invoices: [invoice(1, { lines })] });
  expect(totals(from)).toEqual([
    [301, '0.00', '0.01', '0.01'],
    [101, '0.00', '0.00', '0.00'],
    [302, '0.00', '0.00', '0.00'],
  ]);
});

it('a client is named by /Client, else by its rows, else by its id', () => {
  const from = answer({
    clients: [{ id: 201, name: 'Group HQ' }],
    invoices: [
      invoice(1, { client_id: 201, client_name: 'old name', lines: [adhoc(1, 3)] }),
      invoice(2, { client_id: 7, client_name: 'Seven', lines: [adhoc(2, 2)] }),
      invoice(3, { client_id: 8, lines: [adhoc(3, 1)] }),
      invoice(4, { client_id: null, lines: [adhoc(4, 0.5)] }),
    ],
  });
  expect(from.clients.map(({ name }) => name)).toEqual(['Group HQ', 'Seven', 'Client 8', 'No client']);
});

it('a name that a row gives is that of its own client, not of the one to which the row is attributed', () => {
  const clients = [{ id: 102, client_to_invoice: 201 }];
  const beta = { client_id: 102, client_name: 'Beta' };
  const row = template(-5001, { ...beta, lines: [{ id: 1, net_amount: 3 }] });
  const names = (from: ReturnType<typeof answer>) => from.clients.map(({ client_id, name }) => [client_id, name]);
  for (const raw of [{ recurring_invoices: [row] }, { contracts: [contract(301, beta)] }]) {
    expect(names(answer({ clients, ...raw }))).toEqual([[102, 'Beta']]);
    expect(names(answer({ clients, ...raw }, { attribute_to: 'billed_client' }))).toEqual([[201, 'Client 201']]);
  }
  const served = invoice(1, { ...beta, original_client_id: 103, lines: [adhoc(1, 3)] });
  expect(names(answer({ clients: [], invoices: [served] }))).toEqual([[103, 'Client 103']]);
  expect(names(answer({ clients: [], invoices: [served] }, { attribute_to: 'billed_client' }))).toEqual([
    [102, 'Beta'],
  ]);
});

it('no name that a row gives stands against the one of /Client', () => {
  const named = invoice(1, { client_name: 'Alpha', lines: [] });
  expect(answer({ clients: [{ id: 101, name: 'Zed' }], invoices: [named] }).clients[0]?.name).toBe('Zed');
});

it('of several names that rows give a client, any order gives the same', () => {
  const named = (id: number, client_name: string | undefined) => invoice(id, { client_id: 7, client_name, lines: [] });
  for (const given of [
    ['Beta', 'Alpha', undefined],
    ['Alpha', 'Beta', undefined],
    [undefined, 'Beta', 'Alpha'],
  ]) {
    const invoices = given.map((name, index) => named(index + 1, name));
    expect(answer({ clients: [], invoices }).clients.map(({ name }) => name)).toEqual(['Alpha']);
  }
});
