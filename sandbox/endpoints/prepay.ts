import type { Doc } from '../tenant/book.js';
import { addMonths, DAY, haloDate, NEVER } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import type { Row } from '../types.js';
import { type Endpoint, pagedEndpoint } from './define.js';

/** How many months a block lasts. */
const LASTS = 12;

interface Entry {
  id: number;
  client: number;
  at: number;
  hours: number;
  /** Pence. */
  amount: number;
  description: string;
  expires?: number;
  expired?: boolean;
  invoice?: number;
}

/** The ledger of prepaid time: blocks bought and hours expired. Use is recorded only in actions. */
export const prepay: Endpoint = pagedEndpoint({
  path: 'clientprepay',
  scope: 'read:contracts',
  key: 'prepay',
  find(tenant, query) {
    const client = query.int('client_id');
    return entries(tenant).filter((entry) => client === undefined || entry.client === client);
  },
  show: entryRow,
});

function entries(tenant: Tenant): Entry[] {
  const bought = tenant.book().docs.flatMap((doc) => blockOf(doc, tenant));
  const left = leftOf(bought, tenant);
  const gone = bought.flatMap((block): Entry[] => {
    const { client, id, expires = 0, expired } = block;
    const hours = -(left.get(id) ?? 0);
    return expired && hours < 0
      ? [{ id: id + 500, client, at: expires, hours, amount: 0, description: 'Expired' }]
      : [];
  });
  return [...bought, ...gone].toSorted((a, b) => b.id - a.id);
}

/** The unused hours of each block. Work is drawn from the one that expires first. */
function leftOf(blocks: readonly Entry[], tenant: Tenant): Map<number, number> {
  const left = new Map(blocks.map(({ id, hours }) => [id, hours]));
  const inOrder = blocks.toSorted((a, b) => (a.expires ?? 0) - (b.expires ?? 0));
  for (const { ticket, at, prepaid } of tenant.actions()) {
    const client = tenant.ticket(ticket)?.client.id;
    let rest = prepaid;
    for (const { id, client: owner, at: from, expires = 0 } of inOrder) {
      if (owner !== client || rest === 0 || from > at || expires < at) continue;
      const part = Math.min(rest, left.get(id) ?? 0);
      left.set(id, (left.get(id) ?? 0) - part);
      rest -= part;
    }
  }
  return left;
}

function blockOf(doc: Doc, { clock }: Tenant): Entry[] {
  return doc.lines.flatMap((line): Entry[] => {
    const id = Number(line.more.prepay_id ?? 0);
    if (id === 0) return [];
    const expires = addMonths(doc.date, LASTS);
    return [
      {
        ...{ id, client: doc.client, at: doc.date, hours: line.qty, amount: line.net, description: 'Block of hours' },
        ...{ expires, expired: expires < clock.today - DAY, invoice: doc.id },
      },
    ];
  });
}

function entryRow({ id, client, at, hours, amount, description, expires, expired, invoice }: Entry): Row {
  return {
    ...{ id, client_id: client, client_name: clientOf(client).name, date: haloDate(at), hours, amount: amount / 100 },
    ...{ description, expirydate: expires === undefined ? NEVER : haloDate(expires), expirychecked: expired === true },
    ...{
      invoicedate: invoice === undefined ? NEVER : haloDate(at),
      invoice_id: invoice === undefined ? '' : String(invoice),
    },
  };
}
