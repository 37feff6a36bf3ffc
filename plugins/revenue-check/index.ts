import { definePlugin, defineTool, z } from '../../core/index.js';
import { today } from '../../revenue/halo/index.js';
import { bundles, headerNet, lineNet, minimumCharge } from './amounts.js';
import { creditApplied, creditMark, creditSign } from './credits.js';
import { invoiceDates, posting } from './days.js';
import { costCurrency, dueOfUnpaid, prepaySign, renewedLeftOut, uninvoicedMark } from './further.js';
import { generatedLink, keyOfNone, labourOnRun } from './links.js';
import { creditSwitch, listsBringLines, templatesMarked, windowHeeded } from './lists.js';
import { conversionRate, originalClient } from './parties.js';
import { contractCodes, lineCodes, rareCodes, templateCodes } from './periods.js';
import { MARKS, type Question } from './question.js';
import { actionsOf, takeSample } from './sample.js';

/** Every question that only a live tenant can settle, in the order in which they are shown. */
const QUESTIONS: readonly Question[] = [
  ...[listsBringLines, windowHeeded, templatesMarked, posting, invoiceDates],
  ...[lineNet, headerNet, bundles],
  ...[creditSwitch, creditMark, creditSign, creditApplied],
  ...[generatedLink, keyOfNone, labourOnRun],
  ...[templateCodes, rareCodes, lineCodes, contractCodes, minimumCharge],
  ...[originalClient, conversionRate],
  ...[prepaySign, uninvoicedMark, costCurrency, dueOfUnpaid, renewedLeftOut],
];

const Counts = z.record(z.string(), z.int());

/**
 * How this tenant answers what the money rules assume. Reads a page of each list and a few single rows, and reveals
 * only counts and Halo's own codes. Halo: /Invoice, /RecurringInvoice, /ClientContract, /ClientPrepay, /Actions,
 * /Client, /Currency.
 */
const checkRevenueRules = defineTool({
  name: 'check_revenue_rules',
  title: 'Check the revenue rules',
  description: 'How this tenant answers what the revenue rules assume, in counts and codes alone.',
  effect: 'read',
  scopes: ['read:invoices', 'read:contracts', 'read:customers'],
  optionalScopes: ['read:tickets'],
  input: z.strictObject({}),
  output: z.object({
    read: Counts,
    findings: z.array(
      z.object({
        id: z.string(),
        mark: z.enum(MARKS),
        title: z.string(),
        detail: z.string(),
        way_out: z.string().optional(),
        counts: Counts,
      }),
    ),
  }),
  async run(_args, context) {
    const sample = await takeSample(context.halo, today(context));
    const { invoices, credits, templates, contracts, clients, singles } = sample;
    return {
      read: {
        invoices: new Set([...invoices.rows, ...credits.rows].map(({ id }) => id)).size,
        recurring_invoices: templates.rows.length,
        contracts: contracts?.rows.length ?? 0,
        clients: clients?.rows.length ?? 0,
        single_rows: singles.invoices.size + singles.templates.size + singles.contracts.length,
      },
      findings: QUESTIONS.map(({ id, title, ask }) => ({ id, title, ...ask(sample) })),
    };
  },
});

/** Brings the scope for reading actions: if it is not granted, the other questions are still answered. */
const checkUninvoicedMark = defineTool({
  name: 'check_uninvoiced_mark',
  title: 'Check what marks unbilled work',
  description: 'What stands for an action that no invoice holds, in counts alone.',
  effect: 'read',
  scopes: ['read:tickets'],
  input: z.strictObject({}),
  output: z.object({ mark: z.enum(MARKS), detail: z.string(), counts: Counts }),
  async run(_args, context) {
    const { mark, detail, counts } = uninvoicedMark.ask({ actions: await actionsOf(context.halo, today(context)) });
    return { mark, detail, counts };
  },
});

/** Not a pack that a config can name: only `halo-mcp doctor --revenue` loads it. */
export default definePlugin({
  name: 'revenue-check',
  apiVersion: 1,
  title: 'Revenue self-check',
  tools: [checkRevenueRules, checkUninvoicedMark],
});
