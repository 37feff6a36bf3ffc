import { type HaloError, isHaloError } from '../../core/errors.js';
import { rowsOf } from '../../core/halo/pages.js';
import { covers, type Scope } from '../../core/halo/scopes.js';
import { asked, type Check, type Exam, fault, limitOf, notLookedAt, patience, tokenless } from './exam.js';
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
  const { catalog } = exam.customer;
  if (exam.grant === undefined) return notLookedAt('packs', 'Packs', tokenless(exam));
  const known = new Map<Need, Read>();
  const findings: Finding[] = [];
  for (const name of new Set(catalog.on.map(({ pack }) => pack))) {
    const tools = catalog.on.filter(({ pack }) => pack === name).map(({ tool }) => tool.scopes);
    const needs = new Set(tools.flatMap((scopes): readonly Need[] => (scopes.length > 0 ? scopes : ['none'])));
    for (const scope of needs) if (!known.has(scope)) known.set(scope, { scope, outcome: await read(scope, exam) });
    const reads = [...needs].flatMap((scope) => known.get(scope) ?? []);
    const [id, title] = [`pack ${name}`, `Pack ${name}`];
    const shut = faults(reads, exam, id, title);
    findings.push(...(shut.length > 0 ? shut : [{ id, title, ...state(reads, exam) }]));
  }
  return findings;
};

async function read(scope: Need, exam: Exam): Promise<Outcome> {
  const { grant, customer } = exam;
  if (scope !== 'none' && !covers(grant?.asked ?? [], scope)) return 'no scope';
  const list = listFor(scope);
  if (list === undefined) return undefined;
  if (exam.limit !== undefined) return 'not asked';
  const query = scope === 'none' ? {} : { pageinate: true, page_no: 1, page_size: 1 };
  const rows = customer.client.get(list.path, query, patience(), { most: 1 }).then((body) => rowsOf(body, list.key));
  const outcome = await asked(exam, rows);
  if (isHaloError(outcome)) return outcome.code === 'HALO_RATE_LIMITED' ? 'not asked' : outcome;
  return outcome.length > 0 ? 'rows' : 'no rows';
}

/** What keeps a pack from working: each gate that is shut, and each other error. */
function faults(reads: readonly Read[], exam: Exam, id: string, title: string): Finding[] {
  const failed = reads.flatMap(({ scope, outcome }) => (isHaloError(outcome) ? [{ scope, error: outcome }] : []));
  const others = failed.filter(({ error }) => error.code !== 'HALO_FORBIDDEN').map(({ error }) => error);
  const codes = new Set(others.map(({ code }) => code));
  const findings = [...codes].flatMap((code) => others.find((error) => error.code === code) ?? []);
  return [
    ...refused(failed.filter(({ error }) => error.code === 'HALO_FORBIDDEN').map(({ scope }) => scope)),
    ...unticked(reads.flatMap(({ scope, outcome }) => (outcome === 'no scope' ? scope : []))),
  ]
    .map((found): Finding => ({ id, title, mark: 'fail', ...found }))
    .concat(findings.map((error) => fault(exam, error, id, title)));
}

type Told = Pick<Finding, 'detail' | 'way_out'>;

/** The second gate. Halo answers 403 at either, and these scopes are known to be granted. */
function refused(needs: readonly Need[]): Told[] {
  if (needs.length === 0) return [];
  const paths = pathsOf(needs);
  const scopes = needs.filter((scope) => scope !== 'none');
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

const pathsOf = (needs: readonly Need[]) => needs.map((scope) => listFor(scope)?.path).join(', ');

/** How a pack stands that nothing keeps from working. */
function state(reads: readonly Read[], exam: Exam): Omit<Finding, 'id' | 'title'> {
  const of = (outcome: Outcome) => reads.filter((one) => one.outcome === outcome).map(({ scope }) => scope);
  if (of('not asked').length > 0) return { mark: 'none', detail: `not looked at, ${limitOf(exam)}` };
  const unknown = of(undefined);
  if (unknown.length > 0) return { mark: 'none', detail: `no harmless read is known for ${unknown.join(', ')}` };
  const empty = of('no rows');
  if (empty.length === 0) return { mark: 'ok', detail: `${pathsOf(of('rows'))} can be read` };
  return {
    mark: 'warn',
    detail: `${pathsOf(empty)} can be read and ${empty.length > 1 ? 'have' : 'has'} no row.`,
    way_out: "There is nothing yet, or the agent's role sees nothing of it: look which.",
  };
}
