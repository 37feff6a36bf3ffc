/** What bills a contract: the recurring invoices that are linked to it. */
import { costsPart, type Halo, HaloError, intOf, type Row, type ToolContext } from '../../core/index.js';
import { TEMPLATE_QUERY } from '../../revenue/halo/index.js';
import { type Contract, contractsOf, IDLE, linkOf } from '../../revenue/index.js';
import { JUDGED } from './judged.js';
import { type Template, valued } from './recurring-invoices.js';

/** The recurring invoices linked to a contract: those that bill it, and the others. */
export interface Billing {
  live: Template[];
  idle: Template[];
}

/** Explains why nothing bills an active contract. */
export function nothingBills(contract: number, idle: Template[]): string {
  if (idle.length === 0) return 'No recurring invoice bills this contract.';
  const ids = idle.flatMap((row) => {
    const known = row[JUDGED];
    const why = known && linkOf(known.template, contract, known.today).idle;
    return why === undefined ? [] : `${Number(row.id)} (${IDLE[why]})`;
  });
  return `No recurring invoice bills this contract; linked, but bills nothing: ${ids.join(', ')}.`;
}

/** The recurring invoices linked to a contract by their header or by any line: those that bill it, and the others. */
export async function whatBills(
  contract: Contract,
  context: Pick<ToolContext, 'halo' | 'zone'>,
): Promise<Billing | HaloError> {
  try {
    const rows = await valued(await templatesOf(contract, context.halo), context);
    const linked = rows.filter((row) => {
      const template = row[JUDGED]?.template;
      return template !== undefined && contractsOf(template).includes(contract.id);
    });
    const isLive = (row: Template) => {
      const known = row[JUDGED];
      return known !== undefined && linkOf(known.template, contract.id, known.today).idle === undefined;
    };
    return { live: linked.filter(isLive), idle: linked.filter((row) => !isLive(row)) };
  } catch (error) {
    if (costsPart(error)) return error;
    throw error;
  }
}

/** The client's templates, and those of others that name the contract: a head office may be billed for it. */
async function templatesOf({ id, client }: Contract, halo: Halo): Promise<Row[]> {
  const walks = await Promise.all([
    halo.all('/RecurringInvoice', {
      key: 'invoices',
      query: TEMPLATE_QUERY,
      where: client > 0 ? { client_id: client } : {},
    }),
    halo.all('/RecurringInvoice', { key: 'invoices', query: { ...TEMPLATE_QUERY, contract_id: id } }),
  ]);
  for (const walk of walks)
    if (!walk.complete)
      throw new HaloError('HALO_UNAVAILABLE', `The recurring invoices could not be read completely: ${walk.reason}.`);
  const templates = walks.flatMap(({ rows }) => rows).filter((row) => (intOf(row.id) ?? 0) < 0);
  return [...new Map(templates.map((row) => [Number(row.id), row])).values()];
}
