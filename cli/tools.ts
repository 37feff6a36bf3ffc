import { didYouMean } from '../config/index.js';
import { guardProcess } from '../core/contain/guard.js';
import type { Effect } from '../core/define.js';
import { covers } from '../core/halo/scopes.js';
import type { ToolCard } from '../core/load/card.js';
import { type Catalog, type CatalogEntry, offEntries } from '../core/load/catalog.js';
import { scopesBefore } from '../core/load/manifest.js';
import { lineOf } from '../core/load/policy.js';
import { clean } from '../core/output/clean.js';
import { tokensOf } from '../core/output/fit.js';
import type { Settings } from '../core/settings.js';
import { bundled } from './packs.js';
import { complain, print, terminalWidth, UsageError, wrap } from './print.js';
import { prepare, type StartFlags, started } from './start.js';
import { table } from './table.js';

/** `halo-mcp tools`: what is on and off, and why, by the same verdicts that the server uses. */
export async function toolsCommand(
  flags: StartFlags & { why?: string; tokens?: boolean; json?: boolean },
): Promise<void> {
  const { settings, load, log, redactor } = await prepare(flags, { quiet: true, tell: complain });
  guardProcess(log, redactor);
  const { catalog, policy } = started(await load()).customer;
  const entries = [...catalog.entries, ...(await offEntries(catalog, bundled, policy))];
  if (flags.why !== undefined) return why(flags.why, entries, catalog);
  if (flags.json) return print(JSON.stringify(asJson(catalog, entries), null, 2));
  if (flags.tokens) return tokens(catalog);
  overview(catalog, entries, settings);
}

function why(name: string, entries: CatalogEntry[], catalog: Catalog): void {
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
        ? `${name} is on, from the pack "${pack}". It needs: ${needs(tool.scopes)}.${mayUse(tool, catalog)}`
        : `${name} is off: ${lineOf(verdict)}`,
    );
}

function asJson(catalog: Catalog, entries: CatalogEntry[]) {
  return {
    packs: packsOf(entries).map(({ effects, ...pack }) => ({ ...pack, effect: effects.at(-1) ?? 'read' })),
    tools: entries.map(({ tool, pack, verdict }) => ({
      name: tool.name,
      ...tool.shown,
      pack,
      effect: tool.effect,
      scopes: tool.scopes,
      optionalScopes: tool.optionalScopes,
      tokens: leanTokens(tool),
      verdict,
    })),
    scopes: catalog.scopes,
    skipped: catalog.skipped,
  };
}

/** What a tool does at worst, the mildest first, each with its word for people. */
const EFFECTS = { read: 'read', write: 'add', destroy: 'overwrite' } as const;

/** Each pack with what its tools need and cost: those that are on, or all if none is. */
function packsOf(entries: CatalogEntry[]) {
  return [...new Set(entries.map(({ pack }) => pack))].map((name) => {
    const own = entries.filter(({ pack }) => pack === name);
    const on = own.filter(({ verdict }) => verdict.on);
    const counted = (on.length > 0 ? on : own).map(({ tool }) => tool);
    return {
      ...{ name, on: on.length, tools: own.length },
      effects: (Object.keys(EFFECTS) as Effect[]).filter((effect) => counted.some((tool) => tool.effect === effect)),
      scopes: [...new Set(counted.flatMap(({ scopes }) => scopes))].sort(),
      tokens: counted.reduce((sum, tool) => sum + leanTokens(tool), 0),
    };
  });
}

function tokens(catalog: Catalog): void {
  const rows = catalog.on.map(({ tool }) => ({
    name: tool.name,
    lean: leanTokens(tool),
    output: tokenCount(tool.shown?.outputSchema ?? {}),
  }));
  const sum = (key: 'lean' | 'output') => rows.reduce((total, row) => total + row[key], 0);
  print(
    table(
      ['tool', 'tokens', 'output schema'],
      [
        ...rows.map((row) => [row.name, String(row.lean), String(row.output)]),
        ['all', String(sum('lean')), String(sum('output'))],
      ],
      { right: [1, 2], width: terminalWidth() },
    ),
  );
  print('Estimated. Output schemas are for clients that check answers; most do not show them to the model.');
}

/** Tokens of JSON. A third of the estimate for tables would be too much. */
export const tokenCount = (value: unknown) => Math.round(tokensOf(JSON.stringify(value)) / 1.5);

/** What a tool costs in the tool list as most clients show it to the model: without its output schema. */
function leanTokens({ shown }: ToolCard): number {
  const { outputSchema: _, ...lean } = shown ?? {};
  return tokenCount(lean);
}

function overview(catalog: Catalog, entries: CatalogEntry[], settings: Settings): void {
  const width = terminalWidth();
  print(
    table(
      ['tool', 'pack', 'on', 'needs'],
      entries.map(({ tool, pack, verdict }) => [
        tool.name,
        pack,
        verdict.on ? 'yes' : `no: ${verdict.why}`,
        needs(tool.scopes),
      ]),
      { width },
    ),
  );
  print(
    table(
      ['pack', 'on', 'effect', 'tokens', 'needs'],
      packsOf(entries).map(({ name, on, tools, effects, tokens, scopes }) => [
        name,
        on === 0 ? 'no' : on === tools ? 'yes' : `${on} of ${tools}`,
        effects.map((effect) => EFFECTS[effect]).join(', '),
        String(tokens),
        needs(scopes),
      ]),
      { right: [3], width },
    ),
  );
  for (const { use, reason } of catalog.skipped) {
    const wanted = scopesBefore(use, settings);
    const more = wanted.length > 0 ? `; by its package.json it needs ${wanted.join(', ')}` : '';
    print(clean(`skipped: ${use}: ${reason}${more}`));
  }
  const { length } = catalog.on;
  print(
    `${length} ${length === 1 ? 'tool' : 'tools'} on. Config: ${clean(settings.file ?? 'none, the defaults serve')}.`,
  );
  const scopes = catalog.boxes.join(', ') || 'read:tickets, or any one that reads: the token needs one to work';
  const toTick = `Scopes to tick on the API application in Halo: ${scopes}.`;
  print(width === undefined ? toTick : wrap(toTick, width));
}

/** The tool's optional scopes that are not in use, and how to use them. */
function mayUse({ optionalScopes }: CatalogEntry['tool'], { scopes }: Catalog): string {
  const idle = optionalScopes.filter((scope) => !covers(scopes, scope));
  return idle.length === 0 ? '' : ` With ${idle.join(', ')} in "scopes" of the config it can read more.`;
}

const needs = (scopes: readonly string[]) => (scopes.length > 0 ? scopes.join(', ') : 'no scope of its own');
