import { EUR, GBP } from './clients.js';
import { type Clock, DAY } from './clock.js';
import type { Doc } from './doc.js';
import { BOOK_MONTHS } from './generated.js';
import { type Line, line } from './money.js';
import { createRandom, type Random } from './random.js';
import type { Ticket } from './tickets.js';

const PRODUCTS: readonly (readonly [string, number])[] = [
  ['DOCK', 189_99],
  ['LAPTOP', 1049_50],
  ['SWITCH', 412_35],
  ['AP', 148_79],
];
const BUYERS = [12, 38, 17, 21, 34, 45, 31, 26, 41, 43] as const;
const HISTORY_ENDS = 9100;

/** Documents made by hand, oldest kind first; dates are in the past or today. */
export function manualDocs(clock: Clock, tickets: readonly Ticket[]): Doc[] {
  const random = createRandom('one-off');
  const months = Array.from({ length: BOOK_MONTHS + 1 }, (_, i) => i - BOOK_MONTHS);
  const docs = [
    ...tickets.filter((ticket) => ticket.id < HISTORY_ENDS).map((ticket) => labourDoc(ticket, random)),
    ...months.map((month) => productDoc(clock.month(month, 8), month + BOOK_MONTHS, random)),
    ...months.filter((month) => month % 3 === 0).map((month) => prepayDoc(clock.month(month, 14), month)),
    ...months.filter((month) => month % 5 === -1).map((month) => trainingDoc(clock.month(month, 21), month)),
    ...tickets.flatMap((ticket) => (ticket.project ? milestoneDocs(ticket) : [])),
    ...euroDocs(clock),
  ].filter((doc) => doc.date <= clock.today);
  return [...docs, ...oddDocs(clock)];
}

/** A plain posted document, with these differences. */
export function manual(client: number, date: number, lines: Line[], more: Partial<Doc> = {}): Doc {
  return {
    ...{ id: 0, kind: 'INV', client, original: 0, date, currency: GBP, contract: 0, ticket: 0, salesOrder: 0 },
    ...{ template: 0, posted: true, voided: false, lines, supplier: 0, reference: '' },
    ...more,
  };
}

/** Time on a ticket; every third also has a part. */
function labourDoc(ticket: Ticket, random: Random): Doc {
  const of = { ticket: ticket.id, text: `Labour, ticket ${ticket.id}` };
  const lines = [line({ item: 'LAB', qty: random.int(4, 26) / 4, price: 95_00, ...of })];
  if (ticket.id % 3 === 0) lines.push(line({ item: 'CABLE', qty: random.int(1, 4), price: 57_33, ticket: ticket.id }));
  return manual(ticket.client.id, ticket.occurred - (ticket.occurred % DAY) + 9 * DAY, lines, { ticket: ticket.id });
}

function productDoc(date: number, nth: number, random: Random): Doc {
  const client = BUYERS[nth % BUYERS.length] ?? 12;
  const lines = Array.from({ length: 1 + (nth % 3) }, (_, i) => {
    const [item, price] = random.pick(PRODUCTS);
    return line({ item, price, qty: random.int(1, 5), template: 0, more: { salesorder_line_id: 700 + nth * 4 + i } });
  });
  return manual(client, date, lines, { salesOrder: 510 + nth, reference: `PO ${4400 + nth * 7}` });
}

const prepayDoc = (date: number, month: number): Doc =>
  manual(month % 2 === 0 ? 43 : 47, date, [
    line({ item: 'PREPAY', qty: 10, price: 82_50, more: { prepay_id: 90 - month } }),
  ]);

const trainingDoc = (date: number, month: number): Doc =>
  manual(month % 2 === 0 ? 36 : 49, date, [line({ item: 'TRAIN', qty: 1, price: 310_45 })]);

/** A deposit on the third day, and a milestone a month later. */
function milestoneDocs(project: Ticket): Doc[] {
  const day = project.occurred - (project.occurred % DAY);
  const of = { item: 'MILE', qty: 1, ticket: project.id };
  const budget = project.project?.money.budget ?? 0;
  const ticket = project.id;
  const deposit = line({
    ...of,
    price: Math.round(budget * 0.25),
    text: `Deposit: ${project.summary}`,
    more: { isdownpayment: true },
  });
  const milestone = line({
    ...of,
    price: Math.round(budget * 0.3),
    text: `Milestone 1: ${project.summary}`,
    more: { milestone_id: ticket + 5 },
  });
  return [
    manual(project.client.id, day + 2 * DAY, [deposit], { ticket }),
    manual(project.client.id, day + 32 * DAY, [milestone], { ticket }),
  ];
}

const euroDocs = (clock: Clock): Doc[] =>
  [-16, -9, -3, -1].map((month, i) => {
    const lines = [line({ item: 'AP', qty: 2 + i, price: 171_26, template: 0, more: { salesorder_line_id: 680 + i } })];
    return manual(i % 2 === 0 ? 29 : 31, clock.month(month, 17), lines, { currency: EUR, salesOrder: 480 + i });
  });

/** One of each trap: drafts, voided ones, a supplier's bill, a recurring item typed by hand. */
function oddDocs(clock: Clock): Doc[] {
  const draft = { posted: false };
  const voided = { posted: false, voided: true };
  const one = (item: string, price: number, qty = 1) => [line({ item, qty, price })];
  return [
    manual(12, clock.today, one('LAB', 95_00, 1.5), draft),
    manual(17, clock.today, one('DOCK', 189_99, 2), draft),
    manual(38, clock.today - DAY, one('TRAIN', 310_45), draft),
    manual(29, clock.today - DAY, one('LAB', 110_00, 3.25), { ...draft, currency: EUR }),
    manual(12, clock.month(-1, 20), one('LAPTOP', 640_00), voided),
    manual(41, clock.month(-6, 9), one('SWITCH', 412_35), { voided: true }),
    manual(
      12,
      clock.month(-2, 16),
      [line({ item: 'LAPTOP', qty: 2, price: 861_20, more: { purchaseorder_id: 301 } })],
      {
        ...{ kind: 'BILL', supplier: 7, reference: 'Supplier bill 88120' },
      },
    ),
    manual(47, clock.month(-1, 11), [
      line({ item: 'M365BP', qty: 3, price: 18_10, text: 'Microsoft 365, first weeks' }),
    ]),
  ];
}
