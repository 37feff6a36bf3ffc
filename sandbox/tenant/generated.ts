import { CLIENTS } from './clients.js';
import type { Clock } from './clock.js';
import type { Doc, Recurring } from './doc.js';
import { PROJECT } from './lookups.js';
import { type Line, line } from './money.js';
import { createRandom } from './random.js';
import type { Period } from './schedule.js';
import type { Ticket } from './tickets.js';

/** Documents reach back this many months. */
export const BOOK_MONTHS = 23;

/** What was added to one run: `[template, runs before the last one]`. */
const LABOUR_ON_RUN = [
  [-94, 1],
  [-102, 1],
];
const HAND_ADDED = [
  [-98, 2],
  [-111, 4],
];
const PRO_RATA = [[-95, 2]];
const TWICE = [[-98, 3]];

/** The runs of a template inside the book, oldest first. */
export function generatedDocs(clock: Clock, one: Recurring, tickets: readonly Ticket[]): Doc[] {
  const { template, schedule } = one;
  const kept = schedule.runs.filter((run) => run.from >= clock.month(-BOOK_MONTHS));
  const first = schedule.runs.length === kept.length ? 0 : -1;
  const random = createRandom(`runs ${template.id}`);
  return kept.flatMap((run, i) => {
    const ago = kept.length - 1 - i;
    const is = (cases: readonly (readonly number[])[]) => cases.some(([id, n]) => id === template.id && n === ago);
    const lines = [
      ...one.lines.flatMap((each) => copied(each, template.id, ago, i === first, random.next())),
      ...(is(LABOUR_ON_RUN) ? labour(template.id, template.client, run, tickets) : []),
      ...(is(HAND_ADDED) ? [line({ item: 'ONB', qty: 1, price: 150_00 })] : []),
      ...(is(PRO_RATA) ? [proRata(one)] : []),
    ];
    const doc = header(one, run, lines);
    return is(TWICE) ? [doc, header(one, run, lines)] : [doc];
  });
}

/** A posted document of one run. If head office pays, it is billed and the branch is named. */
export function header(one: Recurring, run: Period, lines: readonly Line[]): Doc {
  const { template } = one;
  const payer = CLIENTS.find((client) => client.id === template.client)?.payer;
  return {
    ...{ id: 0, kind: 'INV', date: run.from, currency: one.currency, ticket: 0, salesOrder: 0, supplier: 0 },
    ...{ client: payer ?? template.client, original: payer === undefined ? 0 : template.client },
    ...{ contract: one.lines[0]?.contract ?? 0, template: template.id, period: run, reference: template.reference },
    ...{ posted: true, voided: false, lines: lines.map((each) => ({ ...each })) },
  };
}

/** Seats grew by one a quarter; meters vary. */
function copied(each: Line, template: number, ago: number, isFirst: boolean, dice: number): Line[] {
  const once = each.more.onetimecharge === true;
  if (once ? !(isFirst && each.more.isinactive === true) : each.more.isinactive === true) return [];
  const heading = each.more.isgroupdesc === true;
  const seats = each.item === 'MS-USER' && each.qty > 10 ? each.qty - Math.floor(ago / 4) : each.qty;
  const { item, text, price, contract, period } = each;
  const more = once ? { onetimecharge: true } : heading ? { isgroupdesc: true } : {};
  const qty = each.more.is_meter === true ? Math.round(each.qty * (0.7 + dice * 0.6)) : seats;
  return [line({ item, text, price, contract, period, qty, template, templateLine: heading ? 0 : each.id, more })];
}

/** Ticket time merged onto the run: the line names its ticket, and on one of the two the template as well. */
function labour(template: number, client: number, run: Period, tickets: readonly Ticket[]): Line[] {
  const ticket = lastTicketOf(client, run.from, tickets);
  const text = `Labour, ticket ${ticket}`;
  return [line({ item: 'LAB', text, qty: 2.75, price: 95_00, ticket, template: template === -94 ? template : -1 })];
}

function proRata(one: Recurring): Line {
  const from = one.lines[0];
  const text = `${from?.text ?? ''} (part of the month)`;
  const more = { pro_rata_line_id: from?.id ?? 0 };
  const price = from?.price ?? 0;
  return line({ item: 'M365BP', text, qty: 1.4, price, period: 2, template: one.template.id, more });
}

/** The client's ticket closed last before a day, 0 when there is none. */
function lastTicketOf(client: number, before: number, tickets: readonly Ticket[]): number {
  let found: Ticket | undefined;
  for (const ticket of tickets) {
    if (ticket.client.id !== client || ticket.type === PROJECT) continue;
    if (ticket.closed === undefined || ticket.closed >= before) continue;
    if (found?.closed === undefined || ticket.closed > found.closed) found = ticket;
  }
  return found?.id ?? 0;
}
