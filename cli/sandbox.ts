import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../config/nearest.js';
import type { Connection } from '../core/halo/client.js';
import { entries } from './identity.js';
import { UsageError } from './print.js';

/** What can be asked of the embedded sandbox Halo. */
export interface SandboxFlags {
  sandbox?: boolean | undefined;
  tenant?: string | undefined;
  fault?: string[] | undefined;
}

/**
 * The arguments of the sandbox's process, checked; they read the same as those of the command.
 * @throws UsageError for a name that the sandbox does not know, and without `--sandbox`
 */
export async function sandboxArgs({ sandbox = false, tenant, fault = [] }: SandboxFlags): Promise<string[]> {
  const args = [...(tenant === undefined ? [] : ['--tenant', tenant]), ...fault.flatMap((text) => ['--fault', text])];
  if (args.length > 0 && !sandbox) throw new UsageError(`${args[0]} is for the sandbox alone: add --sandbox.`);
  if (tenant !== undefined) {
    const { TENANTS } = await import('../sandbox/tenant/variants.js');
    refuseUnknown('tenant', tenant, Object.keys(TENANTS));
  }
  if (fault.length > 0) {
    const { FAULTS, readFault } = await import('../sandbox/faults.js');
    for (const text of fault) {
      refuseUnknown('fault', text.split(/[:@]/)[0] ?? '', Object.keys(FAULTS));
      orUsageError(() => readFault(text));
    }
  }
  return args;
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
 * Starts the embedded sandbox Halo as a process of its own on loopback and gives its address and credentials. It ends
 * with this process: its stdin is our pipe.
 */
export function startSandboxProcess(args: string[]): { connect: () => Promise<Connection>; stop: () => void } {
  const child = spawn(process.execPath, [fileURLToPath(entries.sandbox), ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.unref();
  const ready = new Promise<Connection>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The sandbox ended before it was ready.')));
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
