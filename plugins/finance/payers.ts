/** Who pays for a client, and whom it pays for: why its list of invoices is more or less than what it is billed. */
import { isHaloError, type Query, type ToolContext } from '../../core/index.js';
import { readIfThere } from '../../revenue/halo/index.js';
import { keepClient, keepRecurringInvoice } from '../../revenue/index.js';
import type { InvoiceRow } from './invoice-row.js';
import { JUDGED } from './judged.js';

type Context = Pick<ToolContext, 'halo'>;

/** The most other clients that are named. */
const MOST = 5;

/**
 * A sentence on the clients that pay for the one that a list is narrowed to (according to its recurring invoices or the
 * client itself), and on those it pays for, according to its documents. Undefined if there are none, or it is unknown.
 */
export async function payersOf(
  rows: readonly InvoiceRow[],
  { client_id: client }: Query,
  context: Context,
): Promise<string | undefined> {
  if (typeof client !== 'number') return undefined;
  const payers = await orNone(payersFor(client, context));
  const served = new Set(rows.flatMap(({ [JUDGED]: known }) => (known === undefined ? [] : servedBy(known))));
  for (const one of [0, client]) served.delete(one);
  const [payer, others] = await Promise.all([named(payers, context), named([...served], context)]);
  const said = [
    payer && `${payer} pays for this client: some of its invoices may be there, so list that client's, too.`,
    others && `Some of these are for ${others}, which this client pays for.`,
  ];
  return said.filter(Boolean).join(' ') || undefined;
}

const servedBy = ({ invoice }: NonNullable<InvoiceRow[typeof JUDGED]>): number[] => [
  invoice.original_client,
  ...invoice.lines.map(({ original_client: id }) => id),
];

/** According to the client's recurring invoices, and the client itself. */
async function payersFor(client: number, { halo }: Context): Promise<number[]> {
  const query = { client_id: client, rinvoice_type: 'both' };
  const templates = async () => {
    const { rows } = await halo.list('/RecurringInvoice', { key: 'invoices', query, page: 1, pageSize: 100 });
    const kept = rows.flatMap((row) => keepRecurringInvoice(row) ?? []);
    return kept.filter((one) => one.client === client && !one.disabled).map((one) => one.bill_to);
  };
  const itself = async () => {
    const [row] = await readIfThere(halo, '/Client', client);
    const kept = keepClient(row);
    return kept === undefined ? [] : [kept.bill_to, kept.bill_to_recurring];
  };
  const ids = (await Promise.all([orNone(templates()), orNone(itself())])).flat();
  return [...new Set(ids)].filter((id) => id > 0 && id !== client);
}

/** `Adventure Works Cycles (26)`; only the id if its name can't be read. */
async function named(ids: readonly number[], { halo }: Context): Promise<string> {
  const shown = await Promise.all(
    ids.slice(0, MOST).map(async (id) => {
      const [row] = await orNone(readIfThere(halo, '/Client', id));
      const name = keepClient(row)?.name;
      return name === undefined ? `client ${id}` : `${name} (${id})`;
    }),
  );
  const more = ids.length > MOST ? [`${ids.length - MOST} more`] : [];
  return [...shown, ...more].join(', ');
}

/** A failed read costs the sentence, not the list. */
async function orNone<T>(rows: Promise<T[]>): Promise<T[]> {
  try {
    return await rows;
  } catch (error) {
    if (isHaloError(error) && !['CALL_CANCELLED', 'CALL_TIMEOUT', 'HALO_RATE_LIMITED'].includes(error.code)) return [];
    throw error;
  }
}
