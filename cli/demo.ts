import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, textOf } from '../kit/session.js';
import { withoutSeconds } from './draw.js';
import { identity } from './identity.js';
import { Failure, print, say, terminalWidth } from './print.js';
import { type SandboxFlags, sandboxArgs } from './sandbox.js';
import { table } from './table.js';

type Figures = Record<'mrr' | 'arr' | 'total_net', string> & {
  recurring: { net: string };
  non_recurring: { net: string };
  recurring_share_pct: string | null;
};
interface Revenue {
  method: { complete: boolean };
  statement: string;
  clients: { name: string; currencies: Record<string, Figures> }[];
  totals: Record<string, Figures>;
  flags: { severity: string; code: string; entity: string; message: string }[];
}
type Rows = { items: Record<string, unknown>[]; total: number | null };

/** `halo-mcp demo`: three questions to the sandbox through a real MCP session over stdio, as an assistant asks them. */
export async function demo(flags: SandboxFlags): Promise<void> {
  const args = await sandboxArgs({ ...flags, sandbox: true });
  // In a folder of its own, so that a config in the current one has no effect.
  const cwd = mkdtempSync(join(tmpdir(), 'halo-mcp-demo-'));
  const { call, list, close } = await connect({
    args: ['serve', '--sandbox', ...args],
    env: { HALO_MCP_LOG_LEVEL: 'error' },
    cwd,
    stderr: 'inherit',
  }).catch(() => {
    // The server itself has written the reason to stderr.
    throw new Failure('The server of the demo did not start.');
  });
  /** Shows an error in the server's own words, which have passed the redactor. */
  const ask = async <T>(tool: string, args: Record<string, unknown>): Promise<T> => {
    const answer = await call(tool, args);
    if (answer.isError) throw new Failure(textOf(answer));
    return answer.structuredContent as T;
  };
  try {
    const tools = await list();
    say(
      `Connected to ${identity.title} ${identity.version} over stdio: ${tools.length} tools, on the sandbox Halo (invented data).\n`,
    );
    showRevenue(await ask<Revenue>('revenue_breakdown', {}));
    if (flags.tenant === undefined)
      say('Two flags spoil a whole book: `halo-mcp demo --tenant drafts` and `--tenant lost-currency` show them.\n');
    showRows(
      'Open tickets past their fix-by date',
      await ask('list_tickets', { open_only: true, order_by: 'fix_by', page_size: 100 }),
      ['id', 'summary', 'client', 'priority', 'agent', 'fix_by'],
      (row) => row.sla_breached === true,
    );
    showRows('Contracts that end within 90 days', await ask('list_contracts', { ending_before: inDays(90) }), [
      'ref',
      'client',
      'end',
      'monthly_value',
      'status',
    ]);
    say(
      'Next: put your own Halo behind it. `halo-mcp init` shows the scopes to tick and makes the block for your client. `halo-mcp tools` lists all tools, `halo-mcp call` runs one.',
    );
  } finally {
    await close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

const right = [2, 3, 4, 5, 6, 7];

function showRevenue({ method, statement, clients, totals, flags }: Revenue): void {
  const line = (name: string, code: string, figures: Figures) => [
    short(name, 24),
    code,
    figures.mrr,
    figures.arr,
    figures.recurring.net,
    figures.non_recurring.net,
    figures.total_net,
    figures.recurring_share_pct ?? '-',
  ];
  print('What is recurring versus non-recurring revenue? (revenue_breakdown)\n');
  print(
    table(
      ['client', 'cur', 'MRR', 'ARR', 'recurring', 'non-rec.', 'billed', 'rec. %'],
      [
        ...clients.flatMap(({ name, currencies }) =>
          Object.entries(currencies).map(([code, figures]) => line(name, code, figures)),
        ),
        ...Object.entries(totals).map(([code, figures]) =>
          line(method.complete ? 'TOTAL' : 'READ SO FAR', code, figures),
        ),
      ],
      { right, width: terminalWidth() },
    ),
  );
  say(`\n${statement}\n`);
  const high = flags.filter(({ severity }) => severity === 'high');
  for (const code of new Set(high.map((flag) => flag.code))) {
    const some = high.filter((flag) => flag.code === code);
    say(`! ${some.map(({ entity }) => entity).join(', ')}: ${some[0]?.message}`);
  }
  print();
}

function showRows(
  question: string,
  { items }: Rows,
  columns: string[],
  keep: (row: Record<string, unknown>) => boolean = () => true,
): void {
  const all = items.filter(keep);
  const rows = all.slice(0, 8);
  print(`${question}${all.length > rows.length ? `: ${rows.length} of ${all.length}` : ''}\n`);
  print(
    rows.length === 0
      ? 'None.'
      : table(
          columns,
          rows.map((row) => columns.map((name) => short(withoutSeconds(String(row[name] ?? '')), 34))),
          { width: terminalWidth() },
        ),
  );
  print();
}

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
