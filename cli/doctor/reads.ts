import { type HaloError, isHaloError } from '../../core/errors.js';
import { rowsOf } from '../../core/halo/pages.js';
import { covers, type Scope } from '../../core/halo/scopes.js';
import { asked, type Check, type Exam, limitOf, notLookedAt, patience, tokenless } from './exam.js';
import type { Finding } from './finding.js';

/** A scope, or none of its own. */
type Need = Scope | 'none';

/**
 * A list for each scope that costs Halo little: one row of it is asked for. Those that Halo does not page (time sheets,
 * appointments, articles) are no harmless read and are left out. What needs no scope of its own shows in /Agent.
 */
export const READS: Partial<Record<Need, { path: string; key: string }>> = {
  none: { path: '/Agent', key: 'results' },
  'read:tickets': { path: '/Tickets', key: 'tickets' },
  'read:customers': { path: '/Client', key: 'clients' },
  'read:contracts': { path: '/ClientContract', key: 'contracts' },
  'read:invoices': { path: '/Invoice', key: 'invoices' },
  'read:projects': { path: '/Projects', key: 'tickets' },
  'read:assets': { path: '/Asset', key: 'assets' },
  'read:reporting': { path: '/Report', key: 'reports' },
  'read:sales': { path: '/Opportunities', key: 'tickets' },
  'read:quotes': { path: '/Quotation', key: 'quotes' },
  'read:sos': { path: '/SalesOrder', key: 'salesorders' },
  'read:pos': { path: '/PurchaseOrder', key: 'purchaseorders' },
  'read:suppliers': { path: '/Supplier', key: 'suppliers' },
  'read:items': { path: '/Item', key: 'items' },
  'read:softwarelicensing': { path: '/SoftwareLicence', key: 'licences' },
};

/** Who may change a thing may read it. */
const listFor = (scope: Need) => READS[scope.replace('edit:', 'read:') as Need];

/** What came of one read; undefined where no harmless one is known. */
type Outcome = 'rows' | 'no rows' | 'no scope' | 'not asked' | HaloError | undefined;

interface Read {
  scope: Need;
  outcome: Outcome;
}

/** One harmless read for each thing that a pack needs: the second gate is the role of the agent. */
export const packs: Check = async (exam) => {
  const { catalog } = exam.core;
  if (exam.grant === undefined) return notLookedAt('packs', 'Packs', tokenless(exam));
  const known = new Map<Need, Read>();
  const findings: Finding[] = [];
  for (const name of new Set(catalog.on.map(({ pack }) => pack))) {
    const tools = catalog.on.filter(({ pack }) => pack === name).map(({ tool }) => tool.scopes);
    const needs = new Set(tools.flatMap((scopes): readonly Need[] => (scopes.length > 0 ? scopes : ['none'])));
    for (const scope of needs) if (!known.has(scope)) known.set(scope, { scope, outcome: await read(scope, exam) });
    const reads = [...needs].flatMap((scope) => known.get(scope) ?? []);
    const shut = faults(reads);
    const title = { id: `pack ${name}`, title: `Pack ${name}` };
    findings.push(...(shut.length > 0 ? shut : [state(reads, exam)]).map((found) => ({ ...title, ...found })));
  }
  return findings;
};

async function read(scope: Need, exam: Exam): Promise<Outcome> {
  const { grant, core } = exam;
  if (scope !== 'none' && !covers(grant?.asked ?? [], scope)) return 'no scope';
  const list = listFor(scope);
  if (list === undefined) return undefined;
  if (exam.limit !== undefined) return 'not asked';
  const query = scope === 'none' ? {} : { pageinate: true, page_no: 1, page_size: 1 };
  const rows = core.halo.get(list.path, query, patience(), 1).then((body) => rowsOf(body, list.key));
  const outcome = await asked(exam, rows);
  if (isHaloError(outcome)) return outcome.code === 'HALO_RATE_LIMITED' ? 'not asked' : outcome;
  return outcome.length > 0 ? 'rows' : 'no rows';
}

type Told = Omit<Finding, 'id' | 'title'>;

/** What keeps a pack from working: each gate that is shut, and each other error. */
function faults(reads: readonly Read[]): Told[] {
  const unticked = reads.flatMap(({ scope, outcome }) => (outcome === 'no scope' ? scope : []));
  const failed = reads.flatMap(({ scope, outcome }) => (isHaloError(outcome) ? [{ scope, error: outcome }] : []));
  const told = failed.map(({ scope, error }): Told => {
    if (error.code !== 'HALO_FORBIDDEN') return { mark: 'fail', detail: error.message, way_out: error.remedy };
    // Halo answers 403 at either gate, and the scope is known to be granted.
    const gate = scope === 'none' ? 'no scope is needed' : `${scope} is ticked`;
    const path = listFor(scope)?.path;
    return {
      mark: 'fail',
      detail: `${gate}, but the role of the agent refuses ${path} (HTTP 403).`,
      way_out: `Let the role of the agent that the API application logs in as see ${path}, or take the pack out of the config.`,
    };
  });
  if (unticked.length > 0)
    told.push({
      mark: 'fail',
      detail: `the API application lacks ${unticked.join(', ')} (the first of two gates; the other is the agent's role).`,
      way_out: `Tick ${unticked.join(', ')}, or narrow the pack in the config to the tools that do without.`,
    });
  return told;
}

/** How a pack stands that nothing keeps from working. */
function state(reads: readonly Read[], exam: Exam): Told {
  const of = (outcome: Outcome) => reads.filter((one) => one.outcome === outcome).map(({ scope }) => scope);
  const paths = (some: readonly Need[]) => some.map((scope) => listFor(scope)?.path).join(', ');
  if (of('not asked').length > 0) return { mark: 'none', detail: `not looked at, ${limitOf(exam)}` };
  const unknown = of(undefined);
  if (unknown.length > 0) return { mark: 'none', detail: `no harmless read is known for ${unknown.join(', ')}` };
  const empty = of('no rows');
  if (empty.length === 0) return { mark: 'ok', detail: `${paths(of('rows'))} can be read` };
  return {
    mark: 'warn',
    detail: `${paths(empty)} can be read and ${empty.length > 1 ? 'have' : 'has'} no row.`,
    way_out: "There is nothing yet, or the agent's role sees nothing of it: look which.",
  };
}
