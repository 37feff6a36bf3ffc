/** What to flag about a recurring invoice: M2, M4-M7. */
import type Big from 'big.js';
import { netOf } from '../rows/amounts.js';
import { livingLines, unreadOfLines } from '../rows/documents.js';
import type { Line, RecurringInvoice } from '../rows/rows.js';
import { contractsOf, type LineReason, type Recurring } from '../rules/runrate.js';
import type { Shown } from '../values/exchange.js';
import { sum } from '../values/money.js';
import { repeats } from '../values/periods.js';
import type { Account } from './accounts.js';
import { entityOf } from './entity.js';
import type { FlagCode } from './flags.js';
import { knownDay } from './params.js';
import { flagAmount, type Posting } from './posting.js';

type Said = [code: FlagCode, amount?: Big];

/** Flags one template. A disabled or ended one is never flagged. */
export function flagRun(
  template: RecurringInvoice,
  run: Recurring,
  shown: Shown,
  account: Account,
  posting: Posting,
): void {
  const unread = [...template.unread, ...unreadOfLines(template)];
  for (const [code, amount] of saidOf(template, run, unread.length > 0, posting)) {
    const entity = entityOf('recurring_invoice', template.id);
    const told = amount === undefined || run.unreadable ? undefined : flagAmount(amount, shown);
    account.flags.raise(code, entity, told, code === 'incomplete_data' ? unread : []);
  }
}

function saidOf(template: RecurringInvoice, run: Recurring, unread: boolean, posting: Posting): Said[] {
  if (run.state === 'not_started') return [['ri_future_start', run.net]];
  if (run.state !== 'active') return [];
  const lines: Said[] = [...ofLines(template, run), ...ofAmounts(template, run, unread)];
  if (template.period === undefined) return [['unknown_period', run.net], ...lines];
  if (!repeats(template.period)) return [['ri_one_time_period', run.net], ...lines];
  return [...ofSchedule(template, run, posting), ...ofContracts(template, run, posting), ...lines];
}

/**
 * M5: it still counts, since it is what will bill. L3: a template without a next date, or with a past one, bills
 * nothing.
 */
function ofSchedule(template: RecurringInvoice, run: Recurring, { facts, params }: Posting): Said[] {
  const said: Said[] = [];
  if (template.next === undefined && template.next_sent && !template.unread.includes('nextcreationdate'))
    said.push(['ri_no_next_date', run.net]);
  if (template.next !== undefined && template.next < knownDay(params)) said.push(['ri_past_next_date', run.net]);
  if (facts.clients.get(template.client)?.inactive) said.push(['inactive_client_active_ri', run.net]);
  return said;
}

function ofContracts(template: RecurringInvoice, run: Recurring, { facts, params }: Posting): Said[] {
  if (!params.include_contracts) return [];
  // Contracts continued by a successor that this template bills are flagged there.
  const ids = contractsOf(template).filter((id) => !facts.taken_over.has(id));
  const states = ids.map((id) => facts.contract_states.get(id));
  const said: Said[] = [];
  if (states.includes(undefined)) said.push(['contract_missing', run.net]);
  if (states.some((state) => state === 'ended' || state === 'archived')) said.push(['ri_on_expired_contract', run.net]);
  return said;
}

function ofLines(template: RecurringInvoice, run: Recurring): Said[] {
  const said: Said[] = [];
  const counting = leftOutOf(run, undefined);
  const add = (code: FlagCode, some: readonly Line[]) => {
    if (some.length > 0) said.push([code, netOf(some)]);
  };
  add('one_time_line_on_ri', leftOutOf(run, 'one_time'));
  add('usage_excluded_from_mrr', leftOutOf(run, 'meter'));
  add(
    'ri_quantity_auto',
    counting.filter(({ auto_quantity }) => auto_quantity),
  );
  add(
    'line_period_differs',
    counting.filter(({ period }) => repeats(period) && period.code !== template.period?.code),
  );
  const odd = run.lines.filter(({ line }) => line.differs !== undefined);
  if (odd.length > 0) {
    said.push(['line_amount_mismatch', sum(odd.map(({ line }) => line.net.minus(line.differs ?? 0)))]);
  }
  return said;
}

function leftOutOf(run: Recurring, reason: LineReason | undefined): Line[] {
  return run.lines.filter(({ left_out }) => left_out === reason).map(({ line }) => line);
}

function ofAmounts(template: RecurringInvoice, run: Recurring, unread: boolean): Said[] {
  const said: Said[] = [];
  const all = run.header_only ? run.net : netOf(livingLines(template));
  if (run.header_only) said.push(['ri_header_only', run.net]);
  if (unread) said.push(['incomplete_data']);
  if (run.unreadable) return said;
  if (run.net.eq(0) && all.eq(0)) said.push(['zero_value_ri']);
  if (run.net.lt(0)) said.push(['negative_mrr', run.net]);
  const charged = run.net.plus(netOf(leftOutOf(run, 'meter'))); // usage counts towards a minimum
  const { minimum } = template;
  if (minimum?.gt(0) && minimum.gt(charged)) said.push(['minimum_charge_applies', minimum.minus(charged)]);
  return said;
}
