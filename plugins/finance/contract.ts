import {
  column,
  costsPart,
  filter,
  getTool,
  type Halo,
  type HaloError,
  isHaloError,
  type Row,
  z,
} from '../../core/index.js';
import { brokenLines, currenciesOf, emptyWhereForbidden, readIfThere, today } from '../../revenue/halo/index.js';
import { type Contract, keepContract } from '../../revenue/index.js';
import { nothingBills, whatBills } from './contract-billing.js';
import { beside, type Completed, type ContractRow, columns, isActive, judged, more, notBegun } from './contract-row.js';
import { BESIDE, JUDGED } from './judged.js';
import { lineColumns, templateLines } from './recurring-invoices.js';
import { currentContracts, supersededOf } from './superseded.js';

/** One contract, and what bills it. */
export const getContract = getTool({
  name: 'get_contract',
  title: 'Contract or agreement details',
  description:
    'Details of one contract (agreement): who it is for, when it is to start and end, terms, billing period, worth, and recurring invoices that bill it.',
  scopes: ['read:contracts'],
  optionalScopes: ['read:invoices', 'read:customers'],
  examples: [{ id: 31 }],
  record: 'contracts',
  from: { path: '/ClientContract', query: { includedetails: true } },
  input: { id: filter.Id.describe('Contract id') },
  fields: {
    ...columns,
    ...more,
    site_id: column.ref('site_id'),
    halo_status: column.text('contract_status', 40),
    rolling: column.flag('rollingcontract'),
    previous_contract_id: column.ref('previouscontract'),
    note: column.html('note', 600),
    billed_by: column.value(z.array(z.int()), (row: ContractRow) => {
      const billing = row[BESIDE]?.billing;
      return billing === undefined || isHaloError(billing)
        ? undefined
        : billing.live.map((template) => Number(template.id));
    }),
  },
  async complete(record, { halo, zone }): Promise<Completed> {
    const contract = keepContract(record);
    if (contract === undefined) return record;
    const day = today({ zone });
    const [currencies, client, billing, superseded] = await Promise.all([
      currenciesOf([record], halo),
      readIfThere(halo, '/Client', contract.client).catch(noClient),
      whatBills(contract, { halo, zone }),
      isSuperseded(record, contract, { halo, day }),
    ]);
    const clientUnread = isHaloError(client);
    const [row] = beside([record], { currencies, day, superseded, ...(!clientUnread && { clients: client }) });
    return { ...record, [BESIDE]: { currencies, today: day, ...row?.[BESIDE], billing, clientUnread } };
  },
  read: judged,
  also: ['/RecurringInvoice', '/Client'],
  parts: {
    billing_lines: {
      columns: {
        recurring_invoice_id: column.id('recurring_invoice_id'),
        ...lineColumns(),
        period: column.text('period'),
      },
      rows(record: ContractRow) {
        const { billing } = record[BESIDE] ?? {};
        const { contract } = record[JUDGED] ?? {};
        if (billing === undefined || contract === undefined) return undefined;
        if (isHaloError(billing)) throw billing;
        const rows = billing.live.flatMap(templateLines).filter((line) => line.contract_id === contract.id);
        const broken = billing.live.map(({ [JUDGED]: known }) => brokenLines(known?.template ?? { unread: [] }));
        const none =
          billing.live.length === 0 && isActive(record) === true ? nothingBills(contract.id, billing.idle) : undefined;
        const hints = [notBegun([record]), none ?? broken.find((sentence) => sentence !== undefined)];
        return { rows, hint: hints.filter(Boolean).join(' ') };
      },
    },
  },
});

/** Whether a renewal has replaced the contract: one verdict, as for a row of the list. */
async function isSuperseded(record: Row, { client }: Contract, { halo, day }: { halo: Halo; day: string }) {
  const [row = record] = beside([record], { currencies: [], day });
  if (client <= 0 || isActive(judged(row)) === false) return [];
  const current = await currentContracts(halo, client);
  return current === undefined ? [] : supersededOf([record], current, day);
}

/** Nothing if this login may not read it; otherwise the error, which costs the contract its currency. */
const noClient = (error: unknown): [] | HaloError =>
  costsPart(error) && error.code !== 'HALO_SCOPE_MISSING' && error.code !== 'HALO_FORBIDDEN'
    ? error
    : emptyWhereForbidden(error);
