import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { askRevenue, type RevenueReport } from '../../../cli/doctor/revenue.js';
import { prepare } from '../../../cli/start.js';
import { type Sandbox, startSandbox } from '../../../sandbox/index.js';
import { command } from '../../docs/command.js';
import { haloEnv } from '../../session.js';
import { type Change, changedSandbox, eachLine, eachRow, type Row } from './changed.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The report of a Halo, made in this process. */
async function ask(sandbox: Sandbox): Promise<RevenueReport> {
  for (const [name, value] of Object.entries(haloEnv(sandbox))) vi.stubEnv(name, value);
  vi.stubEnv('HALO_MCP_LOG_LEVEL', 'silent');
  const [answer] = await askRevenue(await prepare({}));
  if (answer === undefined || 'error' in answer) throw new Error(answer?.error);
  return answer;
}

async function plainSandbox(...options: Parameters<typeof startSandbox>): Promise<Sandbox> {
  const sandbox = await startSandbox(...options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const find = ({ findings }: RevenueReport, id: string) => {
  const found = findings.find((finding) => finding.id === id);
  if (found === undefined) throw new Error(`there is no finding ${id}`);
  return found;
};

describe('on the sandbox', () => {
  test('every question of the rules has its line', async () => {
    const { findings } = await ask(await plainSandbox());
    expect(findings.map(({ id, mark }) => [id, mark])).toEqual([
      ['lists_bring_lines', 'ok'],
      ['date_window', 'ok'],
      ['templates_marked', 'ok'],
      ['posting', 'ok'],
      ['invoice_date', 'ok'],
      ['line_net', 'ok'],
      ['header_net', 'ok'],
      ['bundles', 'none'],
      ['credit_switch', 'ok'],
      ['credit_mark', 'ok'],
      ['credit_sign', 'ok'],
      ['credit_applied', 'none'],
      ['generated_link', 'ok'],
      ['key_of_none', 'ok'],
      ['labour_on_run', 'warn'],
      ['period_codes', 'warn'],
      ['period_codes_0_6', 'ok'],
      ['line_periods', 'warn'],
      ['contract_codes', 'ok'],
      ['minimum_charge', 'ok'],
      ['original_client', 'ok'],
      ['conversion_rate', 'warn'],
      ['prepay_sign', 'ok'],
      ['uninvoiced_mark', 'ok'],
      ['cost_currency', 'warn'],
      ['due_of_unpaid', 'ok'],
      ['excluderenewed', 'ok'],
    ]);
  });

  test('a warning says what is done about it, and nothing else does', async () => {
    const { findings } = await ask(await plainSandbox());
    for (const { id, mark, way_out } of findings) expect([id, way_out !== undefined]).toEqual([id, mark === 'warn']);
  });

  test('in text each line has its sign, within 80 columns', async () => {
    const { code, stdout } = await command(['doctor', '--revenue', '--sandbox']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ Credit lines are negative: in \d+ of \d+ lines of \d+ credit notes$/m);
    expect(stdout).toMatch(/^! Period codes of recurring invoices are known: in use: 0 \(1\), 1 \(1\), 2 \(\d+\)/m);
    expect(stdout).toMatch(/^ {2}→ Code 12 \(1\) is not known: left out of the run rate/m);
    expect(stdout).toMatch(/^– A bundle.s components do not repeat its amount: no invoice has a line with$/m);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour where no terminal is
    expect(stdout).not.toMatch(/\u001B/);
  });

  test('--json has the same as data', async () => {
    const { code, stdout } = await command(['doctor', '--revenue', '--sandbox', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as RevenueReport;
    expect(find(report, 'credit_sign')).toMatchObject({ mark: 'ok', counts: { positive: 0 } });
    expect(report.read).toMatchObject({ recurring_invoices: expect.any(Number) });
  });
});

describe('nothing but counts and codes leaves', () => {
  const NAMES = /name|^ref|reference|number$|^item_|description|note|email|symbol|_code$|_string$/;

  /** Every text in a row that a person wrote or that names a record. */
  function textsOf(value: unknown, texts: Set<string>): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value))
      if (typeof inner === 'string' && inner.length > 2 && NAMES.test(key)) texts.add(inner);
      else textsOf(inner, texts);
  }

  test('no name and no reference of the tenant is in the report', async () => {
    const texts = new Set<string>();
    const sandbox = await changedSandbox((_path, body) => {
      textsOf(body, texts);
      return body;
    });
    const { stdout } = await command(['doctor', '--revenue'], haloEnv(sandbox));
    const json = await command(['doctor', '--revenue', '--json'], haloEnv(sandbox));
    expect(texts).toContain('Northwind Traders Ltd');
    expect(texts).toContain('Managed service NW');
    expect(texts.size).toBeGreaterThan(200);
    expect([...texts].filter((text) => `${stdout}${json.stdout}`.includes(text))).toEqual([]);
  });

  test('no amount and no id is: all of them made huge, every number in the report stays small, and equal', async () => {
    const FACTOR = 1_000_000;
    const CODES = /period|type|^qty|rate$|page|record_count|sequence|^(use|tax_code)$/;
    const huge = (value: unknown, key = ''): unknown => {
      if (Array.isArray(value)) return value.map((one) => huge(one, key));
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, huge(one, name)]));
      const isScaled = typeof value === 'number' && Math.abs(value) > 1 && !CODES.test(key);
      return isScaled ? Math.round(value * FACTOR) : value;
    };
    const smallPath = (path: string) => path.replace(/-?\d+$/, (id) => String(Number(id) / FACTOR));
    const sandbox = await changedSandbox((_path, body) => huge(body), {}, smallPath);
    const report = await ask(sandbox);
    const plain = await ask(await plainSandbox());
    // But for halves of a penny, which are pounds now.
    const comparable = ({ findings }: RevenueReport) => findings.filter(({ id }) => id !== 'line_net');
    expect(comparable(report)).toEqual(comparable(plain));
    const numbers = JSON.stringify(report).match(/\d[\d.,]*/g) ?? [];
    expect(Math.max(...numbers.map(Number.parseFloat))).toBeLessThan(1000);
  });
});

describe('requests', () => {
  test('are at most thirty, where every list comes without lines and a scope is missing', async () => {
    const sandbox = await changedSandbox(
      eachRow(/^\/(invoice|recurringinvoice)$/, ({ lines: _, ...row }) => row),
      {
        scopes: ['read:invoices', 'read:customers'],
      },
    );
    const report = await ask(sandbox);
    expect(find(report, 'lists_bring_lines').mark).toBe('warn');
    expect(sandbox.requests.length).toBeLessThanOrEqual(30);
  });

  test('are at most thirty, where Halo fails again and again', async () => {
    const sandbox = await plainSandbox({
      intercept: ({ path }) => (/\/(Invoice|Client|Currency)/.test(path) ? { status: 503 } : undefined),
    });
    await expect(ask(sandbox)).rejects.toThrow(/^HALO_(UNAVAILABLE|RATE_LIMITED): /);
    expect(sandbox.requests.length).toBeLessThanOrEqual(30);
  });

  test('a role that may not see contracts leaves their question open', async () => {
    const sandbox = await plainSandbox({
      intercept: ({ path }) => (path.startsWith('/api/ClientContract') ? { status: 403 } : undefined),
    });
    const report = await ask(sandbox);
    expect(find(report, 'contract_codes')).toMatchObject({ mark: 'none', detail: 'contracts can not be read here' });
    expect(find(report, 'credit_sign').mark).toBe('ok');
  });

  test('where invoices can not be read, the exit code is 1 and the one line says why', async () => {
    const sandbox = await plainSandbox({ scopes: ['read:contracts'] });
    const { code, stdout, stderr } = await command(['doctor', '--revenue'], haloEnv(sandbox));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/HALO_SCOPE_MISSING: The API application in Halo does not grant read:invoices/);
  });

  test('an empty tenant has no rows to report, which is not a failure', async () => {
    const none: Change = (path, body, query) =>
      path === '/currency' ? [] : { ...(eachRow(/./, () => null)(path, body, query) as Row), record_count: 0 };
    const { findings } = await ask(await changedSandbox(none));
    expect(findings.filter(({ mark }) => mark !== 'none')).toEqual([]);
  });
});

const invoices = /^\/invoice(\/|$)/;
const templates = /^\/recurringinvoice(\/|$)/;
const isCredit = ({ invoicetype }: Row) => invoicetype === 1;
const isGenerated = ({ recurring_invoice_id: id }: Row) => Number(id) < -1;
const negated = (row: Row, ...fields: string[]) => ({
  ...row,
  ...Object.fromEntries(fields.map((field) => [field, -Number(row[field])])),
});
const positiveCredits = eachRow(invoices, (row) =>
  isCredit(row)
    ? eachLine(negated(row, 'revenue', 'total', 'tax_total'), (line) => negated(line, 'net_amount', 'qty_order'))
    : row,
);

describe('a tenant that answers otherwise', () => {
  test.each<[what: string, id: string, change: Change, detail: RegExp, wayOut: RegExp]>([
    [
      'credit lines with the other sign',
      'credit_sign',
      positiveCredits,
      /^in 0 of \d+ lines of 5 credit notes$/,
      /flag credit_sign_normalised/,
    ],
    [
      'a credit note that neither names its invoice nor is negative',
      'credit_mark',
      positiveCredits,
      /^of 5 credit notes 4 linked, 0 negative alone, 1 neither; told from invoices by invoicetype 1 \(5\)/,
      /count as invoices: revenue comes out too high/,
    ],
    [
      'lists without lines',
      'lists_bring_lines',
      eachRow(/^\/(invoice|recurringinvoice)$/, ({ lines: _, ...row }) => row),
      /^with 0 of \d+ invoices and 0 of \d+ recurring invoices$/,
      /one more request per row/,
    ],
    [
      'lists with empty lines',
      'lists_bring_lines',
      eachRow(/^\/invoice$/, (row) => ({ ...row, lines: [] })),
      /empty on \d+ that are worth money$/,
      /flag invoice_header_only/,
    ],
    [
      'an unknown period code',
      'period_codes',
      eachRow(templates, (row) => (row.period === 2 ? { ...row, period: 17 } : row)),
      /12 \(1\), 17 \(\d\d\)/,
      /^Code 12 \(1\), 17 \(\d\d\) is not known: .*flag unknown_period/,
    ],
    [
      'a code that Halo has other words for',
      'period_codes',
      eachRow(templates, (row) => (row.period === 3 ? { ...row, nextcreationperiod: 'Monthly' } : row)),
      /agree on (?!0 )\d+ of \d+$/,
      /the code counts, not the words/,
    ],
    [
      'a code 0 that is not one-time',
      'period_codes_0_6',
      eachRow(templates, (row) => (row.period === 0 ? { ...row, nextcreationperiod: 'Yearly' } : row)),
      /say so on 1 of 2$/,
      /flag ri_one_time_period/,
    ],
    [
      'contracts whose words are not those of their code',
      'contract_codes',
      eachRow(/^\/clientcontract\//, (row) => ({ ...row, billing_period_string: 'Quarterly' })),
      /agree on 1 of 4 contracts read for this$/,
      /the words count/,
    ],
    [
      'a line with a period of its own',
      'line_periods',
      eachRow(templates, (row) => (row.id === -97 ? eachLine(row, (line) => ({ ...line, billingperiod: 4 })) : row)),
      /^\d+ of \d+ lines; the others: 3 under 2 \(1\), 4 under 3 \(1\)$/,
      /flag line_period_differs/,
    ],
    [
      'generated invoices marked as templates',
      'templates_marked',
      eachRow(invoices, (row) => ({ ...row, is_recurring_invoice: isGenerated(row) })),
      /is_recurring_invoice on [1-9]\d* of/,
      /taken for templates and left out: revenue comes out too low/,
    ],
    [
      'recurring invoices with ids above 0',
      'templates_marked',
      eachRow(templates, (row) => negated(row, 'id')),
      /^0 of \d+ recurring invoices negative/,
      /left out of the run rate/,
    ],
    [
      'a window that Halo ignores',
      'date_window',
      eachRow(/^\/invoice$/, (row) => ({ ...row, invoice_date: '2015-03-01T00:00:00' })),
      /^0 of \d+ rows inside/,
      /Each row is checked/,
    ],
    [
      'dates that are not at midnight',
      'invoice_date',
      eachRow(invoices, (row) => ({ ...row, invoice_date: String(row.invoice_date).replace('T00', 'T23') })),
      /^on 0 of \d+ invoices; others: 23h \(\d+\)$/,
      /one day too early/,
    ],
    [
      'dates with a zone',
      'invoice_date',
      eachRow(invoices, (row) => ({ ...row, invoice_date: `${row.invoice_date}Z` })),
      /others: with a zone/,
      /The written day counts/,
    ],
    [
      'posted only by its date',
      'posting',
      eachRow(invoices, (row) => ({ ...row, posted: false })),
      /0 by the flag alone, [1-9]\d* by the date alone/,
      /Either of the two/,
    ],
    [
      'a tenant that never posts',
      'posting',
      eachRow(invoices, (row) => ({ ...row, posted: false, dateposted: '1900-01-01T00:00:00' })),
      / 0 posted, /,
      /flag no_posted_invoices/,
    ],
    [
      'net_amount left out',
      'line_net',
      eachRow(invoices, (row) => eachLine(row, ({ net_amount: _, ...line }) => line)),
      /^there on \d+ of \d+ lines, another sum on 0$/,
      /price x quantity less discount/,
    ],
    [
      'net_amount with tax',
      'line_net',
      eachRow(invoices, (row) => eachLine(row, (line) => ({ ...line, net_amount: Number(line.net_amount) * 1.2 }))),
      /another sum on [1-9]/,
      /flag line_amount_mismatch/,
    ],
    [
      'revenue with tax',
      'header_net',
      eachRow(invoices, (row) => ({ ...row, revenue: row.total })),
      /to revenue on 0, to total less tax on [1-9]/,
      /The lines count/,
    ],
    [
      'bundles whose components repeat the amount',
      'bundles',
      eachRow(invoices, (row) =>
        Array.isArray(row.lines) && row.lines.length === 1
          ? { ...row, lines: [...(row.lines as Row[]), { ...(row.lines[0] as Row), id: 1, is_bundled_line: true }] }
          : row,
      ),
      /sum of all lines on 0, of the others alone on [1-9]/,
      /comes out too high/,
    ],
    [
      'a minimum that is billed',
      'minimum_charge',
      eachRow(templates, (row) => ({ ...row, last_invoiced_revenue: row.minimum_amount })),
      /0 came to the lines, 1 to the minimum$/,
      /flag minimum_charge_applies/,
    ],
    [
      'a positive link on generated invoices',
      'generated_link',
      eachRow(invoices, (row) => (isGenerated(row) ? negated(row, 'recurring_invoice_id') : row)),
      /^on 0 of \d+ invoices/,
      /taken as its negative/,
    ],
    [
      'lines without link fields',
      'generated_link',
      eachRow(invoices, (row) =>
        eachLine(row, ({ recurring_invoice_id: _a, recurring_invoice_line_id: _b, ...line }) => line),
      ),
      /their lines have link fields on 0$/,
      /rule C9/,
    ],
    [
      'a link above 0 on a line made by hand',
      'key_of_none',
      eachRow(invoices, (row) =>
        isGenerated(row) ? row : eachLine(row, (line) => ({ ...line, recurring_invoice_id: 7 })),
      ),
      /above 0 \(\d+\)/,
      /rule C6/,
    ],
    [
      'labour that names a line of the template',
      'labour_on_run',
      eachRow(invoices, (row) =>
        eachLine(row, (line) =>
          isGenerated(row) && line.ticket_id !== 0 ? { ...line, recurring_invoice_line_id: 8002 } : line,
        ),
      ),
      /on \d lines with a ticket/,
      /\(2\) count as recurring \(rules C3, C4\)/,
    ],
    [
      'an original client that nothing explains',
      'original_client',
      eachRow(/^\/client$/, (row) => ({ ...row, client_to_invoice: 0, client_to_invoice_recurring: 0 })),
      /read 0 are set to be invoiced/,
      /attribute_to billed_client/,
    ],
    [
      'a line that applies something other than a credit note',
      'credit_applied',
      eachRow(invoices, (row) => (isCredit(row) ? row : eachLine(row, (line) => ({ ...line, credit_id: 1001 })))),
      /could be read for \d+, and is a credit note for 0$/,
      /flag credit_note_missing/,
    ],
  ])('%s', async (_what, id, change, detail, wayOut) => {
    const sandbox = await changedSandbox(change);
    const finding = find(await ask(sandbox), id);
    expect(finding).toMatchObject({ mark: 'warn', detail: expect.stringMatching(detail) });
    expect(finding.way_out).toMatch(wayOut);
    expect(sandbox.requests.length).toBeLessThanOrEqual(30);
  });

  test('a tenant on which includeinvoices=false has no effect is warned of', async () => {
    const sandbox = await changedSandbox(
      (_path, body) => body,
      {},
      (path, query) => {
        query.delete('includeinvoices');
        return path;
      },
    );
    const report = await ask(sandbox);
    expect(find(report, 'credit_switch')).toMatchObject({
      mark: 'warn',
      detail: expect.stringMatching(/^includeinvoices=false changes nothing/),
    });
    expect(find(report, 'credit_mark')).toMatchObject({ mark: 'ok', counts: { unmarked: 0 } });
  });

  test('a line that applies a credit note is answered as assumed', async () => {
    let credit = 0;
    const sandbox = await changedSandbox((path, body, query) => {
      if (path === '/invoice' && query.get('includeinvoices') === 'false')
        credit = ((body as { invoices: { id: number }[] }).invoices[0] as { id: number }).id;
      return body;
    });
    await ask(sandbox);
    expect(credit).toBeGreaterThan(0);
    const applying = eachRow(/^\/invoice$/, (row) =>
      isCredit(row) ? row : eachLine(row, (line) => ({ ...line, credit_id: credit })),
    );
    expect(find(await ask(await changedSandbox(applying)), 'credit_applied').mark).toBe('ok');
  });

  test('a single currency has no rate to report', async () => {
    const sandbox = await changedSandbox(eachRow(/^\/currency$/, (row) => (row.code === 'GBP' ? row : null)));
    expect(find(await ask(sandbox), 'conversion_rate').mark).toBe('none');
  });
});
