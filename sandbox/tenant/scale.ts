import type { Clock } from './clock.js';
import type { Contract } from './contracts.js';
import type { Doc, Recurring } from './doc.js';
import { BOOK_MONTHS, header } from './generated.js';
import { line } from './money.js';
import { manual } from './one-off.js';
import { at } from './random.js';
import type { Template } from './template-table.js';

const CLIENTS = [12, 17, 21, 26, 34, 36, 38, 41, 43, 45, 47, 49];

/** Monthly templates for benches; they bill the extra contracts, if any. */
export function extraTemplates(count: number, contracts: readonly Contract[]): Template[] {
  const spare = contracts.filter((contract) => contract.ref.startsWith('BULK-'));
  return Array.from({ length: Math.max(count, 0) }, (_, i) => {
    const contract = spare[i];
    return {
      ...{ id: -1000 - i, client: contract?.client ?? at(CLIENTS, i), contract: contract?.id ?? 0, period: 2 },
      ...{ reference: `Bulk ${i}`, start: -BOOK_MONTHS, lines: [['MS-USER', 5 + (i % 7), 39_95 + i]] },
    };
  });
}

/** Half runs of the extra templates, each month once, half hand-made documents. */
export function extraDocs(clock: Clock, count: number, extra: readonly Recurring[]): Doc[] {
  return Array.from({ length: Math.max(count, 0) }, (_, i) => {
    const nth = Math.floor(i / 2);
    const one = extra[nth % Math.max(extra.length, 1)];
    const run = one?.schedule.runs.at(-1 - Math.floor(nth / Math.max(extra.length, 1)));
    if (i % 2 === 0 && one !== undefined && run !== undefined) {
      const { id: template } = one.template;
      return header(
        one,
        run,
        one.lines.map((each) => line({ ...each, id: 0, template, templateLine: each.id })),
      );
    }
    const month = -(i % (BOOK_MONTHS + 1));
    const lines = [
      line({ item: 'LAB', qty: 1 + (i % 9) / 4, price: 95_00 }),
      line({ item: 'DOCK', qty: 1, price: 189_99 + i }),
    ];
    return manual(at(CLIENTS, i), clock.month(month, 1), lines);
  });
}
