import type { HarmlessRead, HarmlessReads } from '../../core/define.js';
import { type HaloError, isHaloError } from '../../core/errors.js';
import { rowsOf } from '../../core/halo/pages.js';
import { covers, type Scope } from '../../core/halo/scopes.js';
import type { ToolCard } from '../../core/load/card.js';
import { offEntries } from '../../core/load/catalog.js';
import { bundled } from '../packs.js';
import { asked, type Check, type Exam, fault, limitOf, notLookedAt, patience, tokenless } from './exam.js';
import type { Finding } from './finding.js';

/** A scope, or none of its own. */
type Need = Scope | 'none';

/** A list to request one row of: a harmless read. */
export type Look = HarmlessRead;

/**
 * Reads for scopes that no bundled pack pages through, but a third party's pack may use. Tools without a scope are
 * tried on /Agent. Lists that Halo does not page (time sheets, appointments, articles) are not harmless.
 */
export const FALLBACKS: Partial<Record<Need, Look>> = {
  none: { path: '/Agent', key: 'results' },
  'read:sales': { path: '/Opportunities', key: 'tickets' },
  'read:quotes': { path: '/Quotation', key: 'quotes' },
  'read:sos': { path: '/SalesOrder', key: 'salesorders' },
  'read:pos': { path: '/PurchaseOrder', key: 'purchaseorders' },
  'read:suppliers': { path: '/Supplier', key: 'suppliers' },
  'read:items': { path: '/Item', key: 'items' },
  'read:softwarelicensing': { path: '/SoftwareLicence', key: 'licences' },
};

type Looks = ReadonlyMap<Need, Look>;

/**
 * For each scope, the first list that a tool pages through with that scope alone, bundled packs first. Then the reads
 * that a pack's author named.
 */
export function looksOf(tools: readonly ToolCard[], named: readonly HarmlessReads[] = []): Looks {
  const looks = new Map<Need, Look>();
  for (const { scopes, source, shown } of tools) {
    const [scope, ...others] = scopes;
    if (scope === undefined || others.length > 0 || looks.has(scope)) continue;
    if (source?.kind !== 'list' || source.key === undefined || (source.paged ?? true) !== true) continue;
    if (asksFor(shown).length === 0) looks.set(scope, { path: source.path, key: source.key });
  }
  for (const reads of [...named, FALLBACKS])
    for (const [scope, look] of Object.entries(reads) as [Need, Look][]) if (!looks.has(scope)) looks.set(scope, look);
  return looks;
}

/** The required arguments of a tool. */
const asksFor = (shown: ToolCard['shown']): readonly string[] =>
  (shown?.inputSchema as { required?: string[] } | undefined)?.required ?? [];

/** All known tools, on or off, with those of the bundled packs first. */
async function allTools({
  settings,
  own: { exclude = settings.exclude },
  customer: { catalog },
}: Exam): Promise<ToolCard[]> {
  const on = catalog.packs.flatMap(({ bundled: ours, card }) => card.tools.map((tool) => ({ ours, tool })));
  const off = (await offEntries(catalog, bundled, { exclude })).map(({ tool }) => ({
    ours: true,
    tool,
  }));
  return [...on, ...off].sort((a, b) => Number(b.ours) - Number(a.ours)).map(({ tool }) => tool);
}

/** A scope to edit also allows reading. */
const lookFor = (scope: Need, looks: Looks) => looks.get(scope.replace('edit:', 'read:') as Need);

/** The outcome of one read; undefined if no harmless read is known. */
type Outcome = 'rows' | 'no rows' | 'no scope' | 'not asked' | HaloError | undefined;

interface Read {
  scope: Need;
  path: string | undefined;
  outcome: Outcome;
}

/** One harmless read for each thing that a pack needs: the second gate is the role of the agent. */
export const packs: Check = async (exam) => {
  const { catalog } = exam.customer;
  if (exam.grant === undefined) return notLookedAt('packs', 'Packs', tokenless(exam));
  const looks = looksOf(
    await allTools(exam),
    catalog.packs.flatMap(({ card }) => card.reads ?? []),
  );
  const known = new Map<Need, Read>();
  const findings: Finding[] = [];
  for (const name of new Set(catalog.on.map(({ pack }) => pack))) {
    const tools = catalog.on.filter(({ pack }) => pack === name).map(({ tool }) => tool.scopes);
    const needs = new Set(tools.flatMap((scopes): readonly Need[] => (scopes.length > 0 ? scopes : ['none'])));
    for (const scope of needs) {
      const look = lookFor(scope, looks);
      if (!known.has(scope)) known.set(scope, { scope, path: look?.path, outcome: await read(scope, look, exam) });
    }
    const reads = [...needs].flatMap((scope) => known.get(scope) ?? []);
    const [id, title] = [`pack ${name}`, `Pack ${name}`];
    const shut = faults(reads, exam, id, title);
    findings.push(...(shut.length > 0 ? shut : [{ id, title, ...state(reads, exam) }]));
  }
  return findings;
};

async function read(scope: Need, list: Look | undefined, exam: Exam): Promise<Outcome> {
  const { grant, customer } = exam;
  if (scope !== 'none' && !covers(grant?.asked ?? [], scope)) return 'no scope';
  if (list === undefined) return undefined;
  if (exam.limit !== undefined) return 'not asked';
  const query = scope === 'none' ? {} : { pageinate: true, page_no: 1, page_size: 1 };
  const rows = customer.client.get(list.path, query, patience(), 'trial').then((body) => rowsOf(body, list.key));
  const outcome = await asked(exam, rows);
  if (isHaloError(outcome)) return outcome.code === 'HALO_RATE_LIMITED' ? 'not asked' : outcome;
  return outcome.length > 0 ? 'rows' : 'no rows';
}

/** What stops a pack from working: each closed gate, and every other error. */
function faults(reads: readonly Read[], exam: Exam, id: string, title: string): Finding[] {
  const failed = reads.flatMap((one) => (isHaloError(one.outcome) ? [{ ...one, error: one.outcome }] : []));
  const others = failed.filter(({ error }) => error.code !== 'HALO_FORBIDDEN').map(({ error }) => error);
  const codes = new Set(others.map(({ code }) => code));
  const findings = [...codes].flatMap((code) => others.find((error) => error.code === code) ?? []);
  return [
    ...refused(failed.filter(({ error }) => error.code === 'HALO_FORBIDDEN')),
    ...unticked(reads.flatMap(({ scope, outcome }) => (outcome === 'no scope' ? scope : []))),
  ]
    .map((found): Finding => ({ id, title, mark: 'fail', ...found }))
    .concat(findings.map((error) => fault(exam, error, id, title)));
}

type Told = Pick<Finding, 'detail' | 'way_out'>;

/** The second gate. Halo answers 403 at both gates, but these scopes are known to be granted. */
function refused(reads: readonly Read[]): Told[] {
  if (reads.length === 0) return [];
  const paths = pathsOf(reads).join(', ');
  const scopes = reads.map(({ scope }) => scope).filter((scope) => scope !== 'none');
  const gate = `${scopes.join(', ')} ${scopes.length > 1 ? 'are' : 'is'} ticked`;
  return [
    {
      detail: `${scopes.length === 0 ? 'no scope is needed' : gate}, but the role of the agent refuses ${paths} (HTTP 403).`,
      way_out: `Let the role of the agent that the API application logs in as see ${paths}, or take the pack out of the config.`,
    },
  ];
}

/** The first gate. */
function unticked(needs: readonly Need[]): Told[] {
  if (needs.length === 0) return [];
  const scopes = needs.join(', ');
  return [
    {
      detail: `the API application lacks ${scopes} (the first of two gates; the other is the agent's role).`,
      way_out: `Tick ${scopes}, or narrow the pack in the config to the tools that do without.`,
    },
  ];
}

/** Each path once: the scopes to read and to edit are tried on the same. */
const pathsOf = (reads: readonly Read[]) => [...new Set(reads.map(({ path }) => path))];

/** The state of a pack that works. */
function state(reads: readonly Read[], exam: Exam): Omit<Finding, 'id' | 'title'> {
  const of = (outcome: Outcome) => reads.filter((one) => one.outcome === outcome);
  if (of('not asked').length > 0) return { mark: 'none', detail: `not looked at, ${limitOf(exam)}` };
  const unknown = of(undefined);
  if (unknown.length > 0)
    return { mark: 'none', detail: `no harmless read is known for ${unknown.map(({ scope }) => scope).join(', ')}` };
  const empty = pathsOf(of('no rows'));
  if (empty.length === 0) return { mark: 'ok', detail: `${pathsOf(of('rows')).join(', ')} can be read` };
  return {
    mark: 'warn',
    detail: `${empty.join(', ')} can be read and ${empty.length > 1 ? 'have' : 'has'} no row.`,
    way_out: "There is nothing yet, or the agent's role sees nothing of it: look which.",
  };
}
