import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.js';

/** A fixed day, so that the tests always read the same. */
export const NOW = '2026-10-15T12:00:00Z';

export const ALL_READ =
  'read:tickets read:customers read:contracts read:invoices read:projects read:assets read:reporting read:timesheets read:items';

export interface Row {
  [key: string]: unknown;
}

export interface Connection {
  sandbox: Sandbox;
  token: string;
  ask(form: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  /** The raw answer under /api. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  /** The parsed body; any status but 200 fails. */
  get(path: string): Promise<Row>;
  /** The rows under `key`, or a bare array. */
  rows(path: string, key?: string): Promise<Row[]>;
}

/** Starts a sandbox and holds a token with `scope`; an empty scope asks for none. */
export async function connect(options: SandboxOptions = {}, scope = ALL_READ): Promise<Connection> {
  const sandbox = await startSandbox({ now: NOW, ...options });
  const { url, clientId, clientSecret } = sandbox;
  const ask = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${url}/auth/token?tenant=any`, { method: 'POST', headers, body: new URLSearchParams(form) });
  const client = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await ask(scope === '' ? client : { ...client, scope });
  const token = String(((await answer.json()) as Row).access_token);
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${url}/api${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
  const get = async (path: string) => {
    const reply = await raw(path);
    if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}`);
    return (await reply.json()) as Row;
  };
  const rows = async (path: string, key?: string) =>
    (key === undefined ? await get(path) : (await get(path))[key]) as Row[];
  return { sandbox, token, ask, raw, get, rows };
}

/** Every row, page by page, as a client walks. */
export async function walk(connection: Connection, path: string, key: string, pageSize: number): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = 1; page < 100; page += 1) {
    const sign = path.includes('?') ? '&' : '?';
    const rows = await connection.rows(`${path}${sign}pageinate=true&page_no=${page}&page_size=${pageSize}`, key);
    if (rows.length === 0) return all;
    all.push(...rows);
  }
  throw new Error(`${path} never ends`);
}

export const ids = (rows: readonly Row[]): unknown[] => rows.map((row) => row.id);

/** A Halo date as milliseconds; Halo's dates are UTC without saying so. */
export const instant = (date: unknown): number => Date.parse(`${String(date).slice(0, 23)}Z`);

/** Money as whole pence. */
export const pence = (amount: unknown): number => Math.round(Number(amount) * 100);
