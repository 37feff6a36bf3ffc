import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keepInvoice } from '../../revenue/index.js';
import { filesIn } from '../guards/marks.js';

const keep = (lines: object[]) => keepInvoice({ id: 1, client_id: 2, lines })?.lines ?? [];
const sent = { net_amount: 10.5, qty_order: 3, contract_id: 7, billingperiod: 3, item_recurring: true };

test('lines that share most of what they say keep what each says itself', () => {
  const [one, other] = keep([
    { ...sent, id: 1, linked_item: { assetgroup_id: 5, assetgroup_name: 'Cloud' } },
    { ...sent, id: 2, ticket_id: 9, linked_item: { assetgroup_id: 5, assetgroup_name: 'Cloud' } },
  ]);
  expect(one).toMatchObject({ id: 1, ticket: 0, contract: 7, recurring_item: true, quantity: 3, item_group: 5 });
  expect(other).toMatchObject({ id: 2, ticket: 9, contract: 7, recurring_item: true, period: { code: 3 } });
});

test.each<[string, object, object, string]>([
  ['an item group by id and one by a name of digits', { item_group_id: 5 }, { item_group: '5' }, 'item_group'],
  ['a flag', { is_meter: true }, { is_meter: false }, 'meter'],
  ['a day', { startdate: '2026-01-01' }, { startdate: '2026-01-02' }, 'start'],
  ['what is unreadable', { ticket_id: 'soon' }, { ticket_id: 0 }, 'unread'],
  ['a period', { billingperiod: 2 }, { billingperiod: 4 }, 'period'],
])('lines that differ in %s are not taken for one another', (_, a, b, field) => {
  const [one, other] = keep([
    { ...sent, id: 1, ...a },
    { ...sent, id: 2, ...b },
  ]);
  expect(one?.[field as keyof typeof one]).not.toEqual(other?.[field as keyof typeof other]);
});

test('a line is written with all of its fields', () => {
  const [line] = keep([{ ...sent, id: 1, start: '2026-01-01' }]);
  const written = JSON.parse(JSON.stringify(line));
  expect(Object.keys(written).slice(0, 3)).toEqual(['id', 'net', 'unreadable']);
  expect(written).toMatchObject({ id: 1, net: '10.5', contract: 7, recurring_item: true, item_group: null });
});

test('no code spreads a line', () => {
  const spreading = filesIn(['revenue', 'plugins']).filter((file) =>
    /\.\.\.(line|piece\.line)\b(?!\.)/.test(readFileSync(file, 'utf8')),
  );
  // Before it is kept.
  expect(spreading).toEqual(['revenue/rows/line.ts']);
});
