import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../core/halo/client.js';
import { didYouMean } from '../core/nearest.js';
import type { TenantName } from '../sandbox/tenant/variants.js';
import { entries } from './identity.js';
import { Failure, print, UsageError } from './print.js';

/** The flags of the embedded sandbox Halo. */
export interface SandboxFlags {
  sandbox?: boolean | undefined;
  tenant?: string | undefined;
  fault?: string[] | undefined;
  /** A module with an author's own endpoints, rows and scopes. */
  with?: string | undefined;
}

/**
 * The checked arguments of the sandbox's process, spelled like those of the command.
 * @throws UsageError for a name that the sandbox does not know, or if `--sandbox` is missing
 */
export async function sandboxArgs({ sandbox = false, tenant, fault = [], with: own }: SandboxFlags): Promise<string[]> {
  const args = [
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...fault.flatMap((text) => ['--fault', text]),
    ...(own === undefined ? [] : ['--with', resolve(own)]),
  ];
  if (args.length > 0 && !sandbox) throw new UsageError(`${args[0]} is for the sandbox alone: add --sandbox.`);
  if (tenant !== undefined) {
    const { TENANTS } = await import('../sandbox/tenant/variants.js');
    refuseUnknown('tenant', tenant, Object.keys(TENANTS));
  }
  // Its faults are reported here: the sandbox's process has no one to report to.
  if (own !== undefined) await usable(own);
  if (fault.length > 0) {
    const { FAULTS, readFault } = await import('../sandbox/faults.js');
    for (const text of fault) {
      refuseUnknown('fault', text.split(/[:@]/)[0] ?? '', Object.keys(FAULTS));
      orUsageError(() => readFault(text));
    }
  }
  return args;
}

/** Checks what an author's file adds. @throws UsageError with what is wrong with it */
async function usable(file: string) {
  const [{ readOwn }, { endpoints }, { withOwn }] = await Promise.all([
    import('../sandbox/own-file.js'),
    import('../sandbox/endpoints/index.js'),
    import('../sandbox/endpoints/own.js'),
  ]);
  try {
    const own = await readOwn(file);
    withOwn(endpoints({}), own);
    return own;
  } catch (error) {
    throw new UsageError(`--with: ${(error as Error).message}`);
  }
}

function refuseUnknown(what: string, name: string, names: string[]): void {
  if (!names.includes(name))
    throw new UsageError(
      `The sandbox has no ${what} "${name}".${didYouMean(name, names)} There are: ${names.join(', ')}.`,
    );
}

function orUsageError(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * Starts the embedded sandbox Halo in its own process on loopback and returns its address and credentials. It ends with
 * this process, because its stdin is our pipe.
 */
export function startSandboxProcess(args: string[]): { connect: () => Promise<Connection>; stop: () => void } {
  const child = spawn(process.execPath, [fileURLToPath(entries.sandbox), ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.unref();
  const ready = new Promise<Connection>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Failure('The sandbox ended before it was ready.')));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const { url, clientId, clientSecret } = JSON.parse(line) as {
        url: string;
        clientId: string;
        clientSecret: string;
      };
      resolve({ apiUrl: `${url}/api`, tokenUrl: `${url}/auth/token`, clientId, clientSecret });
    });
  });
  ready.catch(() => undefined);
  return { connect: () => ready, stop: () => child.kill() };
}

/**
 * `halo-mcp sandbox`: runs an embedded Halo until Ctrl-C, and prints the address and credentials to set up a client
 * with.
 */
export async function sandboxCommand({ port, ...flags }: SandboxFlags & { port?: string }): Promise<void> {
  await sandboxArgs({ ...flags, sandbox: true });
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new UsageError('--port is a number, such as 8080.');
  const [{ startSandbox }, { AREA_SCOPES }] = await Promise.all([
    import('../sandbox/index.js'),
    import('../sandbox/http/scopes.js'),
  ]);
  const { url, clientId, clientSecret } = await startSandbox({
    // The API application as docs/application.md describes it.
    scopes: AREA_SCOPES.filter((scope) => scope.startsWith('read:')),
    faults: flags.fault ?? [],
    ...(flags.with !== undefined && (await usable(flags.with))),
    ...(flags.tenant !== undefined && { tenant: flags.tenant as TenantName }),
    ...(port !== undefined && { port: Number(port) }),
  });
  print(`A Halo with invented data, until Ctrl-C.\n`);
  print(`HALO_INSTANCE_URL=${url}\nHALO_CLIENT_ID=${clientId}\nHALO_CLIENT_SECRET=${clientSecret}`);
}
