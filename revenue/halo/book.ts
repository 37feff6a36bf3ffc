/** The book of a question: all of its lists, read concurrently. */
import type { ToolContext } from '../../core/index.js';
import {
  type Book,
  billingOf,
  type Client,
  type Contract,
  contractStates,
  contractsOf,
  type Invoice,
  invoiceWindow,
  isBilled,
  LOOK_BACK_MONTHS,
  monthsAfter,
  type Params,
  type RecurringInvoice,
  standing,
} from '../index.js';
import { ContractReader } from './contracts.js';
import { namedClients, projectNames } from './names.js';
import { Reader } from './reader.js';
import type { Seen } from './seen.js';

type Context = Pick<ToolContext, 'halo' | 'progress' | 'log' | 'signal'>;

/** What the lists provide; the rest of the book is read the same way for all clients and for one. */
type Lists = Pick<Book, 'recurring_invoices' | 'invoices' | 'contracts' | 'invoices_of' | 'others_post'>;

interface Reading {
  reader: Reader;
  contracts: ContractReader;
  params: Params;
  /** Undefined if the question needs no invoices. */
  window: Window | undefined;
}

interface Window {
  from: string;
  to: string;
}

/**
 * Fetches everything that a breakdown needs, in no more requests than there are pages: recurring invoices, invoices of
 * the window, contracts, clients, currencies, and the invoices outside the window that credit notes undo. Rows are
 * reduced as their pages arrive. `complete` and `reason` tell what could not be read completely. Questions that need no
 * invoices leave `invoices` out.
 */
export async function fetchBook(
  params: Params,
  { halo, progress, log, signal }: Context,
  { invoices: billed = true, runRate = false, seen = {}, ...given }: Parts = {},
): Promise<Book> {
  const reader = new Reader(halo, progress, seen);
  const { client_id: client, attribute_to: attribution } = params;
  const clients = await reader.clients(client, attribution);
  const window = 'window' in given ? given.window : windowFor(params, { billed, runRate });
  const reading = { reader, contracts: new ContractReader(reader, signal), params, window };
  const own = clients.find(({ id }) => id === client);
  const [lists, currencies] = await Promise.all([
    own === undefined || attribution === 'billed_client' ? listsOfAll(reading, own) : listsOf(own, reading),
    reader.currencies(),
  ]);
  const [linked, projects, others] = await Promise.all([
    reader.linked(lists.invoices),
    params.group_by.includes('project') ? projectNames(halo, projectsOf(lists.invoices, params)) : undefined,
    own === undefined ? [] : namedClients(halo, servedBeside(own.id, lists.invoices, clients)),
  ]);
  log.debug({ pages: reader.pages, invoices: lists.invoices.length }, 'book fetched');
  return {
    ...lists,
    clients: [...clients, ...others],
    currencies,
    linked_invoices: linked,
    ...(projects !== undefined && { projects }),
    complete: reader.reasons.length === 0,
    ...(reader.reasons.length > 0 && { reason: reader.reasons }),
    pages: reader.pages,
  };
}

/** Which documents a question needs. */
export interface Needs {
  readonly billed: boolean;
  /** Also those that say what was billed on a past day. */
  readonly runRate: boolean;
}

interface Parts {
  invoices?: boolean;
  runRate?: boolean;
  seen?: Seen;
  /** The days of documents, if several questions share one book. */
  window?: Window | undefined;
}

/** The days of documents that a question needs; undefined if it needs none. */
export function windowFor(params: Params, { billed, runRate }: Needs): Window | undefined {
  if (!billed) return undefined;
  const asked = invoiceWindow(params, params.month_basis);
  return runRate ? withRunRate(asked, params) : asked;
}

/** The projects whose milestones were billed in the window that was asked about, the latest first. */
function projectsOf(invoices: readonly Invoice[], { from, to, month_basis: basis }: Params): number[] {
  const asked = invoices.filter(({ date }) => basis !== 'billed' || date === undefined || (date >= from && date <= to));
  const ids = asked.flatMap(({ ticket, lines }) =>
    lines.filter(({ milestone }) => milestone > 0).map((line) => line.ticket || ticket),
  );
  return [...new Set(ids)].filter((id) => id > 0).sort((a, b) => b - a);
}

/** Clients that this client pays for and that are not known yet: their names are shown (B2). */
function servedBeside(client: number, invoices: readonly Invoice[], known: readonly Client[]): number[] {
  const served = invoices
    .filter((invoice) => invoice.client === client)
    .flatMap(({ original_client, lines }) => [original_client, ...lines.map((line) => line.original_client)]);
  const ids = new Set(known.map(({ id }) => id));
  return [...new Set(served)].filter((id) => id > 0 && !ids.has(id));
}

/** The window, extended to the documents that say what was billed on a past day. */
function withRunRate({ from, to }: Window, { as_of: asOf, today = asOf }: Params): Window {
  if (asOf >= today) return { from, to };
  const since = monthsAfter(asOf, -LOOK_BACK_MONTHS);
  return { from: since < from ? since : from, to: asOf > to ? asOf : to };
}

/** All clients' agreements, and either all documents or those billed to one client. */
async function listsOfAll({ reader, contracts: read, params, window }: Reading, billed?: Client): Promise<Lists> {
  const [templates, invoices, listed] = await Promise.all([
    reader.templates(undefined),
    window === undefined ? [] : reader.invoices(billed && [billed.id], window),
    read.list(undefined),
  ]);
  tellOwnerless(templates, reader, 'stands under no client');
  return {
    recurring_invoices: templates,
    invoices,
    contracts: await read.judge(listed, templates, params),
    ...(await readFor(billed && [billed.id], invoices, reader, window)),
  };
}

/**
 * What one client's answer needs, so that it equals its share of the answer for all (O1): its contracts and everything
 * that bills them, its recurring invoices and the contracts that they name, and the documents of all clients it is
 * billed to.
 */
async function listsOf(client: Client, reading: Reading): Promise<Lists> {
  const { reader, contracts: read, params, window } = reading;
  const { id } = client;
  const agreements = async () => {
    const listed = await read.list([id]);
    const { templates, unread } = await templatesFor(client, listed, reader);
    const others = through(client, templates);
    const billed = window === undefined || others.length === 0 ? [] : await reader.invoices(others, window);
    return { listed, templates, unread, others, billed };
  };
  const [{ listed, templates, unread, others, billed }, own] = await Promise.all([
    agreements(),
    window === undefined ? [] : reader.invoices([id], window),
  ]);
  const invoices = [...own, ...billed];
  const named = await read.named(strangers(id, listed, templates, invoices));
  const around = [...listed, ...named];
  const known = new Set(around.map((contract) => contract.id));
  const recurring = templates.filter((one) => one.client === id || contractsOf(one).some((named) => known.has(named)));
  const contracts = await read.judge(around, recurring, params, id);
  tellOwnerless(templates, reader, "may be this client's");
  if (unread > 0 && hasUnbilled(id, contracts, recurring, params.as_of))
    reader.reasons.push(
      `RecurringInvoice: ${unread} of other clients came without lines, so one of them may bill a contract that seems to have none`,
    );
  return {
    recurring_invoices: recurring,
    invoices,
    contracts,
    ...(await readFor([id, ...others], invoices, reader, window)),
  };
}

/** Recurring invoices without a client make an answer incomplete. */
function tellOwnerless(templates: readonly RecurringInvoice[], { reasons }: Reader, so: string): void {
  const many = templates.filter(({ client }) => client === 0).length;
  if (many > 0) reasons.push(`RecurringInvoice: ${many} say no client, so each ${so}`);
}

/**
 * The client's recurring invoices; all of them if it has contracts or bills those of others, since any may bill these.
 */
async function templatesFor(client: Client, contracts: readonly Contract[], reader: Reader) {
  const ids = new Set(contracts.map(({ id }) => id));
  const kin = [client.id, ...through(client, [])];
  const matters = (one: RecurringInvoice) => kin.includes(one.client) || ids.has(one.contract);
  if (contracts.some(({ archived }) => !archived)) return reader.templatesAround(matters);
  const own = await reader.templates(client.id);
  return own.some((one) => contractsOf(one).length > 0)
    ? reader.templatesAround(matters)
    : { templates: own, unread: 0 };
}

/** The clients that one client is invoiced through, first by its recurring invoices (O2); only its own lines count. */
function through({ id, bill_to, bill_to_recurring }: Client, templates: readonly RecurringInvoice[]): number[] {
  const own = templates.filter(({ client }) => client === id).map((template) => template.bill_to);
  return [...new Set([...own, bill_to, bill_to_recurring])].filter((other) => other > 0 && other !== id);
}

/**
 * Other clients' contracts that decide how the client's rows count: those that its recurring invoices or lines name.
 */
function strangers(
  client: number,
  contracts: readonly Contract[],
  templates: readonly RecurringInvoice[],
  invoices: readonly Invoice[],
): number[] {
  const known = new Set(contracts.map(({ id }) => id));
  const billed = invoices
    .filter(({ period_start, period_end }) => period_start !== undefined && period_end !== undefined)
    .flatMap(({ contract, lines }) => [contract, ...lines.map((line) => line.contract)]);
  const agreed = templates.filter((template) => template.client === client).flatMap(contractsOf);
  return [...new Set([...billed, ...agreed])].filter((id) => id > 0 && !known.has(id));
}

function hasUnbilled(
  client: number,
  contracts: readonly Contract[],
  templates: readonly RecurringInvoice[],
  asOf: string,
): boolean {
  const states = contractStates(contracts, asOf);
  const billing = billingOf(templates, contracts, states, asOf);
  return contracts.some(
    (one) => one.client === client && states.get(one.id) === 'in_force' && !isBilled(billing, one.id),
  );
}

/** Whose documents were read (O5); and if none of them is posted, whether other clients' are (R5). */
async function readFor(
  clients: readonly number[] | undefined,
  invoices: readonly Invoice[],
  reader: Reader,
  window: Reading['window'],
): Promise<Pick<Lists, 'invoices_of' | 'others_post'>> {
  if (clients === undefined || window === undefined) return {};
  const documents = invoices.filter((invoice) => standing(invoice) === 'document');
  const silent = documents.length > 0 && !documents.some(({ posted }) => posted);
  return { invoices_of: clients, ...(silent && { others_post: await reader.posts(window) }) };
}
