/** Each field of each row that money is made of, sent in a way that can't be read: one at a time, over all rows. */
import { describe, expect, test } from 'vitest';
import type { Call } from './never-wrong/calls.js';
import { CALLS } from './never-wrong/calls.js';
import { bodyOf, isLookup, isRecord, listOf, nameOf, onRows, type Row } from './never-wrong/halo.js';
import { type Spoil, useStage } from './never-wrong/stage.js';
import { trialsOn } from './never-wrong/trials.js';
import { everything } from './never-wrong/trying.js';

const stage = useStage();

const FIGURES = new RegExp(
  `^(${[
    ...['revenue_breakdown', 'gross_margin', 'ar_ageing', 'statement_of_account', 'uninvoiced_time'],
    ...['prepaid_balances', 'billing_leaks', 'client_concentration', 'revenue_bridge', 'renewals_calendar'],
    ...['billing_forecast', 'deferred_revenue', 'price_uplift', 'agreement_profit'],
  ].join('|')})$`,
);

/** Questions on money, the cheapest of each kind first. */
const ASKED = CALLS.filter(
  ([tool, args]) =>
    /^(get_(invoice|contract|recurring_invoice)|list_(invoices|contracts|recurring_invoices))$/.test(tool) ||
    (FIGURES.test(tool) && !('client_name' in args)),
);
const FEW = ['get_contract', 'list_recurring_invoices'];
const calls = everything
  ? ASKED
  : ASKED.filter((call) => FEW.some((name) => ASKED.findLast(([tool]) => tool === name) === call));

/** Fields that no figure rests on: what a quantity follows, what only a warning compares, and costs, which are told as not known. */
const BESIDE =
  /recurring_invoice_quantity_type|lines\.billingperiod|^inactive$|unit_cost|qty_order|(^|\.)lines\.id$|(^|\.)id$/;
/** What may belong to no list is shown, without a figure; a period has a word for one that is not known. */
const SHOWN = /^(voided|hideinvoice|lines\.(isinactive|isgroupdesc)|(schedule\.)?period)$/;

const isText = (value: unknown) => typeof value === 'string' && !/^\d/.test(value);

/** Every field of a row that holds a number, a day, a flag or a list, those of rows inside it included. */
function fieldsOf(row: Row, before = ''): string[] {
  return Object.entries(row).flatMap(([name, value]) => {
    const place = `${before}${name}`;
    if (value === null || isText(value)) return [];
    const inner = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'object' && one !== null);
    return [place, ...(before === '' ? inner.slice(0, 3).flatMap((one) => fieldsOf(one as Row, `${place}.`)) : [])];
  });
}

/** The row with one of its fields as text that is none of its kind. */
function spoiled(row: Row, [head = '', ...rest]: readonly string[]): Row {
  if (!(head in row)) return row;
  const value = row[head];
  const change = (one: unknown) => (typeof one === 'object' && one !== null ? spoiled(one as Row, rest) : one);
  if (rest.length === 0) return { ...row, [head]: typeof value === 'string' ? { text: value } : 'abc' };
  return { ...row, [head]: Array.isArray(value) ? value.map(change) : change(value) };
}

/** The fields of the rows that a call reads, by the path of their list. */
async function fieldsRead([tool, args]: Call): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  await stage.call(tool, args, async (request, answer) => {
    const body = isLookup(request) ? undefined : await bodyOf(answer, request);
    if (body === undefined) return undefined;
    const rows = isRecord(request) ? [body as Row] : ((await listOf(answer, request))?.rows ?? []);
    const own = found.get(nameOf(request)) ?? new Set();
    for (const row of rows.slice(0, 40)) for (const field of fieldsOf(row)) own.add(field);
    found.set(nameOf(request), own);
    return undefined;
  });
  return found;
}

describe('a field that can not be read', () => {
  const trials = trialsOn(stage);
  test.each([...calls])('%s %j: no figure with it without a word', { timeout: 600_000 }, async (tool, args) => {
    const call: Call = [tool, args];
    const told: string[] = [];
    for (const [place, fields] of await fieldsRead(call))
      for (const field of [...fields].filter((one) => !BESIDE.test(one) && !SHOWN.test(one))) {
        const spoil: Spoil = onRows((row, _, at) => (at === place ? spoiled(row, field.split('.')) : row));
        told.push(...(await trials.faults(`${place}.${field}`, spoil, [call])));
      }
    expect(told).toEqual([]);
  });
});
