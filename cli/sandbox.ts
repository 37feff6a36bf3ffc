import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../core/halo/client.js';
import { entries } from './identity.js';

/**
 * Starts the embedded sandbox Halo as a process of its own on loopback and gives its address and credentials. It ends
 * with this process: its stdin is our pipe.
 */
export function startSandboxProcess(): { connect: () => Promise<Connection>; stop: () => void } {
  const child = spawn(process.execPath, [fileURLToPath(entries.sandbox)], { stdio: ['pipe', 'pipe', 'ignore'] });
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
