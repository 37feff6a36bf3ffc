import { DAY, haloDate, NEVER, NEVER_OLD, OPEN_END } from '../tenant/clock.js';
import type { Contract } from '../tenant/contracts.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import { LOOKUPS } from '../tenant/lookups.js';
import { PERIOD_NAMES } from '../tenant/schedule.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';
import { like } from './people.js';

/** By default those flagged active, which includes expired ones. No date or status filter, as in Halo. */
export const contracts: Endpoint = pagedEndpoint({
  path: 'clientcontract',
  scope: 'read:contracts',
  key: 'contracts',
  order: {
    id: (contract: Contract) => contract.id,
    ref: (contract: Contract) => contract.ref.toLowerCase(),
    end_date: (contract: Contract) => contract.end ?? Number.POSITIVE_INFINITY,
  },
  find(tenant, query) {
    const client = query.int('client_id');
    return tenant
      .contracts()
      .filter(
        (contract) =>
          (contract.active || query.flag('includeinactive')) &&
          !(query.flag('excluderenewed') && isRenewed(contract, tenant)) &&
          (client === undefined || contract.client === client) &&
          like(query.text('search'), contract.ref, contract.title, clientOf(contract.client).name),
      )
      .toReversed();
  },
  show: contractRow,
  detail(tenant, id) {
    const contract = tenant.contract(id);
    return contract && contractDetail(contract, tenant);
  },
});

/** True if another contract, started or not, names this one as its predecessor. */
const isRenewed = ({ id }: Contract, tenant: Tenant): boolean =>
  tenant.contracts().some(({ previous }) => previous === id);

function contractRow(contract: Contract, tenant: Tenant): Row {
  const expired = contract.end !== undefined && contract.end < tenant.clock.today && contract.rolling !== true;
  const status = expired ? 4 : 3;
  return {
    ...{ id: contract.id, client_id: contract.client, client_name: clientOf(contract.client).name },
    ...{ ref: contract.ref, refextra: contract.title, refextra2: '', start_date: haloDate(contract.start) },
    end_date: contract.end === undefined ? OPEN_END : haloDate(contract.end),
    ...{ started: contract.start <= tenant.clock.today, expired, active: contract.active, status },
    ...{ contract_status: LOOKUPS[38]?.[status] ?? '', contracttype: contract.type },
    ...{ contracttype_name: LOOKUPS[28]?.[contract.type] ?? '', billingdescription: 1 },
    ...{ billingperiod: contract.period, periodchargeamount: contract.charge / 100, numberofunitsfree: 0 },
    ...nextInvoice(contract, tenant),
    ...{ site_id: 0, site_name: '', user_id: 0, user_name: '', sla_id: clientOf(contract.client).sla ?? 1 },
    ...{ billingcategory: 0, cost_calculation: '', createdby_id: 3, createdby_name: 'Alice Archer' },
    ...{ last_modified: haloDate(tenant.clock.today - (contract.id % 50) * DAY + 21_612_330) },
    ...{ accounts_override_mailbox: 0, use: 'contract', key: contract.id },
  };
}

/** From the template that bills the contract. Some rows hold the other "no date". */
function nextInvoice(contract: Contract, tenant: Tenant): Row {
  const none = contract.id % 2 === 0 ? NEVER : NEVER_OLD;
  const billing = tenant.billingOf(contract.id);
  const next = billing === undefined ? none : haloDate(billing.schedule.next);
  return { periodicinvoicenextdate: contract.charge > 0 ? next : none, next_invoice_date: next };
}

/** What the list schema lacks: rolling, predecessor, "don't invoice", the period's name. */
const contractDetail = (contract: Contract, tenant: Tenant): Row => ({
  ...contractRow(contract, tenant),
  ...{ note: contract.note ?? '', customfields: [], rollingcontract: contract.rolling === true },
  ...{ previouscontract: contract.previous ?? 0, dontinvoice: contract.dontInvoice === true },
  billing_period_string: PERIOD_NAMES[contract.period] ?? '',
});
