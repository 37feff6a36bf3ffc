import { untrusted, z } from '../../../core/index.js';
import { WITH } from '../../../revenue/halo/index.js';

/*
 * The answer of revenue_breakdown as a schema, kept small: what it means stands in docs and in `method`.
 */

const money = z.string();
const Billed = z.object({ invoiced: money, credited: money, net: money });

const Figures = z.object({
  mrr: money,
  arr: money,
  mrr_under_contract: money,
  mrr_not_under_contract: money,
  contract_only_mrr: money,
  contracted_mrr: money,
  recurring: Billed,
  non_recurring: Billed.extend({ by_kind: z.record(z.string(), money) }),
  total_net: money,
  recurring_share_pct: money.nullable(),
  unposted_net: money,
});

const Flag = z.object({
  code: z.string(),
  severity: z.enum(['high', 'medium', 'info']),
  entity: z.string(),
  amount: money.nullable(),
  currency: z.string().optional(),
  message: z.string(),
  fields: z.array(z.string()).optional(),
  client_id: z.int().optional(),
});

const Bucket = z.object({
  count: z.int(),
  sum: z.union([money, z.record(z.string(), money)]),
  truncated: z.boolean(),
  items: z.array(untrusted(z.record(z.string(), z.unknown()))),
});

const Group = z.object({
  by: z.string(),
  key: z.union([z.int(), z.string()]).nullable(),
  name: untrusted(z.string()),
  currency: z.string(),
  recurring: money,
  non_recurring: money,
  mrr: money,
});

/** By month, then currency. */
const Months = z.record(z.string(), z.record(z.string(), z.object({ recurring: money, non_recurring: money })));

const Elsewhere = z.object({
  way: z.enum(['billed_to', 'counted_at']),
  client_id: z.int(),
  name: untrusted(z.string()),
  currency: z.string(),
  amount: money,
});

const Client = z.object({
  client_id: z.int(),
  name: untrusted(z.string()),
  inactive: z.boolean().optional(),
  currencies: z.record(z.string(), Figures),
  months: Months.optional(),
  groups: z.array(Group).optional(),
  flags: z.array(Flag),
  elsewhere: z.array(Elsewhere).optional(),
  evidence: z.record(z.string(), Bucket),
});

/** The answer: `method`, `clients`, `totals`, `flags`, `statement`. */
export const RevenueOutput = z.object({
  method: z.record(z.string(), z.unknown()),
  clients: z.array(Client),
  totals: z.record(z.string(), Figures),
  /** Months and groups of all clients, for the text. */
  _months: Months.optional(),
  _groups: z
    .array(Group.extend({ client_id: z.int().optional(), client: untrusted(z.string()).optional() }))
    .optional(),
  flags: z.array(Flag),
  statement: untrusted(z.string()),
  ...WITH,
  omitted: z.int().optional(),
  hint: z.string().optional(),
});

export type RevenueAnswer = z.output<typeof RevenueOutput>;
