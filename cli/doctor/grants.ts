import { isHaloError } from '../../core/errors.js';
import { covers, SCOPES, type Scope } from '../../core/halo/scopes.js';
import { asked, type Check, type Exam, fault, isUnreached, limitOf, notLookedAt, patience, tokenless } from './exam.js';
import type { Finding } from './finding.js';

/** Whether Halo grants a token, for all of the tools' scopes or for some. */
export const login: Check = async (exam) => {
  const [id, title] = ['login', 'Log-in'];
  const why = hindrance(exam);
  if (why !== undefined) return notLookedAt(id, title, why);
  const grant = await asked(exam, exam.customer.client.grant(patience()));
  if (isHaloError(grant)) {
    const found = fault(exam, grant, id, title);
    return found.mark === 'fail' ? { ...found, way_out: `${found.way_out}${otherServer(exam)}` } : found;
  }
  exam.grant = grant;
  const { length } = grant.asked;
  return { id, title, mark: 'ok', detail: `a token for ${length} ${length === 1 ? 'scope' : 'scopes'}` };
};

/** Why a token can't be requested, if so. */
function hindrance(exam: Exam): string | undefined {
  const { connection, about, limit } = exam;
  if (connection === undefined) return 'as the credentials are not complete';
  if (limit !== undefined) return limitOf(exam);
  const isSame = new URL(connection.apiUrl).origin === new URL(connection.tokenUrl).origin;
  return isUnreached(about?.answer) && isSame ? 'as the host does not answer' : undefined;
}

/** Halo may name a log-in server other than the one that was used. */
function otherServer({ authUrl, connection }: Exam): string {
  const mine = connection?.tokenUrl.replace(/\/token(\?.*)?$/, '');
  return authUrl === undefined || authUrl === mine
    ? ''
    : ` Halo names ${authUrl} as its log-in server: set HALO_AUTH_URL to it.`;
}

/** Whether each scope that the tools need is ticked on the API application: the first of two gates. */
export const scopes: Check = async (exam) => {
  const { grant } = exam;
  const { catalog } = exam.customer;
  if (grant === undefined) return notLookedAt('scopes', 'Scopes', tokenless(exam));
  return catalog.scopes.map((scope): Finding => {
    const packsWith = (use: 'scopes' | 'optionalScopes') => [
      ...new Set(
        catalog.on.filter(({ tool }) => tool[use].some((one) => covers([scope], one))).map(({ pack }) => pack),
      ),
    ];
    const packs = packsWith('scopes').join(', ');
    const finding = { id: `scope ${scope}`, title: `Scope ${scope}` };
    if (packs === '') return further(scope, packsWith('optionalScopes').join(', ') || 'no tool', finding, grant);
    if (!covers(grant.asked, scope))
      return {
        ...{ ...finding, mark: 'fail' },
        detail: `not ticked on the API application; ${packs} can't do without it.`,
        way_out: `Tick ${scope} on it (Configuration > Integrations > Halo API) and restart, or take those packs out of the config.`,
      };
    if (!covers(grant.granted, scope))
      return {
        ...{ ...finding, mark: 'warn' },
        detail: `asked for, and Halo's token does not name it; ${packs} may fail.`,
        way_out: 'Look whether it is ticked on the API application.',
      };
    return { ...finding, mark: 'ok', detail: `ticked; ${packs} need${packs.includes(',') ? '' : 's'} it` };
  });
};

/** Whether Halo grants a scope that only the operator's config names. */
function further(
  scope: Scope,
  packs: string,
  finding: Pick<Finding, 'id' | 'title'>,
  { asked, granted }: NonNullable<Exam['grant']>,
): Finding {
  if (covers(asked, scope) && covers(granted, scope))
    return { ...finding, mark: 'ok', detail: `ticked; "scopes" in the config names it, and ${packs} can use it` };
  return {
    ...{ ...finding, mark: 'warn' },
    detail: `"scopes" in the config names it, and it is not ticked on the API application; ${packs} can do without it.`,
    way_out: `Tick ${scope} on it (Configuration > Integrations > Halo API) and restart, or take it out of "scopes".`,
  };
}

/** Scopes granted to the API application beyond what the tools need. Each is requested by itself. */
export const surplus: Check = async (exam) => {
  const [id, title] = ['surplus', 'Least privilege'];
  if (exam.grant === undefined) return notLookedAt(id, title, tokenless(exam));
  const wanted = exam.customer.catalog.scopes;
  const twins = wanted.map((scope) => scope.replace('read:', 'edit:')).filter(isScope);
  const wide = (['all', 'admin', ...twins] satisfies Scope[]).filter((scope) => !wanted.includes(scope));
  const found: Scope[] = [];
  const open: Scope[] = [];
  for (const scope of wide) {
    // It includes all the others.
    if (found.includes('all')) break;
    const has = exam.limit ?? (await asked(exam, exam.customer.client.mayHave(scope, patience())));
    if (has === true) found.push(scope);
    else if (isHaloError(has)) open.push(scope);
  }
  const findings: Finding[] = [];
  if (found.length > 0)
    findings.push({
      ...{ id, title, mark: 'warn' },
      detail: `the API application also has ${found.join(', ')}, which no tool that is on needs.`,
      way_out: 'Untick it there: who gets hold of the secret could do what the scope allows.',
    });
  if (open.length > 0) {
    const why = exam.limit === undefined ? 'as Halo failed' : limitOf(exam);
    findings.push({ ...notLookedAt(id, title, why), detail: `${open.join(', ')} not asked for, ${why}` });
  }
  return findings.length > 0
    ? findings
    : { id, title, mark: 'ok', detail: 'neither all nor admin nor an edit: scope is ticked' };
};

const isScope = (scope: string): scope is Scope => (SCOPES as readonly string[]).includes(scope);
