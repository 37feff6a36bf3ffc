import type { SandboxOptions } from '../types.js';
import { actions } from './actions.js';
import { agents, teams } from './agents.js';
import { assets, assetTypes } from './assets.js';
import { contracts } from './contracts.js';
import type { Endpoint } from './define.js';
import { invoices, recurringInvoices } from './invoices.js';
import { invoiceChanges, items } from './items.js';
import { licences } from './licences.js';
import { lookupEndpoints } from './lookups.js';
import { salesOrders } from './orders.js';
import { outcomes } from './outcomes.js';
import { payments } from './payments.js';
import { clients, sites, users } from './people.js';
import { prepay } from './prepay.js';
import { reports } from './reports.js';
import { projects, tickets } from './tickets.js';
import { timesheetEvents } from './timesheet-events.js';
import { timesheets } from './timesheets.js';

/** Every route under /api that needs a token, by its lower-case path. */
export function endpoints(options: Pick<SandboxOptions, 'agentEnvelope'>): ReadonlyMap<string, Endpoint> {
  const all = [
    ...[tickets, actions, projects, clients, sites, users, contracts, invoices, recurringInvoices, payments],
    ...[prepay, salesOrders, timesheetEvents, items, invoiceChanges, licences],
    ...[assets, assetTypes, agents(options.agentEnvelope), teams, ...lookupEndpoints, outcomes, reports, timesheets],
  ];
  return new Map(all.map((endpoint) => [endpoint.path, endpoint]));
}
