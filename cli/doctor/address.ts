import { proxyVariables } from '../../config/index.js';
import { ERRORS, isHaloError } from '../../core/errors.js';
import { isOfSecretFile, unreadSecret } from '../../core/halo/connection.js';
import { isRow } from '../../core/halo/pages.js';
import { isLoopback } from '../../core/loopback.js';
import type { ProxyServer } from '../../core/settings.js';
import { asked, type Check, type Exam, fault, isUnreached, notLookedAt, patience } from './exam.js';
import type { Finding } from './finding.js';

/** What the config holds, and the warnings from reading it. */
export const config: Check = async ({ settings, own, customer: { catalog } }) => {
  const { file, named } = settings;
  // What the credentials lack is reported there.
  const lacks = [unreadSecret(own), ...(own.unfilled ?? [])];
  const warnings = [...settings.warnings, ...own.warnings].filter((one) => !lacks.includes(one));
  const where = file === undefined ? 'no file, the defaults serve' : `${file}${named ? '' : ', found in this folder'}`;
  const { length } = catalog.packs;
  const found: Finding = {
    ...{ id: 'config', title: 'Config', mark: 'ok' },
    detail: `${where}; ${length} ${length === 1 ? 'pack' : 'packs'} on`,
  };
  const told = (id: string, title: string, details: readonly string[]) =>
    details.map((detail): Finding => ({ id, title, mark: 'warn', detail }));
  return [
    found,
    ...told('address', 'Address', own.corrected ?? []),
    ...told('secret', 'Secret', warnings.filter(isOfSecretFile)),
    ...told(
      'settings',
      'Settings',
      warnings.filter((one) => !isOfSecretFile(one)),
    ),
  ];
};

/** Address, client id and secret are present. Later checks tell whether they are right. */
export const credentials: Check = async (exam) => {
  const title = 'Credentials';
  const connection = await asked(exam, exam.customer.client.connection());
  if (isHaloError(connection)) return fault(exam, connection, 'credentials', title);
  exam.connection = connection;
  return { id: 'credentials', title, mark: 'ok', detail: 'address, client ID and secret are set' };
};

/** Which way a request takes: a proxy of the environment, or none. */
export const way: Check = async (exam) => {
  const [id, title] = ['way', 'Host asked'];
  const { connection } = exam;
  if (connection === undefined) return notLookedAt(id, title, 'as the credentials are not complete');
  const to = (url: string, proxy: ProxyServer | undefined) => {
    if (proxy !== undefined) {
      const login = proxy.credentials === undefined ? '' : ', with a login';
      return `through the proxy ${proxy.url} (${proxy.variable}${login})`;
    }
    if (isLoopback(new URL(url).hostname)) return 'directly, on this machine';
    return proxyVariables(process.env).length > 0 ? 'directly, as NO_PROXY says' : 'directly, no proxy is set';
  };
  const { apiUrl, tokenUrl, proxies } = connection;
  const [api, token] = [to(apiUrl, proxies?.api), to(tokenUrl, proxies?.token)];
  const detail = api === token ? api : `to Halo ${api}; to its log-in server ${token}`;
  return { id, title, mark: 'ok', detail };
};

/** The host resolves and answers, with a certificate that is trusted. */
export const host: Check = async (exam) => {
  const [id, title] = ['host', 'Host'];
  if (exam.connection === undefined) return notLookedAt(id, title, 'as the credentials are not complete');
  const from = Date.now();
  const answer = await asked(exam, exam.customer.client.about('/InstanceInfo', patience()));
  exam.about = { answer, from, to: Date.now() };
  if (isHaloError(answer) && isUnreached(answer)) return fault(exam, answer, id, title);
  const { host: name, protocol } = new URL(exam.connection.apiUrl);
  const secure = protocol === 'https:' ? ', and its certificate is trusted' : '';
  return { id, title, mark: 'ok', detail: `${name} is found and answers${secure}` };
};

/** Whether it is a Halo, and which version: /InstanceInfo needs no login. Older versions have only /AuthInfo. */
export const halo: Check = async (exam) => {
  const [id, title] = ['halo', 'Halo'];
  const answer = exam.about?.answer;
  if (answer === undefined || isUnreached(answer)) return notLookedAt(id, title, 'as the host does not answer');
  if (isHaloError(answer)) {
    const found = fault(exam, answer, id, title);
    return found.way_out === ERRORS.HALO_NOT_JSON ? { ...found, way_out: bareAddress(exam) } : found;
  }
  const info = isRow(answer.body) ? answer.body : {};
  exam.authUrl = addressOf(info.auth_url);
  const version = [info.app_name, info.app_version].map(wordsOf).filter(Boolean).join(' ');
  if (version !== '') return { id, title, mark: 'ok', detail: version };
  const older = await asked(exam, exam.customer.client.about('/AuthInfo', patience()));
  if (!isHaloError(older) && isRow(older.body)) exam.authUrl ??= addressOf(older.body.auth_url);
  if (exam.authUrl !== undefined || answer.status === 401 || answer.status === 403)
    return {
      ...{ id, title, mark: 'warn' },
      detail: `it does not tell its version without a login (HTTP ${answer.status}).`,
      way_out: 'Perhaps an older build; everything else is still checked.',
    };
  return {
    ...{ id, title, mark: 'fail' },
    detail: `there is no Halo API at ${exam.connection?.apiUrl} (HTTP ${answer.status}).`,
    way_out: bareAddress(exam),
  };
};

function bareAddress({ connection }: Exam): string {
  const { origin } = new URL(connection?.apiUrl ?? '');
  return (
    `Set HALO_INSTANCE_URL to the address alone, such as ${origin}; where API Details in Halo names a Resource Server ` +
    'of another kind, set HALO_API_URL to it.'
  );
}

/** This machine's clock against Halo's, read from the Date header. */
export const clock: Check = async ({ about }) => {
  const [id, title] = ['clock', 'Clock'];
  const date = about === undefined || isHaloError(about.answer) ? Number.NaN : about.answer.date;
  if (about === undefined || Number.isNaN(date)) return notLookedAt(id, title, 'as no answer told the time');
  const ahead = Math.round(((about.from + about.to) / 2 - date) / 1000);
  const off = Math.abs(ahead);
  if (off <= MOST_SKEW_S) return { id, title, mark: 'ok', detail: `within ${off + 1} s of Halo's` };
  return {
    ...{ id, title, mark: 'warn' },
    detail: `${off < 7200 ? `${Math.round(off / 60)} min` : `${Math.round(off / 3600)} h`} ${ahead > 0 ? 'ahead of' : 'behind'} Halo's`,
    way_out: 'Set the clock of this machine: today, this month and what is overdue are reckoned by it.',
  };
};

const MOST_SKEW_S = 60;

/** A name or a version from Halo, if it looks like one. */
const wordsOf = (value: unknown) => (typeof value === 'string' && /^[\w. -]{1,40}$/.test(value) ? value : '');

function addressOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, origin, pathname } = new URL(value);
  return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/+$/, '')}` : undefined;
}
