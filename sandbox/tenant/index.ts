import type { Scale } from '../types.js';
import type { Action } from './actions.js';
import { type Asset, makeAssets } from './assets.js';
import { type Book, makeBook, type Recurring } from './book.js';
import { type Changes, createChanges } from './changes.js';
import { CLIENTS, type Client } from './clients.js';
import { type Clock, createClock } from './clock.js';
import { type Contract, makeContracts } from './contracts.js';
import { harsher } from './harsh.js';
import { makeHistory, makeProjects } from './projects.js';
import { must, once } from './random.js';
import { makeTickets, type Ticket } from './tickets.js';
import type { TenantName } from './variants.js';

/** A small MSP and its customers. Each part is built on first use and depends only on `now`. */
export interface Tenant {
  clock: Clock;
  /** All writes since the start. */
  changes: Changes;
  /** Which tenant it is. */
  is(name: TenantName): boolean;
  /** Newest first; projects included. */
  tickets(): readonly Ticket[];
  /** Oldest first. */
  actions(): readonly Action[];
  contracts(): readonly Contract[];
  book(): Book;
  assets(): readonly Asset[];
  ticket(id: number): Ticket | undefined;
  contract(id: number): Contract | undefined;
  /** The document that bills a ticket's time, 0: none yet. */
  invoiceOf(ticket: number): number;
  /** The first live template that bills a contract. */
  billingOf(contract: number): Recurring | undefined;
}

export function createTenant(now: number, scale: Scale = {}, name: TenantName = 'usual'): Tenant {
  const clock = createClock(now);
  const changes = createChanges();
  /** The original tickets: the books never change. */
  const made = once(() =>
    [...makeTickets(clock), ...makeProjects(clock), ...makeHistory(clock)]
      .map(name === 'harsh' ? harsher : (ticket) => ticket)
      .toSorted((a, b) => b.occurred - a.occurred),
  );
  const contracts = once(() => makeContracts(clock, scale.contracts ?? 0));
  const sizes = { invoices: scale.invoices ?? 0, recurring: scale.recurringInvoices ?? 0 };
  const byId = once(() => ({
    ticket: new Map(made().map((one) => [one.id, one])),
    contract: new Map(contracts().map((one) => [one.id, one])),
  }));
  const book = once(() => makeBook({ clock, contracts: contracts(), tickets: made(), sizes, name }));
  const billed = once(() => {
    const docs = book().docs.filter((doc) => doc.kind === 'INV' && !doc.voided);
    return new Map(
      docs.flatMap((doc) => doc.lines.filter((each) => each.ticket > 0).map((each) => [each.ticket, doc.id])),
    );
  });
  const billing = once(() => {
    const live = book().recurring.filter(({ template, schedule }) => !template.disabled && schedule.end === undefined);
    return new Map(live.toReversed().map((one) => [one.lines[0]?.contract ?? 0, one]));
  });
  const tickets = each(changes.version, () => [...changes.added(), ...made()].map(changes.now));
  return {
    ...{ clock, changes, tickets, contracts },
    is: (one) => one === name,
    actions: each(changes.version, () =>
      tickets()
        .flatMap((ticket) => ticket.actions())
        .toSorted((a, b) => a.at - b.at),
    ),
    book,
    assets: once(() => makeAssets(clock, (id) => clientOf(id).ref)),
    ticket: (id) => {
      const found = changes.added().find((one) => one.id === id) ?? byId().ticket.get(id);
      return found && changes.now(found);
    },
    contract: (id) => byId().contract.get(id),
    invoiceOf: (ticket) => billed().get(ticket) ?? 0,
    billingOf: (contract) => billing().get(contract),
  };
}

/** Computes once per version. */
function each<T>(version: () => number, compute: () => T): () => T {
  let done: { value: T; of: number } | undefined;
  return () => {
    const of = version();
    if (done?.of !== of) done = { value: compute(), of };
    return done.value;
  };
}

const CLIENT_BY_ID = new Map(CLIENTS.map((client) => [client.id, client]));

export const findClient = (id: number): Client | undefined => CLIENT_BY_ID.get(id);
export const clientOf = (id: number): Client => must(findClient(id), `client ${id}`);
