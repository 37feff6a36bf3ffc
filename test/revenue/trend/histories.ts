/** Random histories of three years: subscriptions billed monthly, credited, swapped, late and lost. */
import fc from 'fast-check';
import type { RawBook } from '../books.js';
import { AUD, type Fields, JPY, KWD, template, USD } from '../rows.js';

export const AS_OF = '2026-07-10';
/** The first day of bills. The trend's window is the last two and a half years. */
const FIRST = '2023-07-01';
export const WINDOW = { from: '2024-01-01', to: '2026-06-30' };

const CLIENTS = [101, 102, 103];

/** The life of one subscription. */
interface Life {
  client: number;
  other: number;
  currency: number;
  months: number;
  weekly: boolean;
  start: number;
  day: number;
  bills: number;
  nets: number[];
  quantity: number[];
  second: number;
  arrears: boolean;
  named: boolean;
  lineIds: boolean;
  events: Event[];
  end: 'open' | 'disabled' | 'ended' | 'backwards' | 'missing';
}

type Kind = (typeof KINDS)[number];
const KINDS = [
  'none',
  'none',
  'skip',
  'void',
  'draft',
  'twice',
  'credit',
  'rebill',
  'goodwill',
  'part',
  'rest',
  'positive',
  'moved',
  'pro_rata',
  'usage',
  'negative',
  'span',
] as const;
interface Event {
  at: number;
  kind: Kind;
}

const cents = fc.integer({ min: 1, max: 90_000 }).map((amount) => amount / 100);
const life: fc.Arbitrary<Life> = fc.record({
  client: fc.constantFrom(...CLIENTS),
  other: fc.constantFrom(...CLIENTS),
  currency: fc.constantFrom(1, 1, 1, 2, 3, 4),
  months: fc.constantFrom(1, 1, 1, 3, 6, 12, 24),
  weekly: fc.constantFrom(false, false, false, false, true),
  start: fc.integer({ min: 0, max: 30 }),
  day: fc.constantFrom(1, 1, 1, 10, 16, 28),
  bills: fc.integer({ min: 1, max: 36 }),
  nets: fc.array(cents, { minLength: 1, maxLength: 3 }),
  quantity: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 }),
  second: fc.constantFrom(0, 0, 12.5, -3),
  arrears: fc.constantFrom(false, false, true),
  named: fc.constantFrom(true, true, true, false),
  lineIds: fc.constantFrom(true, true, false),
  events: fc.array(fc.record({ at: fc.nat(35), kind: fc.constantFrom(...KINDS) }), { maxLength: 5 }),
  end: fc.constantFrom('open', 'open', 'open', 'disabled', 'ended', 'backwards', 'missing'),
});

const PERIODS: Readonly<Record<number, number>> = { 1: 2, 3: 4, 6: 5, 12: 3, 24: 8 };

/** A book of such histories. If `swapped`, the second subscription begins when the first has ended. */
export const history: fc.Arbitrary<RawBook> = fc
  .tuple(fc.array(life, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.integer({ min: 0, max: 40 }))
  .map(([lives, swapped, days]) => bookOf(swapped ? swap(lives, days) : lives));

function swap(lives: readonly Life[], days: number): Life[] {
  const [first, second, ...others] = lives;
  if (first === undefined || second === undefined) return [...lives];
  const last = addMonths(addMonths(FIRST, first.start), first.bills * first.months);
  const start = Math.max(0, monthsFrom(FIRST, addDays(last, days)));
  const taken = {
    ...second,
    client: first.client,
    currency: first.currency,
    start,
    day: Number(addDays(last, days).slice(8)),
  };
  return [{ ...first, end: 'ended', weekly: false }, taken, ...others];
}

function bookOf(lives: readonly Life[]): RawBook {
  const all = lives.map((one, index) => subscription(one, index));
  return {
    recurring_invoices: all.flatMap(({ template: own }) => (own === undefined ? [] : [own])),
    invoices: all.flatMap(({ invoices }) => invoices).filter((row) => String(row.invoice_date) <= AS_OF),
    contracts: [],
    clients: CLIENTS.map((id) => ({ id, name: `Client ${id}` })),
    currencies: [AUD, USD, JPY, KWD],
  };
}

function subscription(one: Life, index: number): { template: Fields | undefined; invoices: Fields[] } {
  const id = -5001 - index;
  const invoices: Fields[] = [];
  let next = 10_000 * (index + 1);
  let [from, to] = ['', ''];
  for (let n = 0; n < one.bills; n++) {
    from = one.weekly ? addDays(startOf(one), 7 * n) : addMonths(startOf(one), n * one.months);
    to = addDays(one.weekly ? addDays(startOf(one), 7 * (n + 1)) : addMonths(startOf(one), (n + 1) * one.months), -1);
    if (to > '2027-12-31') break;
    const kinds = one.events.filter(({ at }) => at % one.bills === n).map(({ kind }) => kind);
    for (const row of billsOf(one, id, n, from, to, kinds)) {
      next += 1;
      const credited = row.creditlinkedtoinvoiceid === 'previous' ? { creditlinkedtoinvoiceid: next - 1 } : {};
      const lines = (row.lines as Fields[]).map((line, at) => ({
        ...line,
        id: next * 10 + at,
        ...(line.creditlinkedidid === 'previous' ? { creditlinkedidid: (next - 1) * 10 + at } : {}),
      }));
      invoices.push({ ...row, ...credited, id: next, lines });
    }
  }
  return { template: one.end === 'missing' ? undefined : templateOf(one, id, to), invoices };
}

const startOf = ({ start, day }: Life) => `${addMonths(FIRST, start).slice(0, 8)}${String(day).padStart(2, '0')}`;

function templateOf(one: Life, id: number, last: string): Fields {
  const period = one.weekly ? 1 : PERIODS[one.months];
  const { quantity, net } = priceOf(one, one.bills - 1);
  const lines = [
    { id: 11, net_amount: net, qty_order: quantity },
    ...(one.second === 0 ? [] : [{ id: 12, net_amount: one.second, qty_order: 1 }]),
  ];
  return template(id, {
    ...{ client_id: one.client, currency_code: one.currency, disabled: one.end === 'disabled', period, lines },
    schedule: { period, startdate: startOf(one), end_date: endOf(one, last) },
  });
}

/** Halo takes an end before the start: such a template never runs again, whatever it has billed. */
const endOf = (one: Life, last: string) =>
  ({ ended: last, backwards: addDays(startOf(one), -1), open: null, disabled: null, missing: null })[one.end];

/** Price and quantity change every third of a life. */
function priceOf({ bills, nets, quantity: some }: Life, n: number): { quantity: number; net: number } {
  const step = Math.floor((3 * n) / bills);
  const quantity = some[step % some.length] ?? 1;
  return { quantity, net: Math.round((nets[step % nets.length] ?? 1) * quantity * 100) / 100 };
}

const NO_SERVICE = { period_start_date: null, period_end_date: null };

/** The documents of one period. */
function billsOf(
  one: Life,
  template_id: number,
  n: number,
  from: string,
  to: string,
  kinds: readonly Kind[],
): Fields[] {
  const has = (kind: Kind) => kinds.includes(kind);
  if (has('skip')) return [];
  const { quantity, net } = priceOf(one, n);
  const date = one.arrears ? addDays(to, 1) : from;
  const line = (of: number, amount: number, fields: Fields = {}): Fields => ({
    ...{ net_amount: amount, qty_order: quantity, recurring_invoice_id: template_id },
    recurring_invoice_line_id: one.lineIds ? of : 0,
    ...fields,
  });
  const document = (lines: Fields[], fields: Fields = {}): Fields => ({
    ...{ client_id: has('moved') ? one.other : one.client, currency_code: one.currency, posted: true, voided: false },
    ...{ invoice_date: date, recurring_invoice_id: template_id, lines },
    ...(one.named ? { period_start_date: from, period_end_date: to } : {}),
    ...fields,
  });
  const lines = [line(11, net), ...(one.second === 0 ? [] : [line(12, one.second)])];
  const bill = document(has('usage') ? [...lines, line(13, 9.99, { is_meter: true })] : lines, {
    voided: has('void'),
    posted: !has('draft'),
  });
  const credit = (share: number, day: string, positive = false, service: Fields = NO_SERVICE): Fields =>
    document(
      lines.map((own) => ({
        ...own,
        net_amount: Math.round(Number(own.net_amount) * share * (positive ? 100 : -100)) / 100,
        creditlinkedidid: 'previous',
      })),
      {
        invoice_date: day,
        creditlinkedtoinvoiceid: 'previous',
        recurring_invoice_id: 0,
        ...service,
      },
    );
  const middle = addDays(from, Math.round(daysFrom(from, to) / 2));
  return [
    bill,
    ...(has('goodwill') ? [credit(1, addDays(to, 20))] : []),
    ...(has('positive') ? [credit(1, middle, true)] : []),
    ...(has('part') ? [credit(0.1, middle)] : []),
    ...(has('rest') ? [credit(0.5, middle)] : []),
    ...(has('credit') ? [credit(1, middle)] : []),
    ...(has('rebill') ? [credit(1, middle), document([line(11, net + 1)], { invoice_date: addDays(middle, 1) })] : []),
    ...(has('span')
      ? [credit(0.25, middle, false, { period_start_date: middle, period_end_date: addDays(to, 20) })]
      : []),
    ...(has('twice') ? [document(lines, { invoice_date: addDays(date, 2) })] : []),
    ...(has('negative') ? [document([line(14, -net / 2)])] : []),
    ...(has('pro_rata')
      ? [
          document([line(0, net / 4, { pro_rata_line_id: 11 })], {
            period_start_date: middle,
            period_end_date: to < middle ? middle : to,
          }),
        ]
      : []),
  ];
}

function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, of = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  first.setUTCDate(Math.min(of, last));
  return first.toISOString().slice(0, 10);
}

const daysFrom = (from: string, to: string) => 1 + (Date.parse(to) - Date.parse(from)) / 86_400_000;

const monthsFrom = (from: string, to: string) =>
  12 * (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
