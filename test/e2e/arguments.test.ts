import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInside } from '../inside.js';
import { type Json, namedConfig, openSession, type Session, textOf } from '../session.js';

let session: Session;
beforeAll(async () => {
  session = await openInside();
});
afterAll(() => session.close());

/** What models get wrong, and the one clear sentence that they get. */
test.each<[string, string, Json, string | RegExp]>([
  [
    'an unknown argument',
    'list_clients',
    { serch: 'x' },
    'BAD_ARGUMENTS: There is no argument "serch". Did you mean "search"? list_clients takes: search, include_inactive, page, page_size, columns.',
  ],
  [
    "another tool's argument",
    'list_tickets',
    { id: 5 },
    /^BAD_ARGUMENTS: There is no argument "id": get_ticket takes it\. /,
  ],
  [
    'the argument of a list',
    'get_invoice',
    { id: 5, search: 'x' },
    /There is no argument "search": list_invoices takes/,
  ],
  ['a name for an id', 'list_tickets', { client: 'Northwind' }, /"client"\. Did you mean "client_name"\?/],
  ['an id for a name', 'list_tickets', { client: 12 }, /"client"\. Did you mean "client_id"\?/],
  ['a word of the same sense', 'list_agents', { include_inactive: true }, /Did you mean "include_disabled"\?/],
  [
    'a wrong type',
    'list_tickets',
    { page: 'two' },
    'BAD_ARGUMENTS: "page" must be a whole number, not "two". Correct it and call again.',
  ],
  [
    'a number out of range',
    'list_tickets',
    { page_size: 500 },
    'BAD_ARGUMENTS: "page_size" must be at most 100, not 500. Correct it and call again.',
  ],
  [
    'a missing argument',
    'get_ticket',
    {},
    'BAD_ARGUMENTS: "id" is missing; it must be a whole number. Correct it and call again.',
  ],
  [
    'a word that is not a choice',
    'list_invoices',
    { kind: 'monthly' },
    /"kind" must be one of one_off, recurring, credit, all, not "monthly"/,
  ],
  [
    'an unknown column',
    'list_tickets',
    { columns: ['colour'] },
    /must be one of type, client_id, user, site, last_action, category, hours/,
  ],
  [
    'an invalid day',
    'list_tickets',
    { from: '2026-02-30' },
    /"from" must be a day such as 2026-11-28, not "2026-02-30"/,
  ],
  [
    'an end before its start',
    'list_tickets',
    { from: '2026-03-02', to: '2026-03-01' },
    /"to" \(2026-03-01\) is before "from" \(2026-03-02\)/,
  ],
  [
    'an unknown id',
    'get_ticket',
    { id: 987_654_321 },
    "HALO_NOT_FOUND: Halo has nothing at /Tickets/987654321, or this login can't see it. Check the id; the list tools show the ids that this login can see.",
  ],
  ['a path for an id', 'get_ticket', { id: '../Client' }, /"id" must be a whole number, not "\.\.\/Client"/],
  [
    'an id too large for Halo',
    'get_ticket',
    { id: 1234567890123456 },
    'BAD_ARGUMENTS: "id" must be at most 2147483647, not 1234567890123456. Correct it and call again.',
  ],
  [
    'the same where a name may stand',
    'list_tickets',
    { team: 2 ** 31 },
    'BAD_ARGUMENTS: "team" must be at most 2147483647, not 2147483648. Correct it and call again.',
  ],
  [
    'a day that nothing can be reckoned from',
    'revenue_breakdown',
    { as_of: '9999-12-31' },
    'BAD_ARGUMENTS: "as_of" must be a day of the years 1900 to 2200, not "9999-12-31". Correct it and call again.',
  ],
  [
    'a horizon beyond the calendar',
    'revenue_breakdown',
    { renewal_horizon_days: 100_000_000 },
    'BAD_ARGUMENTS: renewal_horizon_days 100000000 is more than 100 years. Give 36500 at most.',
  ],
  ['an id too large to be exact', 'get_ticket', { id: 2 ** 60 }, /BAD_ARGUMENTS: "id" must be/],
  [
    'an ambiguous client',
    'list_invoices',
    { client_name: 'Contoso' },
    /^AMBIGUOUS_NAME: "Contoso" fits 2 clients\. Pass the id .*\n<(halo-data-[\w-]+)>\nContoso \w+ \(\d+\)\nContoso \w+ \(\d+\)\n<\/\1>$/,
  ],
  [
    'an unknown client',
    'revenue_breakdown',
    { client_name: 'Nobody Ltd' },
    /^UNKNOWN_NAME: No client is named "Nobody Ltd"\./,
  ],
  [
    'both client arguments',
    'list_assets',
    { client_id: 12, client_name: 'Northwind' },
    /^BAD_ARGUMENTS: Both client_id and client_name are given\. Give one of them\./,
  ],
  [
    'an unknown team',
    'list_tickets',
    { team: '9th Line' },
    /^UNKNOWN_NAME: No team is named "9th Line"\. Pass one of these teams\.\n<halo-data-[\w-]+>\n1st Line/,
  ],
  [
    'neither ticket nor days',
    'list_actions',
    {},
    'BAD_ARGUMENTS: list_actions needs a ticket, or a span of days. Give ticket_id, or both from and to.',
  ],
  ['neither id nor name', 'get_client', {}, /^BAD_ARGUMENTS: get_client needs the id or the name of one client\./],
  [
    'a window backwards',
    'revenue_breakdown',
    { from: '2026-02-01', to: '2026-01-01' },
    /^BAD_ARGUMENTS: The window ends \(2026-01-01\) before it starts \(2026-02-01\)\. Swap from and to\./,
  ],
  [
    'a window too long',
    'revenue_breakdown',
    { from: '2019-01-01', to: '2026-01-01' },
    /longer than 60 months\. Ask for a shorter one/,
  ],
  [
    'an unknown group',
    'revenue_breakdown',
    { group_by: ['site'] },
    /must be one of client, month, item_group, contract, recurring_invoice/,
  ],
  ['a currency without a rate', 'revenue_breakdown', { currency_policy: 'convert' }, /^BAD_ARGUMENTS: .*EUR/],
])('%s', async (_what, tool, args, sentence) => {
  const text = await session.fail(tool, args);
  if (typeof sentence === 'string') expect(text).toBe(sentence);
  else expect(text).toMatch(sentence);
  // Our own words. What others wrote follows in its fence.
  expect(text.split('\n<halo-data-')[0]?.split('\n')).toHaveLength(1);
});

test('an exact name wins over partial ones, and case does not count', async () => {
  const { items } = await session.ask<{ items: { client: string }[] }>('list_invoices', {
    client_name: 'CONTOSO DENTAL',
    kind: 'all',
  });
  expect(new Set(items.map(({ client }) => client))).toEqual(new Set(['Contoso Dental']));
});

test('one group by its name alone is a list of one', async () => {
  const answer = await session.ask<{ clients: { months?: object }[] }>('revenue_breakdown', {
    client_id: 17,
    group_by: 'month',
  });
  expect(Object.keys(answer.clients[0]?.months ?? {})).toHaveLength(12);
});

test('what a client fills in for nothing is left out; an id of 0 is named, as it widens the answer', async () => {
  const filled = {
    search: '',
    client_id: 0,
    client_name: ' ',
    team: null,
    status: 0,
    from: '',
    order_by: '',
    columns: [''],
  };
  const widened = textOf(await session.call('list_tickets', filled));
  const [first, ...rest] = textOf(await session.call('list_tickets')).split('\n');
  expect(widened.split('\n')[0]).toBe(`${first} (client_id 0, status 0 left out)`);
  expect(widened.split('\n')).toHaveLength(rest.length + 1);
});

test.each([
  ['null', null],
  ['their JSON as text', '{"page_size": "25"}'],
])('all arguments at once may be %s', async (_how, args) => {
  const { structuredContent } = await session.client.callTool({ name: 'list_clients', arguments: args as never });
  expect(structuredContent).toEqual(await session.ask('list_clients'));
});

test('values written as text are taken for what they are', async () => {
  const asText = await session.ask('list_tickets', { page_size: '2', open_only: 'true', columns: '["type"]' });
  expect(asText).toEqual(await session.ask('list_tickets', { page_size: 2, open_only: true, columns: ['type'] }));
  const invoices = await session.ask('list_invoices', { kind: 'Credit' });
  expect(invoices).toEqual(await session.ask('list_invoices', { kind: 'credit' }));
});

test.each([
  ['a list', [{ currency: 'EUR', rate: '0.85' }]],
  ['one of them', { currency: 'EUR', rate: '0.85' }],
  ['a map, as before', { EUR: '0.85' }],
  ['a map as text', '{"EUR": "0.85"}'],
  ['a list as text', '[{"currency": "EUR", "rate": "0.85"}]'],
])('rates are taken as %s', async (_form, rates) => {
  const { method } = await session.ask<{ method: Json }>('revenue_breakdown', { currency_policy: 'CONVERT', rates });
  expect(method.rates).toEqual({ EUR: '0.85' });
});

test.each<[unknown, RegExp]>([
  [
    [
      { currency: 'EUR', rate: 1 },
      { currency: 'eur', rate: 2 },
    ],
    /There are two rates for EUR: 1 and 2\. Give one\./,
  ],
  [[{ currency: 'EUR', rat: 1 }], /There is no "rat" in entry 1 of "rates"\. Did you mean "rate"\?/],
  [[{ currency: 'EUR', rate: true }], /"rate" in entry 1 of "rates" must be a number or a text, not true/],
  [12, /"rates" must be a list, not 12/],
  [{ EURO: '0.85' }, /^BAD_ARGUMENTS: There is no currency "EURO"\. Give rates of EUR\.$/],
  [
    { USD: '0.79' },
    /^BAD_ARGUMENTS: There is no rate for EUR\. Give what 1 EUR is worth in GBP: rates: \[\{ "currency": "EUR", "rate": 0\.85 \}\], /,
  ],
])('rates that mean nothing: %j', async (rates, sentence) => {
  expect(await session.fail('revenue_breakdown', { currency_policy: 'convert', rates })).toMatch(sentence);
});

test.each(['revenue_breakdown', 'ar_ageing'])('rates of %s that would count for nothing are refused', async (tool) => {
  const own = await openInside({ args: ['--sandbox'], env: namedConfig({ plugins: ['finance', 'receivables'] }) });
  const rates = [{ currency: 'EUR', rate: '0.85' }];
  for (const policy of [{}, { currency_policy: 'separate' }])
    expect(await own.fail(tool, { ...policy, rates })).toBe(
      'BAD_ARGUMENTS: rates are given, and currency_policy is "separate", which uses none. Add currency_policy "convert", or leave the rates out.',
    );
  await own.ask(tool, { rates: [] });
  await own.close();
});

test('a name that no group bears is told, with those that there are', async () => {
  expect(await session.fail('list_reports', { group: 'abc' })).toMatch(
    /^UNKNOWN_NAME: No group is named "abc"\. Pass one of these groups\.\n<halo-data-[\w-]+>\nService \(3\)\n/,
  );
  // Beside another filter it may be that one which finds nothing.
  expect(await session.ask('list_reports', { group: 'Finance', search: 'nothing of that name' })).toMatchObject({
    total: 0,
    hint: expect.stringContaining('search, group'),
  });
});

test('filters that contradict each other are reported together', async () => {
  const args = { client_id: 12, client_name: 'Northwind', from: '2026-03-02', to: '2026-03-01' };
  expect(await session.fail('list_tickets', args)).toBe(
    'BAD_ARGUMENTS: Both client_id and client_name are given. Give one of them. "to" (2026-03-01) is before "from" (2026-03-02). Swap them.',
  );
});

test('an id of a team may be written as text', async () => {
  expect(await session.ask('list_tickets', { team: '3' })).toEqual(await session.ask('list_tickets', { team: 3 }));
});

test('all faults are reported at once', async () => {
  const wrong = {
    page: 'x',
    page_size: 500,
    from: 'May',
    open_only: 'maybe',
    order_by: 'size',
    teem: 1,
    columns: ['a', 'b'],
  };
  expect(await session.fail('list_tickets', wrong)).toMatch(
    /^BAD_ARGUMENTS: There is no argument "teem"\. Did you mean "team"\? "open_only" must be true or false, not "maybe"\. "from" must be a day such as 2026-11-28, not "May"\. "order_by" must be one of .*, not "size"\. "page" must be a whole number, not "x"\. "page_size" must be at most 100, not 500\. "columns" must be one of .*, not "a" or "b"\. list_tickets takes: /,
  );
});

test('arguments that are wrong while a name is being looked up leave nothing behind that fails later', async () => {
  const args = { team: '2nd Line', from: '2026-11-20', to: '2026-11-10' };
  const own = await openSession();
  expect(await own.fail('list_tickets', args)).toMatch(/"to" \(2026-11-10\) is before "from"/);
  await own.ask('list_agents');
  expect(own.stderr()).not.toContain('nobody waiting');
  await own.close();
});

test('a list of unpaid invoices says that it leaves recurring ones out', async () => {
  const { hint } = await session.ask<{ hint?: string }>('list_invoices', { payment: 'unpaid' });
  expect(hint).toMatch(/kind "all" has the recurring ones/);
  expect(await session.ask('list_invoices', { payment: 'unpaid', kind: 'all' })).not.toHaveProperty('hint');
});

test.each([
  ['statement_of_account', { client_id: 12 }, 'to'],
  ['uninvoiced_time', {}, 'as_of'],
  ['revenue_breakdown', {}, 'to'],
])('a first day of %s after the default of its last is told as that', async (tool, args, last) => {
  const plugins = ['finance', 'receivables', 'agreements'];
  const own = await openInside({ args: ['--sandbox'], env: namedConfig({ plugins }) });
  const said = `from (2199-01-01) is after ${last} (`;
  const text = await own.fail(tool, { ...args, from: '2199-01-01' });
  expect(text.startsWith(`BAD_ARGUMENTS: ${said}`)).toBe(true);
  expect(text).toMatch(/\), which is today unless given\. Give an earlier from or a later \w+\.$/);
  const both = await own.fail(tool, { ...args, from: '2199-01-01', [last]: '2020-01-01' });
  expect(both).toMatch(
    new RegExp(`ends \\(2020-01-01\\) before it starts \\(2199-01-01\\)\\. Swap from and ${last}\\.$`),
  );
  await own.close();
});
