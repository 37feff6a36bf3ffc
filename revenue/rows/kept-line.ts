/** Lines as a book keeps them: there are some hundred thousand, which differ in few fields. */
import type { Line } from './rows.js';

/** The fields that most lines share with many others. */
const ALIKE = [
  ...(['unreadable', 'heading', 'inactive', 'one_time', 'template_sent', 'pro_rata', 'sales_line'] as const),
  ...(['milestone', 'deposit', 'prepay', 'recurring_item', 'contract_sent', 'applies_credit'] as const),
  ...(['credited_line', 'recognised', 'original_client', 'meter', 'auto_quantity', 'start', 'end'] as const),
  ...(['autorenew'] as const),
] satisfies (keyof Line)[];

/** The same, but for what is no plain value, or may be text or a number. */
const OTHERS = ['differs', 'unread', 'period', 'item_group', 'item_group_name'] as const satisfies (keyof Line)[];

/** Reads like the line that it was made of, in a third of the memory: what alike lines share is kept once. */
class KeptLine {
  readonly id: Line['id'];
  readonly net: Line['net'];
  readonly template: Line['template'];
  readonly template_line: Line['template_line'];
  readonly ticket: Line['ticket'];
  readonly contract: Line['contract'];
  readonly quantity: Line['quantity'];
  readonly #alike: Line;

  constructor(line: Line) {
    this.id = line.id;
    this.net = line.net;
    this.template = line.template;
    this.template_line = line.template_line;
    this.ticket = line.ticket;
    this.contract = line.contract;
    this.quantity = line.quantity;
    this.#alike = alikeOf(line);
  }

  static {
    for (const field of [...ALIKE, ...OTHERS])
      Object.defineProperty(KeptLine.prototype, field, {
        get(this: KeptLine) {
          return this.#alike[field];
        },
      });
  }

  /** As the line was written, with its fields in their order. */
  toJSON(): Line {
    const { id, net, template, template_line, ticket, contract, quantity } = this;
    return { ...this.#alike, id, net, template, template_line, ticket, contract, quantity };
  }
}

/** The line as it is kept. A spread of it copies only its own fields. */
export const kept = (line: Line): Line => new KeptLine(line) as unknown as Line;

/** The most lines that are remembered for those that are like them. */
const MOST = 10_000;
const KNOWN = new Map<string, Line>();

/** A line that is like it in all that is not its own. */
function alikeOf(line: Line): Line {
  if (line.differs !== undefined || line.unread.length > 0) return line;
  let key = JSON.stringify([line.period?.code, line.item_group, line.item_group_name]);
  for (const field of ALIKE) key += ` ${line[field]}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  if (KNOWN.size >= MOST) KNOWN.clear();
  KNOWN.set(key, line);
  return line;
}
