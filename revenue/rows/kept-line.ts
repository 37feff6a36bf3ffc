import type Big from 'big.js';
import { packed, unpacked } from '../values/packed.js';
import { Kept, sharing } from './kept.js';
import type { Line } from './rows.js';

/** The fields that most lines share with many others. */
const SHARED = [
  ...(['item_group', 'item_group_name', 'start', 'end', 'period', 'template_sent', 'contract_sent'] as const),
  ...(['recurring_item', 'milestone', 'prepay', 'pro_rata', 'applies_credit'] as const),
  ...(['credited_line', 'original_client', 'one_time', 'deposit', 'heading', 'inactive', 'recognised'] as const),
  ...(['meter', 'auto_quantity', 'autorenew', 'differs', 'unreadable', 'unread'] as const),
] satisfies (keyof Line)[];

const sharedOf = sharing(({ start, item_group }: Line) => start ?? item_group, SHARED);

class KeptLine extends Kept<Line> {
  readonly id: Line['id'];
  readonly template: Line['template'];
  readonly template_line: Line['template_line'];
  readonly ticket: Line['ticket'];
  readonly contract: Line['contract'];
  readonly sales_line: Line['sales_line'];
  readonly quantity: Line['quantity'];
  readonly #net: string;

  constructor(line: Line) {
    super(sharedOf(line));
    this.id = line.id;
    this.template = line.template;
    this.template_line = line.template_line;
    this.ticket = line.ticket;
    this.contract = line.contract;
    this.sales_line = line.sales_line;
    this.quantity = line.quantity;
    this.#net = packed(line.net);
  }

  static {
    Kept.read(KeptLine, SHARED);
  }

  get net(): Big {
    return unpacked(this.#net);
  }

  override toJSON(): Line {
    return { ...super.toJSON(), net: this.net };
  }
}

/** The line as a book keeps it. */
export const keptLine = (line: Line): Line => new KeptLine(line) as unknown as Line;
