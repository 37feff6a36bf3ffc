import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/index.js';

/** One record as Halo sends it. */
export type Row = Record<string, unknown>;

/** Changes an answer of the API for a test. `path` is below /api, in lower case. */
export type Change = (path: string, body: unknown, query: URLSearchParams) => unknown;

/** Changes a request before it is answered. */
export type Redirect = (path: string, query: URLSearchParams) => string;

let plain: Promise<(path: string) => Promise<Response>> | undefined;

/** One plain sandbox for all tests of a file, and its API with its own token. */
async function startPlain(): Promise<(path: string) => Promise<Response>> {
  const { url, clientId, clientSecret } = await startSandbox({ requestsPer5Minutes: 100_000 });
  const scope = 'read:invoices read:contracts read:customers read:tickets read:projects read:assets read:reporting';
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  const answer = await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return (path) => fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${token}` } });
}

/** A sandbox whose answers, taken from a plain one, a test changes before they leave. It ends with the test. */
export async function changedSandbox(
  change: Change,
  options: SandboxOptions = {},
  redirect: Redirect = (path) => path,
): Promise<Sandbox> {
  plain ??= startPlain();
  const ask = await plain;
  const intercept: NonNullable<SandboxOptions['intercept']> = async (request, answer) => {
    const own = await options.intercept?.(request, answer);
    if (own !== undefined || !request.path.startsWith('/api/')) return own;
    const path = redirect(request.path.slice(4), request.query);
    const reply = await ask(`${path}?${request.query}`);
    const text = await reply.text();
    const body = text === '' ? '' : JSON.stringify(change(path.toLowerCase(), JSON.parse(text), request.query));
    return { status: reply.status, headers: { 'content-type': 'application/json' }, body };
  };
  const sandbox = await startSandbox({ ...options, intercept });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Changes each row of a list, or the one record, under these paths (`/invoice`, `/invoice/12`); null leaves it out. */
export const eachRow =
  (paths: RegExp, change: (row: Row, path: string) => Row | null): Change =>
  (path, body) => {
    if (!paths.test(path)) return body;
    const rows = (some: unknown[]) => some.flatMap((row) => change(row as Row, path) ?? []);
    if (Array.isArray(body)) return rows(body);
    const entries = Object.entries(body as Row);
    const list = entries.find(([, value]) => Array.isArray(value));
    return 'record_count' in (body as Row) && list !== undefined
      ? { ...(body as Row), [list[0]]: rows(list[1] as unknown[]) }
      : change(body as Row, path);
  };

/** Changes each line of a row. */
export const eachLine = (row: Row, change: (line: Row, index: number) => Row): Row =>
  Array.isArray(row.lines) ? { ...row, lines: (row.lines as Row[]).map(change) } : row;
