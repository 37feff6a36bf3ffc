import type Big from 'big.js';
import { packed, unpacked } from '../values/packed.js';
import { Kept, likes } from './kept.js';
import type { Line } from './rows.js';

/** The fields that most lines share with many others. */
const SHARED = [
  ...(['differs', 'unreadable', 'unread', 'heading', 'inactive', 'one_time', 'template_sent', 'pro_rata'] as const),
  ...(['sales_line', 'milestone', 'deposit', 'prepay', 'recurring_item', 'contract_sent', 'period'] as const),
  ...(['applies_credit', 'credited_line', 'recognised', 'original_client', 'meter', 'auto_quantity'] as const),
  ...(['start', 'end', 'autorenew', 'item_group', 'item_group_name'] as const),
] satisfies (keyof Line)[];

const lineLike = likes(({ item_group }: Line) => item_group, SHARED);

class KeptLine extends Kept<Line> {
  readonly id: Line['id'];
  readonly template: Line['template'];
  readonly template_line: Line['template_line'];
  readonly ticket: Line['ticket'];
  readonly contract: Line['contract'];
  readonly quantity: Line['quantity'];
  readonly #net: string;

  constructor(line: Line) {
    super(lineLike(line));
    this.id = line.id;
    this.template = line.template;
    this.template_line = line.template_line;
    this.ticket = line.ticket;
    this.contract = line.contract;
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
