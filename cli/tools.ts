import { type Config, didYouMean, loadConfig } from '../config/index.js';
import { type CatalogEntry, offEntries } from '../core/catalog.js';
import { type Core, createCore } from '../core/core.js';
import { createLog } from '../core/log.js';
import { tokensOf } from '../core/output/fit.js';
import { Redactor } from '../core/output/redact.js';
import { lineOf } from '../core/policy.js';
import { self } from './identity.js';
import { bundled } from './packs.js';
import { print, UsageError } from './print.js';
import { table } from './table.js';

/** `halo-mcp tools`: what is on and off, and why. The verdicts are those that serving uses. */
export async function toolsCommand(flags: {
  config?: string;
  why?: string;
  tokens?: boolean;
  json?: boolean;
}): Promise<void> {
  const config = await loadConfig({ file: flags.config, env: process.env, cwd: process.cwd() });
  const redactor = new Redactor();
  const core = await createCore({ config, log: createLog('warn', redactor), redactor, bundled, self });
  for (const warning of core.warnings) process.stderr.write(`${warning}\n`);
  const entries = [...core.catalog.entries, ...(await offEntries(core.catalog, bundled, config))];
  if (flags.why !== undefined) return why(flags.why, entries, core);
  if (flags.json) return print(JSON.stringify(asJson(core, entries), null, 2));
  if (flags.tokens) return tokens(core);
  overview(core, entries, config);
}

function why(name: string, entries: CatalogEntry[], { catalog }: Core): void {
  const found = entries.filter(({ tool }) => tool.name === name);
  if (found.length === 0) {
    const near = didYouMean(
      name,
      entries.map(({ tool }) => tool.name),
    );
    const skipped = catalog.skipped.map(({ use }) => `"${use}"`).join(', ');
    const maybe = skipped === '' ? '' : ` It may be one of ${skipped}, which could not be loaded.`;
    throw new UsageError(`No pack has a tool named "${name}".${near}${maybe}`);
  }
  for (const { pack, verdict, tool } of found)
    print(
      verdict.on
        ? `${name} is on, from the pack "${pack}". It needs: ${needs(tool.scopes)}.`
        : `${name} is off: ${lineOf(verdict)}`,
    );
}

function asJson(core: Core, entries: CatalogEntry[]) {
  return {
    tools: entries.map(({ tool, pack, verdict }) => ({
      name: tool.name,
      ...tool.shown,
      pack,
      effect: tool.effect,
      scopes: tool.scopes,
      optionalScopes: tool.optionalScopes,
      verdict,
    })),
    scopes: core.catalog.scopes,
    skipped: core.catalog.skipped,
  };
}

function tokens(core: Core): void {
  const rows = core.tools().map(({ outputSchema, ...shown }) => ({
    name: shown.name,
    lean: tokenCount(shown),
    output: tokenCount(outputSchema),
  }));
  const sum = (key: 'lean' | 'output') => rows.reduce((total, row) => total + row[key], 0);
  print(
    table(
      ['tool', 'tokens', 'output schema'],
      [
        ...rows.map((row) => [row.name, String(row.lean), String(row.output)]),
        ['all', String(sum('lean')), String(sum('output'))],
      ],
      [1, 2],
    ),
  );
  print('Estimated. Output schemas are for clients that check answers; most do not show them to the model.');
}

/** Tokens of JSON; the estimate for tables counts a third too much here. */
export const tokenCount = (value: unknown) => Math.round(tokensOf(JSON.stringify(value)) / 1.5);

function overview(core: Core, entries: CatalogEntry[], config: Config): void {
  print(
    table(
      ['tool', 'pack', 'on', 'needs'],
      entries.map(({ tool, pack, verdict }) => [
        tool.name,
        pack,
        verdict.on ? 'yes' : `no: ${verdict.why}`,
        needs(tool.scopes),
      ]),
    ),
  );
  for (const { use, reason } of core.catalog.skipped) print(`skipped: ${use}: ${reason}`);
  const { length } = core.catalog.on;
  print(`${length} ${length === 1 ? 'tool' : 'tools'} on. Config: ${config.file ?? 'none, the defaults serve'}.`);
  print(
    `Scopes to tick on the API application in Halo: ${core.catalog.scopes.join(', ') || 'read:tickets, or any one that reads: the token needs one to work'}.`,
  );
}

const needs = (scopes: readonly string[]) => (scopes.length > 0 ? scopes.join(', ') : 'no scope of its own');
