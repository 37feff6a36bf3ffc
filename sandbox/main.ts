import { parseArgs } from 'node:util';
import { AREA_SCOPES } from './http/scopes.js';
import { startSandbox } from './index.js';
import { readOwn } from './own-file.js';
import type { TenantName } from './tenant/variants.js';

/**
 * The sandbox as a process. It prints one JSON line when ready, and exits when its stdin ends. The counts enlarge its
 * book.
 */
const { values } = parseArgs({
  options: {
    now: { type: 'string' },
    port: { type: 'string' },
    tenant: { type: 'string' },
    fault: { type: 'string', multiple: true },
    /** An author's own module: its default export has routes, rows and scopes. */
    with: { type: 'string' },
    /** Ticks the edit: scopes as well. */
    edit: { type: 'boolean' },
    invoices: { type: 'string' },
    'recurring-invoices': { type: 'string' },
    contracts: { type: 'string' },
  },
});
const now = values.now ?? process.env.HALO_SANDBOX_NOW;
const count = (text: string | undefined) => (text === undefined ? 0 : Number(text));

const own = values.with === undefined ? {} : await readOwn(values.with);
const sandbox = await startSandbox({
  // The API application as docs/application.md describes it.
  scopes: AREA_SCOPES.filter((scope) => values.edit === true || scope.startsWith('read:')),
  ...own,
  // No one trying it out should have to wait for the five-minute window.
  requestsPer5Minutes: 1_000_000,
  scale: {
    invoices: count(values.invoices),
    recurringInvoices: count(values['recurring-invoices']),
    contracts: count(values.contracts),
  },
  ...(now ? { now } : {}),
  ...(values.fault === undefined ? {} : { faults: values.fault }),
  ...(values.tenant === undefined ? {} : { tenant: values.tenant as TenantName }),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});

const stop = () => void sandbox.close().then(() => process.exit(0));
process.stdin.on('end', stop).on('close', stop).resume();
process.on('SIGTERM', stop).on('SIGINT', stop);

const { url, clientId, clientSecret } = sandbox;
process.stdout.write(`${JSON.stringify({ url, clientId, clientSecret })}\n`);
