import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, type Row } from './connect.js';

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../halo/samples/${name}.json`, import.meta.url), 'utf8'));

const PAGE = 'pageinate=true&page_no=1&page_size=100';
const FLAGS = 'includestatus=true&includeagent=true&includetickettype=true&includetimetaken=true';

interface Case {
  path: string;
  /** The array in the envelope; absent: a bare array, or one record. */
  key?: string;
  sample: string;
  /** Keys besides the sample's, all of them properties of this schema in Halo's swagger. */
  schema: string;
  extra?: string;
  /** Keys of the sample that none of our rows has. */
  without?: string;
}

/** Keys of a closed ticket, which the sample's row may lack. */
const CLOSED = 'hasbeenclosed dateclosed date_fully_closed';
const DETAIL = 'idsummary chargehours nonchargehours related_tickets';
/** The samples of ticket_detail have these; the swagger does not. */
const LIVE = 'guid priority';

const CASES: readonly Case[] = [
  { path: `/Tickets?${PAGE}`, key: 'tickets', sample: 'tickets_list', schema: 'Faults_List' },
  {
    path: `/Tickets?${PAGE}&${FLAGS}`,
    ...{ key: 'tickets', sample: 'tickets_list_with_include_flags', schema: 'Faults_List', extra: CLOSED },
    without: 'priority_name sla_name',
  },
  { path: '/Tickets/10311', sample: 'ticket_detail', schema: 'Faults', extra: `${DETAIL} ${CLOSED}` },
  {
    path: '/Actions?ticket_id=10311',
    ...{ key: 'actions', sample: 'actions_list', schema: 'Actions', extra: 'actionchargeamount' },
    // None of this ticket's actions was invoiced.
    without: 'actioninvoicenumber',
  },
  { path: '/Client', key: 'clients', sample: 'client_list', schema: 'Area_List', extra: 'client_to_invoice_name' },
  {
    path: '/Client/12',
    ...{ sample: 'client_detail', schema: 'Area', extra: 'main_phonenumber accountsemailaddress' },
  },
  { path: '/Site', key: 'sites', sample: 'site_list', schema: 'Site_List' },
  { path: '/Users', key: 'users', sample: 'users_list', schema: 'Users_List' },
  { path: '/Users/41', sample: 'user_detail', schema: 'Users' },
  { path: '/ClientContract', key: 'contracts', sample: 'clientcontract_list', schema: 'ContractHeader_List' },
  {
    path: '/ClientContract/31',
    ...{ sample: 'clientcontract_detail', schema: 'ContractHeader' },
    extra: 'rollingcontract previouscontract dontinvoice billing_period_string',
  },
  { path: `/Invoice?${PAGE}`, key: 'invoices', sample: 'invoice_list', schema: 'InvoiceHeader' },
  {
    path: `/RecurringInvoice?${PAGE}`,
    ...{ key: 'invoices', sample: 'recurringinvoice_list', schema: 'InvoiceHeader' },
    extra: 'minimum_price_active minimum_amount minimum_line_description client_to_invoice_to_id',
  },
  { path: '/RecurringInvoice/-94', sample: 'recurringinvoice_detail', schema: 'InvoiceHeader' },
  { path: `/Projects?${PAGE}`, key: 'tickets', sample: 'projects_list', schema: 'Faults_List', extra: CLOSED },
  {
    path: '/Projects/9801',
    ...{ sample: 'projects_detail', schema: 'Faults' },
    extra: `${DETAIL} ${LIVE} details_html sla_name timetaken contract_id customfields createdfrom_id emailcclist milestones`,
  },
  { path: `/Asset?${PAGE}`, key: 'assets', sample: 'asset_list', schema: 'Device_List', extra: 'username' },
  { path: '/Asset/501', sample: 'asset_detail', schema: 'Device', extra: 'username' },
  { path: '/AssetType', sample: 'assettype_list', schema: 'Xtype' },
  { path: '/Agent', sample: 'agent_list_bare_array', schema: 'Uname_List', extra: 'lastlogindate costprice' },
  {
    path: '/Agent?pageinate=true',
    ...{
      key: 'results',
      sample: 'agent_list_paged_results_envelope',
      schema: 'Uname_List',
      extra: 'lastlogindate costprice',
    },
  },
  {
    path: '/Agent?includedisabled=true',
    ...{ sample: 'agent_list_includedisabled', schema: 'Uname_List', extra: 'lastlogindate costprice' },
  },
  { path: '/Team', sample: 'team_list', schema: 'SectionDetail_List' },
  { path: '/Status', sample: 'status_list', schema: 'TStatus' },
  { path: '/TicketType', sample: 'tickettype_list', schema: 'RequestType_List' },
  { path: '/Priority', sample: 'priority_list', schema: 'Policy' },
  { path: '/SLA', sample: 'sla_list', schema: 'SlaHead' },
  { path: '/Currency', sample: 'currency_list', schema: 'Currency' },
  { path: '/Lookup?lookupid=28', sample: 'lookup_28_contract_billing_descriptions', schema: 'Lookup' },
  { path: `/Report?${PAGE}`, key: 'reports', sample: 'report_list', schema: 'AnalyzerProfile_List' },
  { path: '/Report/147?loadreport=true', sample: 'report_detail_loadreport', schema: 'AnalyzerProfile' },
  { path: '/Report/150?loadreport=true', sample: 'report_detail_sql_failed_http200', schema: 'AnalyzerProfile' },
  { path: `/Item?${PAGE}`, key: 'items', sample: 'item_list', schema: 'Item' },
  { path: '/Timesheet', sample: 'timesheet_list', schema: 'Timesheet' },
  {
    path: '/TimesheetEvent',
    ...{ sample: 'timesheetevent_list', schema: 'TimesheetEvent', extra: 'client_id contract_id' },
  },
];

/** Line keys beside the samples'. Source: schema InvoiceDetail; the last two: the 2026 swagger, REVENUE section 3. */
const LINE_EXTRA =
  'calculate_price_from_users calculate_price_from_assets is_meter meter_id meter_pricing_method milestone_id isdownpayment linked_item';

let halo: Connection;
beforeAll(async () => {
  halo = await connect();
});
afterAll(() => halo.sandbox.close());

const rowsOf = (body: unknown, key: string | undefined): Row[] => {
  if (Array.isArray(body)) return body;
  return key === undefined ? [body as Row] : ((body as Row)[key] as Row[]);
};
const keysOf = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
const words = (text: string | undefined): string[] => (text === undefined ? [] : text.split(' '));

describe('bodies have the shape of the samples', () => {
  it.each(CASES)('$path is like $sample', async ({ path, key, sample: name, extra, without }) => {
    const [ours, theirs] = [await halo.get(path), sample(name)];
    if (key !== undefined && path.includes('page')) {
      expect(Object.keys(ours)).toEqual(Object.keys(theirs as Row));
    }
    expect(Array.isArray(ours)).toBe(Array.isArray(theirs));
    const [sent, expected] = [keysOf(rowsOf(ours, key)), keysOf(rowsOf(theirs, key))];
    const allowed = new Set([...expected, ...words(extra)]);
    expect(sent.filter((one) => !allowed.has(one))).toEqual([]);
    expect(expected.filter((one) => !sent.includes(one))).toEqual(words(without));
  });

  it('an unpaged list has a count and its rows only', async () => {
    expect(Object.keys(await halo.get('/Client'))).toEqual(['record_count', 'clients']);
  });

  it('lines of documents and templates', async () => {
    const documents = sample('invoice_list_includelines') as { invoices: { lines?: Row[] }[] };
    const template = sample('recurringinvoice_detail') as { lines: Row[] };
    const known = new Set([
      ...keysOf([...documents.invoices.flatMap((one) => one.lines ?? []), ...template.lines]),
      ...words(LINE_EXTRA),
    ]);
    const lists = ['/Invoice?count=1000&includelines=true', '/RecurringInvoice?includelines=true'];
    for (const path of lists) {
      const rows = await halo.rows(path, 'invoices');
      expect(keysOf(rows.flatMap((row) => row.lines as Row[])).filter((one) => !known.has(one))).toEqual([]);
    }
  });

  it.each(['invoice_detail_generated_recurring', 'invoice_detail_adhoc', 'invoice_detail_credit_note'])(
    '%s',
    async (name) => {
      const theirs = sample(name) as Row;
      const list = await halo.rows('/Invoice?count=1000', 'invoices');
      const like = list.find(
        (one) => one.invoicetype === theirs.invoicetype && 'payments' in theirs === Number(one.amountpaid) > 0,
      );
      const ours = await halo.get(`/Invoice/${like?.id}`);
      expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    },
  );
});

describe('faults have the body and status of the samples', () => {
  const table = sample('errors_table') as Record<string, { body: string }>;

  it.each([
    ['401', '/Tickets', { authorization: 'Bearer nobody' }],
    ['404', '/Tickets/1', undefined],
    ['404', '/Contract', undefined],
  ])('%s %s', async (status, path, headers) => {
    const reply = headers ? await fetch(`${halo.sandbox.url}/api${path}`, { headers }) : await halo.raw(path);
    expect([String(reply.status), await reply.text()]).toEqual([status, table[status]?.body]);
  });

  it('a list without its scope answers with the body of a real 403', async () => {
    const narrow = await connect({}, 'read:tickets');
    const reply = await narrow.raw('/Invoice');
    expect([reply.status, await reply.text()]).toEqual([403, table['403']?.body]);
    await narrow.sandbox.close();
  });

  it('a request beyond the limit answers with the body of a real 429', async () => {
    const strict = await connect({ requestsPer5Minutes: 2 });
    await strict.get('/Team');
    await strict.get('/Team');
    const reply = await strict.raw('/Team');
    expect([reply.status, await reply.text()]).toEqual([429, table['429']?.body]);
    expect(reply.headers.get('content-type')).toBe('text/plain');
    expect(reply.headers.get('retry-after')).toBeNull();
    await strict.sandbox.close();
  });

  it('a page past the end', async () => {
    const theirs = sample('tickets_list_page_past_end') as Row;
    const ours = await halo.get('/Tickets?pageinate=true&page_no=16&page_size=50');
    expect(ours).toEqual(theirs);
  });

  it.each([
    ['/Client/probe', 400, 'error_400_model_binding'],
    ['/Timesheet/99999999', 200, 'timesheet_detail_unknown_id_http200'],
    ['/Actions', 200, 'actions_list_without_ticket_id'],
  ])('the answer of %s is the one of a real Halo, with its status', async (path, status, name) => {
    const reply = await halo.raw(path);
    expect([reply.status, await reply.json()]).toEqual([status, sample(name)]);
  });

  it('the token endpoint grants and refuses as a real one does', async () => {
    const client = { client_id: halo.sandbox.clientId, client_secret: halo.sandbox.clientSecret };
    const grant = { grant_type: 'client_credentials' };
    const wrong = await halo.ask({ ...grant, ...client, client_secret: 'no' });
    expect([wrong.status, await wrong.json()]).toEqual([401, sample('auth_token_401_invalid_client')]);
    const unknown = await halo.ask({ ...grant, ...client, scope: 'read:tickets read:clients' });
    expect([unknown.status, await unknown.json()]).toEqual([400, sample('auth_token_400_invalid_scope')]);
    const fine = await halo.ask({ ...grant, ...client, scope: 'read:tickets' });
    const body = (await fine.json()) as Row;
    expect(Object.keys(sample('auth_token_200') as Row)).toEqual(expect.arrayContaining(Object.keys(body)));
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read:tickets' });
  });

  it('discovery needs no token', async () => {
    for (const [path, name] of [
      ['AuthInfo', 'authinfo'],
      ['InstanceInfo', 'instanceinfo'],
    ] as const) {
      const reply = await fetch(`${halo.sandbox.url}/api/${path}`);
      const body = (await reply.json()) as Row;
      expect(Object.keys(body)).toEqual(Object.keys(sample(name) as Row));
      expect(body.auth_url).toBe(`${halo.sandbox.url}/auth`);
    }
  });
});
