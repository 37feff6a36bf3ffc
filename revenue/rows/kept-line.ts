import type Big from 'big.js';
import { packed, unpacked } from '../values/packed.js';
import { Kept, likes } from './kept.js';
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
    Kept.read(KeptLine, [...ALIKE, ...OTHERS]);
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

const lineLike = likes((line: Line) => {
  if (line.differs !== undefined || line.unread.length > 0) return undefined;
  let key = JSON.stringify([line.period?.code, line.item_group, line.item_group_name]);
  for (const field of ALIKE) key += ` ${line[field]}`;
  return key;
});
