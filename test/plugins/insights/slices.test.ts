/** Tools that work on a whole book give the loop back while they do, as seen by a clock that moves with each look. */
import { afterEach, expect, test, vi } from 'vitest';
import type { AnyTool, ToolContext } from '../../../core/define.js';
import { LOOP } from '../../../core/output/pace.js';
import { revenueBreakdown } from '../../../plugins/finance/revenue-breakdown/index.js';
import insights from '../../../plugins/insights/index.js';
import { contract, haloWith, invoice, line, template } from '../finance/halo.js';

afterEach(() => vi.restoreAllMocks());

const MANY = 160;
const each = <T>(make: (n: number) => T): T[] => Array.from({ length: MANY }, (_, n) => make(n));
const month = (n: number) => `2026-0${1 + (n % 6)}`;
const books = {
  invoices: each((n) =>
    invoice({
      ...{ id: 5000 + n, invoice_date: `${month(n)}-01`, recurring_invoice_id: -1000 - n },
      ...{ period_start_date: `${month(n)}-01`, period_end_date: `${month(n)}-28` },
      lines: [line({ id: 9000 + n, recurring_invoice_id: -1000 - n })],
    }),
  ),
  templates: each((n) => template({ id: -1000 - n, lines: [line({ id: 20_000 + n, recurring_invoice_id: 0 })] })),
  contracts: each((n) => contract({ id: 100 + n })),
};

/** What a tool answers, and how often it gave the loop back. */
async function run(tool: AnyTool, args: object) {
  let [now, turns] = [0, 0];
  vi.spyOn(LOOP, 'now').mockImplementation(() => {
    now += 11;
    return now;
  });
  vi.spyOn(LOOP, 'giveBack').mockImplementation(async () => {
    turns += 1;
  });
  const { context } = haloWith(books);
  const answer = await tool.run(tool.input.parse(args), context as ToolContext);
  vi.restoreAllMocks();
  return { answer, turns };
}

const VIEWS = ['revenue_trend', 'revenue_bridge', 'billing_forecast', 'retention'];
const alone = insights.tools as readonly AnyTool[];

test.each(alone.map((tool) => [tool.name, tool] as const))('%s', async (_, tool) => {
  const { turns } = await run(tool, {});
  // Some steps are of sixteen rows.
  expect(turns).toBeGreaterThan(MANY / 16);
});

test.each(VIEWS)('%s as a further view of a book', async (view) => {
  const tool = revenueBreakdown as unknown as AnyTool;
  const [plain, both] = [await run(tool, {}), await run(tool, { with: [view] })];
  expect(both.answer).toMatchObject({ with: { [view]: {} } });
  expect(both.turns - plain.turns).toBeGreaterThan(MANY / 16);
});
