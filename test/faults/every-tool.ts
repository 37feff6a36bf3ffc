import { onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { openInside } from '../inside.js';
import { haloEnv, type Json, namedConfig, openSession, type Session, type SessionOptions } from '../session.js';

/** Every pack, including those that are off by default, with unlimited requests. */
export const EVERY_PACK = {
  plugins: [
    ...['tickets', 'clients', 'finance', 'insights', 'receivables', 'agreements'],
    ...['projects', 'assets', 'people', 'reports'],
  ],
  halo: { requestsPer5Minutes: 100_000 },
};

/** A session with every pack on this Halo, inside this process. It ends with the test. */
export const against = (halo: Sandbox, options?: SessionOptions) => opened(openInside, halo, options);

/** The same in its own process. */
export const againstProcess = (halo: Sandbox, options?: SessionOptions) => opened(openSession, halo, options);

async function opened(
  open: typeof openSession,
  halo: Sandbox,
  { env, ...options }: SessionOptions = {},
): Promise<Session> {
  const session = await open({
    args: [],
    ...options,
    env: { ...haloEnv(halo), ...namedConfig(EVERY_PACK), ...env },
  });
  onTestFinished(() => session.close());
  return session;
}

/** A sandbox that ends with the test. */
export async function sandboxOf(...options: Parameters<typeof startSandbox>): Promise<Sandbox> {
  const halo = await startSandbox(...options);
  onTestFinished(() => halo.close());
  return halo;
}

/** Arguments that work on the sandbox; for a list, with all of its columns. */
const ARGUMENTS: Record<string, Json> = {
  list_actions: { ticket_id: 10311 },
  list_invoices: { kind: 'all' },
  get_ticket: { id: 10311 },
  get_client: { name: 'northwind traders ltd' },
  get_contract: { id: 31 },
  get_invoice: { id: 1393 },
  get_recurring_invoice: { id: 94 },
  get_project: { id: 9831 },
  get_asset: { id: 501 },
  statement_of_account: { client_id: 12 },
};

/** Each tool with arguments that show all that it has. */
export async function everyCall({ client }: Session): Promise<{ name: string; args: Json }[]> {
  const { tools } = await client.listTools();
  return tools.map(({ name, inputSchema }) => {
    const { columns } = (inputSchema.properties ?? {}) as { columns?: { items: { enum: string[] } } };
    return { name, args: { ...ARGUMENTS[name], ...(columns && { columns: columns.items.enum }) } };
  });
}
